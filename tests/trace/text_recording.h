// SPDX-License-Identifier: MIT
#pragma once

#include <unistd.h>

#include <fstream>
#include <string>
#include <vector>

#include "heaplab/support/error.h"
#include "heaplab/trace/open.h"

// What tests of readers of other tools' text files share.

namespace heaplab::trace {

/// A file with the given bytes, gone at the end.
class TextFile {
 public:
  explicit TextFile(const std::string& contents) {
    std::ofstream(path_, std::ios::binary) << contents;
  }
  ~TextFile() { ::unlink(path_.c_str()); }
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  static int number() {
    static int count = 0;
    return ++count;
  }
  std::string path_ =
      "text-recording-" + std::to_string(::getpid()) + "-" + std::to_string(number());
};

/// Writes down what happened: "a1:16@main<-start" (object, bytes, stack), "f1", "d1", "t5" (ms),
/// "m4096".
class Journal : public RecordingVisitor {
 public:
  explicit Journal(const RecordingSource& source) : source_(source) {}
  void on_allocation(const Allocation& a) override {
    line("a" + std::to_string(a.id) + ":" + std::to_string(a.bytes) + stack(a.stack));
  }
  void on_free(ObjectId object) override { line("f" + std::to_string(object)); }
  void on_death(ObjectId object) override { line("d" + std::to_string(object)); }
  void on_time(std::uint64_t ns) override { line("t" + std::to_string(ns / 1'000'000)); }
  void on_memory(const MemorySample& m) override { line("m" + std::to_string(m.rss)); }

  const std::string& text() const { return text_; }

 private:
  void line(const std::string& what) { text_ += (text_.empty() ? "" : " ") + what; }
  std::string stack(StackId id) const {
    const Tables& tables = source_.tables();
    std::string result;
    for (; id != 0; id = tables.stacks[id].parent) {
      const Frame& frame = tables.frames[tables.stacks[id].frame];
      result += (result.empty() ? "@" : "<-") + tables.text(frame.function);
      if (frame.line != 0) result += ":" + std::to_string(frame.line);
    }
    return result;
  }
  const RecordingSource& source_;
  std::string text_;
};

struct ReadText {
  std::string journal;
  std::string error;
  Extent extent;
  std::map<std::string, std::string> info;
  std::string format;
};

inline ReadText read_text(const std::string& contents) {
  const TextFile file(contents);
  ReadText result;
  try {
    const auto source = open_recording(file.path());
    Journal journal(*source);
    result.extent = source->read(journal);
    result.journal = journal.text();
    result.info = source->info();
    result.format = source->format();
  } catch (const InputError& error) {
    result.error = error.what();
  }
  return result;
}

}  // namespace heaplab::trace
