// SPDX-License-Identifier: MIT
// Recordings from strangers: whatever the bytes, the reader and the leak check answer with a result
// or an InputError.
//
// The first byte chooses how the rest is used: as a whole file, or as the records of a block inside
// a sound file, for no mutation finds its way past the checksums by itself.
#include <cstdint>
#include <string>

#include "heaplab/leakcheck/analyse.h"
#include "heaplab/leakcheck/print.h"
#include "heaplab/trace/reader.h"
#include "recording_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace heaplab;
  const fuzz::MemoryFile file(fuzz::file_of_input(data, size));
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
