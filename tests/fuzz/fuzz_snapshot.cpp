// SPDX-License-Identifier: MIT
// Heap snapshots from strangers: whatever the bytes, reading one gives a snapshot that everything
// computed on it can rely on, or an InputError.
#include <cstdint>
#include <string>

#include "heaplab/inspector/devtools.h"
#include "heaplab/inspector/snapshot.h"
#include "heaplab/support/error.h"
#include "memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace heaplab;
  using namespace heaplab::inspector;
  const fuzz::MemoryFile file(std::string(reinterpret_cast<const char*>(data), size));
  try {
    // One thread: the same work, without a thread for each of a million inputs.
    const Snapshot snapshot = read_snapshot(file.path(), {false, 1});
    const Analysis analysis = analyse(snapshot, {1, false});
    const Classes classes = classify(snapshot, analysis);
    statistics(snapshot, analysis);
    const Retainers retainers(snapshot);
    for (NodeIndex node = 0; node < snapshot.node_count() && node < 64; ++node) {
      snapshot.name(node);
      snapshot.find_id(snapshot.id(node));
      for (const SnapshotEdge& edge : snapshot.edges(node)) snapshot.label_text(edge);
      for (const std::uint32_t edge : retainers.edges_to(node)) snapshot.edge(edge);
    }
  } catch (const InputError&) {
    // The one acceptable refusal.
  }
  return 0;
}
