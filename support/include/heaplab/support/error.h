// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

namespace heaplab {

/// What a `heaplab` command's exit status means to a script that called it.
/// (Running out of heap has a status of its own, defined where the heap limit is.)
enum class ExitStatus : int {
  done = 0,       ///< The command did what it was asked.
  found = 1,      ///< It did, and found what it was told to fail on (`--fail-on-leak`).
  bad_input = 2,  ///< A file or an argument was not what it had to be; one line says where.
};

constexpr int exit_code(ExitStatus status) { return static_cast<int>(status); }

/// A file from outside is not what it should be. Thrown by the reader that noticed, caught once, in
/// `main`, which prints `what()` as one line and exits with ExitStatus::bad_input.
///
/// `what()` is safe to print whatever the file contains: control characters are made visible.
class InputError : public std::runtime_error {
 public:
  /// The whole file is at fault: it is missing, empty, not readable.
  InputError(std::string file, std::string message);
  /// The byte at `offset` is at fault, or the record that starts there.
  InputError(std::string file, std::uint64_t offset, std::string message);

  const std::string& file() const { return file_; }
  const std::string& message() const { return message_; }
  std::optional<std::uint64_t> offset() const { return offset_; }

 private:
  std::string file_;
  std::string message_;
  std::optional<std::uint64_t> offset_;
};

}  // namespace heaplab
