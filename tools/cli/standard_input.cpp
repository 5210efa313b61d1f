// SPDX-License-Identifier: MIT
#include "standard_input.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "verbs.h"

namespace heaplab::cli {
namespace {

/// The first byte that a pipe will give, which stays to be read; '\0' if it cannot be told.
char first_byte_of_pipe() {
  int ends[2];
  if (::pipe(ends) != 0) return 0;
  char byte = 0;
  const bool told = ::tee(STDIN_FILENO, ends[1], 1, 0) == 1 && ::read(ends[0], &byte, 1) == 1;
  ::close(ends[0]);
  ::close(ends[1]);
  return told ? byte : '\0';
}

}  // namespace

std::string StandardInput::path() {
  struct stat about {};
  if (::fstat(STDIN_FILENO, &about) == 0 && S_ISREG(about.st_mode)) return "/dev/stdin";
  constexpr std::string_view starts_of_snapshots = "{ \t\r\nJ";
  const char first = first_byte_of_pipe();
  const bool once = first != 0 && starts_of_snapshots.find(first) != std::string_view::npos;
  return once ? "-" : spool();
}

std::string StandardInput::spool() {
  const auto failed = [] {
    return UsageError(fmt::format(
        "standard input has to be read several times and cannot be copied to a temporary file: {}",
        std::strerror(errno)));
  };
  copy_.reset(std::tmpfile());
  if (!copy_) throw failed();
  std::vector<char> buffer(std::size_t{1} << 18);
  while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), stdin)) {
    if (std::fwrite(buffer.data(), 1, count, copy_.get()) != count) throw failed();
  }
  if (std::fflush(copy_.get()) != 0) throw failed();
  return fmt::format("/dev/fd/{}", ::fileno(copy_.get()));
}

}  // namespace heaplab::cli
