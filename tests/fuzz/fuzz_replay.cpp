// SPDX-License-Identifier: MIT
// Recordings from strangers, compiled and replayed: whatever the bytes, there is a program or an
// InputError, and the heap that the program runs on stays sound.
//
// The first byte chooses how the rest is used: see recording_file.h.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "heaplab/gc/make_heap.h"
#include "heaplab/support/error.h"
#include "heaplab/trace/replay.h"
#include "recording_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace heaplab;
  constexpr std::uint64_t most_bytes = 4 * MiB;
  const fuzz::MemoryFile file(fuzz::file_of_input(data, size));
  try {
    trace::RecordingReader reader(file.path());
    const trace::ReplayProgram program = trace::compile_replay(reader);
    trace::replay_on_nothing(program);
    if (program.summary().bytes > most_bytes) return 0;
    trace::replay_explicitly(program, trace::Allocator::malloc);
    HeapOptions options = gc::fixed_size("generational", 2 * MiB);
    options.stress_gc_interval = 3;
    const auto heap = gc::make_heap(options);
    trace::replay_on_heap(program, *heap, {.check = true});
    if (!heap->verify().empty()) std::abort();
  } catch (const InputError&) {
    // The one acceptable refusal.
  }
  return 0;
}
