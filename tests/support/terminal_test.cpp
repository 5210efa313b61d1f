// SPDX-License-Identifier: MIT
#include "heaplab/support/terminal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string>

namespace heaplab {
namespace {

// Sets an environment variable for one test and puts back what was there.
class Environment {
 public:
  Environment(std::string name, const char* value) : name_(std::move(name)) {
    if (const char* old = std::getenv(name_.c_str())) old_ = old;
    set(value);
  }
  ~Environment() { set(old_ ? old_->c_str() : nullptr); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  void set(const char* value) const {
    if (value == nullptr) {
      unsetenv(name_.c_str());
    } else {
      setenv(name_.c_str(), value, 1);
    }
  }

  std::string name_;
  std::optional<std::string> old_;
};

class Terminal : public ::testing::Test {
 protected:
  Environment no_colour_{"NO_COLOR", nullptr};
  Environment force_{"FORCE_COLOR", nullptr};
  Environment columns_{"COLUMNS", nullptr};
  Environment term_{"TERM", "xterm"};
};

// Any descriptor that is not a terminal.
class Pipe {
 public:
  Pipe() { EXPECT_EQ(pipe2(ends_, O_CLOEXEC), 0); }
  ~Pipe() {
    close(ends_[0]);
    close(ends_[1]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int fd() const { return ends_[1]; }

 private:
  int ends_[2] = {-1, -1};
};

// A pseudo-terminal: what a program sees when a person runs it.
class PseudoTerminal {
 public:
  PseudoTerminal() : master_(posix_openpt(O_RDWR | O_NOCTTY)) {
    grantpt(master_);
    unlockpt(master_);
    slave_ = open(ptsname(master_), O_RDWR | O_NOCTTY);
  }
  ~PseudoTerminal() {
    close(slave_);
    close(master_);
  }
  PseudoTerminal(const PseudoTerminal&) = delete;
  PseudoTerminal& operator=(const PseudoTerminal&) = delete;
  int fd() const { return slave_; }

 private:
  int master_;
  int slave_ = -1;
};

TEST_F(Terminal, APipeIsNotOne) {
  const Pipe pipe;
  EXPECT_FALSE(is_terminal(pipe.fd()));
  EXPECT_FALSE(wants_colour(pipe.fd()));
}

TEST_F(Terminal, ColourIsForTerminalsUnlessTheUserSaysNo) {
  const PseudoTerminal terminal;
  if (terminal.fd() < 0) GTEST_SKIP() << "this machine has no pseudo-terminals";
  EXPECT_TRUE(is_terminal(terminal.fd()));
  EXPECT_TRUE(wants_colour(terminal.fd()));
  const Environment no_colour("NO_COLOR", "1");
  EXPECT_FALSE(wants_colour(terminal.fd()));
}

TEST_F(Terminal, ADumbTerminalGetsNoColour) {
  const PseudoTerminal terminal;
  const Environment dumb("TERM", "dumb");
  EXPECT_FALSE(wants_colour(terminal.fd()));
}

TEST_F(Terminal, ColourCanBeForced) {
  const Pipe pipe;
  const Environment force("FORCE_COLOR", "1");
  EXPECT_TRUE(wants_colour(pipe.fd()));
  const Environment no_colour("NO_COLOR", "1");
  EXPECT_FALSE(wants_colour(pipe.fd())) << "no means no";
}

TEST_F(Terminal, WidthComesFromTheEnvironmentOrTheCaller) {
  const Pipe pipe;
  EXPECT_EQ(terminal_width(pipe.fd(), 90), 90U);
  const Environment columns("COLUMNS", "132");
  EXPECT_EQ(terminal_width(pipe.fd(), 90), 132U);
  const Environment tiny("COLUMNS", "3");
  EXPECT_EQ(terminal_width(pipe.fd(), 90), 20U) << "callers subtract margins";
  const Environment nonsense("COLUMNS", "wide");
  EXPECT_EQ(terminal_width(pipe.fd(), 90), 90U);
}

TEST_F(Terminal, APainterPaintsOrLeavesAlone) {
  EXPECT_EQ(Painter(true).bold("leak"), "\x1b[1mleak\x1b[0m");
  EXPECT_EQ(Painter(true).colour(Colour::red, "leak"), "\x1b[31mleak\x1b[0m");
  EXPECT_EQ(Painter(true).colour(Colour::none, "leak"), "leak");
  EXPECT_EQ(Painter(false).bold("leak"), "leak");
}

}  // namespace
}  // namespace heaplab
