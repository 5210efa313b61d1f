// SPDX-License-Identifier: MIT
#include "heaplab/support/pipe_input.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <mutex>
#include <span>
#include <vector>

#include "heaplab/support/error.h"

namespace heaplab {
namespace {

/// Enough for the first block of any compressed file.
constexpr std::size_t start_bytes = 256 << 10;

struct Known {
  std::FILE* pipe = nullptr;  ///< looked at, and not yet read
  std::string ahead;          ///< what was read of it
  std::string copy;           ///< the name of a file with all of it, if there is one
};

std::mutex lock;
/// Few, and for as long as the program runs.
std::map<std::string, Known>& known_inputs() {
  static std::map<std::string, Known> inputs;
  return inputs;
}

[[noreturn]] void fail(const std::string& path, const char* what) {
  throw InputError(path, fmt::format("{}: {}", what, std::strerror(errno)));
}

std::string name_of(int file) { return fmt::format("/proc/self/fd/{}", file); }

/// Standard input from a file that is still at its start can be opened like any other.
bool standard_input_is_file() {
  struct stat about {};
  return ::fstat(STDIN_FILENO, &about) == 0 && S_ISREG(about.st_mode) &&
         ::lseek(STDIN_FILENO, 0, SEEK_CUR) == 0 &&
         ::access(name_of(STDIN_FILENO).c_str(), R_OK) == 0;
}

bool can_read_again_locked(const std::string& path) {
  std::error_code error;
  const auto found = known_inputs().find(path);
  if (found != known_inputs().end()) return !found->second.copy.empty();
  if (path != "-") return std::filesystem::is_regular_file(path, error);
  if (!standard_input_is_file()) return false;
  known_inputs()[path].copy = name_of(STDIN_FILENO);
  return true;
}

Known& opened(const std::string& path) {
  Known& input = known_inputs()[path];
  if (input.pipe != nullptr) return input;
  input.pipe = path == "-" ? stdin : std::fopen(path.c_str(), "rbe");
  if (input.pipe != nullptr) return input;
  known_inputs().erase(path);
  fail(path, "cannot open");
}

std::size_t read_some(const std::string& path, std::FILE* file, std::span<char> out) {
  const std::size_t count = std::fread(out.data(), 1, out.size(), file);
  if (count < out.size() && std::ferror(file) != 0) fail(path, "cannot read");
  return count;
}

}  // namespace

bool can_read_again(const std::string& path) {
  const std::lock_guard hold(lock);
  return can_read_again_locked(path);
}

void keep_input(const std::string& path) {
  const std::lock_guard hold(lock);
  if (can_read_again_locked(path)) return;
  Known& input = opened(path);
  // Stays open: it is the file.
  std::FILE* copy = std::tmpfile();
  constexpr const char* no_room =
      "has to be read several times and cannot be copied to a temporary file";
  if (copy == nullptr) fail(path, no_room);
  std::vector<char> buffer(input.ahead.begin(), input.ahead.end());
  std::size_t count = buffer.size();
  buffer.resize(start_bytes);
  while (count > 0 || (count = read_some(path, input.pipe, buffer)) > 0) {
    if (std::fwrite(buffer.data(), 1, count, copy) != count) fail(path, no_room);
    count = 0;
  }
  if (std::fflush(copy) != 0) fail(path, no_room);
  if (input.pipe != stdin) std::fclose(input.pipe);
  input = {nullptr, {}, name_of(::fileno(copy))};
}

InputStart::InputStart(const std::string& path) : path_(path) {
  const std::lock_guard hold(lock);
  if (can_read_again_locked(path)) return;
  Known& input = opened(path);
  std::string& start = input.ahead;
  const std::size_t had = start.size();
  start.resize(start_bytes);
  start.resize(had + read_some(path, input.pipe, std::span(start).subspan(had)));
  copy_ = ::memfd_create("start", MFD_CLOEXEC);
  if (copy_ < 0 ||
      ::write(copy_, start.data(), start.size()) != static_cast<ssize_t>(start.size())) {
    fail(path, "its start cannot be looked at");
  }
  path_ = name_of(copy_);
}

InputStart::~InputStart() {
  if (copy_ >= 0) ::close(copy_);
}

std::optional<PipeInput> open_pipe_input(const std::string& path) {
  const std::lock_guard hold(lock);
  const auto found = known_inputs().find(path);
  if (found == known_inputs().end()) return std::nullopt;
  if (found->second.copy.empty()) {
    PipeInput input{found->second.pipe, std::move(found->second.ahead)};
    known_inputs().erase(found);
    return input;
  }
  std::FILE* file = std::fopen(found->second.copy.c_str(), "rbe");
  if (file == nullptr) fail(path, "cannot open");
  return PipeInput{file, {}};
}

}  // namespace heaplab
