// SPDX-License-Identifier: MIT
// Java heap dumps from strangers: a graph that everything computed on it can rely on, or an
// InputError.
#include <cstdint>
#include <string>

#include "heaplab/inspector/devtools.h"
#include "heaplab/inspector/queries/collections.h"
#include "heaplab/inspector/queries/expression.h"
#include "heaplab/inspector/queries/view.h"
#include "heaplab/support/error.h"
#include "memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace heaplab;
  using namespace heaplab::inspector;
  const fuzz::MemoryFile file(std::string(reinterpret_cast<const char*>(data), size));
  try {
    Snapshot snapshot = read_snapshot(file.path(), {false, 1});
    Analysis analysis = analyse(snapshot, {1, false});
    const View view(std::move(snapshot), std::move(analysis));
    const Snapshot& heap = view.snapshot();
    find_collections(view);
    for (NodeIndex node = 0; node < heap.node_count() && node < 64; ++node) {
      view.label(node);
      view.class_name(node);
      heap.find_id(heap.id(node));
      for (const SnapshotEdge& edge : heap.edges(node)) access_step(view, node, edge);
    }
  } catch (const InputError&) {
    // The one acceptable refusal.
  }
  return 0;
}
