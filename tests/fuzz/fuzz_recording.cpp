// SPDX-License-Identifier: MIT
// Recordings from strangers: whatever the bytes, the reader and the leak check answer with a result
// or an InputError.
//
// The first byte chooses how the rest is used: as a whole file, or as the records of a block inside
// a sound file, for no mutation finds its way past the checksums by itself.
#include <sys/mman.h>
#include <unistd.h>
#include <xxhash.h>

#include <cstdint>
#include <string>

#include "heaplab/leakcheck/analyse.h"
#include "heaplab/leakcheck/print.h"
#include "heaplab/trace/format.h"
#include "heaplab/trace/reader.h"

namespace {

using namespace heaplab;

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}

std::string sound_file(const std::string& records) {
  std::string out(trace::file_magic);
  put(out, trace::major_version, 2);
  put(out, trace::minor_version, 2);
  put(out, 0, 4);
  put(out, XXH3_64bits(out.data(), out.size()), 8);
  std::string frame;
  put(frame, trace::block_magic, 4);
  put(frame, static_cast<std::uint64_t>(trace::BlockKind::records), 1);
  put(frame, 0, 3);
  put(frame, records.size(), 4);
  put(frame, records.size(), 4);
  put(frame, XXH3_64bits(records.data(), records.size()), 8);
  put(frame, XXH3_64bits(frame.data(), frame.size()), 8);
  return out + frame + records;
}

/// A file that exists in memory only.
class MemoryFile {
 public:
  explicit MemoryFile(const std::string& contents) : file_(memfd_create("recording", MFD_CLOEXEC)) {
    std::size_t done = 0;
    while (file_ >= 0 && done < contents.size()) {
      const ssize_t count = ::write(file_, contents.data() + done, contents.size() - done);
      if (count <= 0) break;
      done += static_cast<std::size_t>(count);
    }
  }
  ~MemoryFile() {
    if (file_ >= 0) ::close(file_);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

 private:
  int file_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  const MemoryFile file(data[0] % 2 == 0 ? rest : sound_file(rest));
  try {
    trace::RecordingReader reader(file.path());
    trace::RecordingVisitor ignore;
    reader.read(ignore);
    const leakcheck::Report report = leakcheck::analyse(file.path());
    leakcheck::to_json(report);
    leakcheck::to_text(report, Painter(false), 80);
  } catch (const InputError&) {
    // The one acceptable refusal.
  }
  return 0;
}
