// SPDX-License-Identifier: MIT
// Heaptrack's files from strangers: as events, judged for leaks, and added up in the fast way. Two
// ways must come to the same number of allocations, or both refuse.
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>

#include "heaplab/leakcheck/analyse.h"
#include "heaplab/leakcheck/print.h"
#include "heaplab/trace/allocation_summary.h"
#include "heaplab/trace/open.h"
#include "memory_file.h"

namespace {

using namespace heaplab;

std::optional<std::uint64_t> objects_of_events(const std::string& path) {
  try {
    trace::RecordingVisitor ignore;
    const std::uint64_t objects = trace::open_recording(path)->read(ignore).objects;
    leakcheck::to_json(leakcheck::analyse(path));
    return objects;
  } catch (const InputError&) {
    return std::nullopt;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text = "v 10400 ";
  text.append(reinterpret_cast<const char*>(data), size);
  const fuzz::MemoryFile file(text);
  const std::optional<std::uint64_t> objects = objects_of_events(file.path());
  try {
    const auto summary = trace::summarize_allocations(file.path());
    if (!objects || *objects != summary.total.allocations) std::abort();
  } catch (const InputError&) {
    if (objects) std::abort();
  }
  return 0;
}
