// SPDX-License-Identifier: MIT
// Recordings from strangers: whatever the bytes, the reader, the leak check and the verbs of
// `heaplab trace` answer with a result or an InputError. And what is made of a recording that could
// be read can be read.
//
// The first byte chooses how the rest is used: as a whole file, or as the records of a block inside
// a sound file, for no mutation finds its way past the checksums by itself.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "heaplab/leakcheck/analyse.h"
#include "heaplab/leakcheck/print.h"
#include "heaplab/trace/allocation_summary.h"
#include "heaplab/trace/check.h"
#include "heaplab/trace/copy.h"
#include "heaplab/trace/cut.h"
#include "heaplab/trace/merge.h"
#include "heaplab/trace/reader.h"
#include "heaplab/trace/usage.h"
#include "recording_file.h"

namespace {

using namespace heaplab;

void must_be_readable(const fuzz::MemoryFile& made) {
  try {
    trace::RecordingVisitor ignore;
    trace::RecordingReader(made.path()).read(ignore);
  } catch (const InputError&) {
    std::abort();
  }
}

void copy(const std::string& path) {
  const fuzz::MemoryFile made("");
  trace::RecordingReader reader(path);
  trace::RecordingWriter writer(made.path());
  trace::RecordingCopier copier(reader, writer);
  reader.read(copier);
  copier.copy_info();
  copier.flush_deaths();
  writer.finish();
  must_be_readable(made);
}

void cut(const std::string& path, const trace::Range& range) {
  const fuzz::MemoryFile made("");
  trace::RecordingReader reader(path);
  trace::RecordingWriter writer(made.path());
  trace::cut_recording(reader, writer, range);
  writer.finish();
  must_be_readable(made);
  trace::RecordingVisitor ignore;
  reader.read_range(ignore, range);
}

void merge(const std::string& path) {
  const fuzz::MemoryFile made("");
  trace::MergeInput inputs[] = {{std::make_unique<trace::RecordingReader>(path), "a"},
                                {std::make_unique<trace::RecordingReader>(path), "b"}};
  trace::RecordingWriter writer(made.path());
  trace::merge_recordings(inputs, writer, true);
  writer.finish();
  must_be_readable(made);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::MemoryFile file(fuzz::file_of_input(data, size));
  try {
    trace::RecordingReader reader(file.path());
    trace::RecordingVisitor ignore;
    const trace::Extent extent = reader.read(ignore);
    trace::check_recording(reader);
    trace::measure_usage(reader);
    trace::summarize_allocations(file.path());
    copy(file.path());
    using Axis = trace::Moment::Axis;
    cut(file.path(), {{Axis::objects, extent.objects / 2}});
    cut(file.path(), {{Axis::clock, extent.clock / 3}, {Axis::clock, extent.clock / 2}});
    if (size % 8 == 0) merge(file.path());  // threads take their time
    const leakcheck::Report report = leakcheck::analyse(file.path());
    leakcheck::to_json(report);
    leakcheck::to_text(report, Painter(false), 80);
  } catch (const InputError&) {
    // The one acceptable refusal.
  }
  return 0;
}
