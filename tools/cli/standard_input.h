// SPDX-License-Identifier: MIT
#pragma once

#include <cstdio>
#include <memory>
#include <string>

namespace heaplab::cli {

/// Standard input for who may have to read it several times, as a recording is.
class StandardInput {
 public:
  /// "-" if its first byte says that one reading is enough (JSON, a Java heap dump); else the name
  /// of a file with all of it, which is there as long as this object: standard input itself if it
  /// is a file, a temporary one if it is a pipe. Throws UsageError if that cannot be written.
  std::string path();

 private:
  std::string spool();
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Closer> copy_;
};

}  // namespace heaplab::cli
