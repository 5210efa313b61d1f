// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>

namespace heaplab {

// What a pipe has given once, it does not give again. Here its start can be looked at, and the
// whole of it kept, so that it can be read like a file. Paths are those that InputFile takes:
// afterwards InputFile (and what is made of it) reads from the pipe's start, under the same name.

/// Whether the input can be opened and read several times: a file (standard input may be one), or
/// a pipe that has been kept.
bool can_read_again(const std::string& path);

/// Copies the rest of a pipe to a temporary file without a name, which is there until the program
/// ends, unless it can be read again anyway. Throws InputError if there is no room for it.
void keep_input(const std::string& path);

/// The first bytes of an input as a file of their own, so that what tells formats apart can look
/// at them: of a pipe a copy, and the bytes stay to be read; else just the file.
class InputStart {
 public:
  explicit InputStart(const std::string& path);
  ~InputStart();
  InputStart(const InputStart&) = delete;
  InputStart& operator=(const InputStart&) = delete;
  /// To be opened while this object is there. It may end early.
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  int copy_ = -1;
};

/// What InputFile has to read instead of opening the path.
struct PipeInput {
  std::FILE* file = nullptr;
  std::string ahead;  ///< already read: comes first
};
/// Once, if somebody looked at the pipe; as often as wanted, if it was kept. Throws InputError.
std::optional<PipeInput> open_pipe_input(const std::string& path);

}  // namespace heaplab
