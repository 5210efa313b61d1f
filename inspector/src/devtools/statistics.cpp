// SPDX-License-Identifier: MIT
#include <algorithm>
#include <vector>

#include "devtools/bits.h"
#include "heaplab/inspector/devtools.h"

namespace heaplab::inspector {
namespace {

struct NamedStrings {
  std::vector<std::uint32_t> array, buffer_data, elements;

  explicit NamedStrings(const SnapshotStrings& strings) {
    strings.for_each([&](std::uint32_t index, std::string_view text) {
      if (text == "Array") array.push_back(index);
      if (text == "system / JSArrayBufferData") buffer_data.push_back(index);
      if (text == "elements") elements.push_back(index);
    });
  }
};

bool has(const std::vector<std::uint32_t>& list, std::uint32_t string) {
  return std::find(list.begin(), list.end(), string) != list.end();
}

}  // namespace

Statistics statistics(const Snapshot& snapshot, const Analysis& analysis) {
  if (snapshot.origin() == Origin::java) {
    Statistics result;
    result.total = result.v8_heap = analysis.total_size;
    return result;
  }
  const NamedStrings names(snapshot.strings());
  Statistics result;
  result.total = analysis.total_size;
  result.native = snapshot.extra_native_bytes();
  std::vector<NodeIndex> stores;  // elements of arrays, which count if nobody else refers to them
  for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
    const std::uint64_t size = analysis.shallow_sizes[node];
    switch (snapshot.type(node)) {
      case NodeType::hidden:
        result.system += size;
        break;
      case NodeType::native:
        result.native += size;
        if (has(names.buffer_data, snapshot.name_index(node))) result.typed_arrays += size;
        break;
      case NodeType::code:
        result.code += size;
        break;
      case NodeType::string:
      case NodeType::concatenated_string:
      case NodeType::sliced_string:
        result.strings += size;
        break;
      default: {
        if (!has(names.array, snapshot.name_index(node))) break;
        result.js_arrays += size;
        NodeIndex store = no_node;
        snapshot.for_each_edge(node, [&](const SnapshotEdge& edge) {
          if (store == no_node && edge.kind == EdgeKind::internal &&
              has(names.elements, edge.label)) {
            store = edge.target;
          }
        });
        if (store != no_node && analysis.shallow_sizes[store] != 0) stores.push_back(store);
      }
    }
  }
  if (!stores.empty()) {
    std::sort(stores.begin(), stores.end());
    std::vector<std::uint32_t> retainers(stores.size());
    Bits wanted(snapshot.node_count());
    for (const NodeIndex store : stores) wanted.set(store);
    for (const std::uint32_t word : snapshot.all_edge_words()) {
      const NodeIndex target = word & Snapshot::target_mask;
      if (!wanted[target]) continue;
      const auto at = std::lower_bound(stores.begin(), stores.end(), target) - stores.begin();
      ++retainers[static_cast<std::size_t>(at)];
    }
    for (std::size_t i = 0; i < stores.size(); ++i) {
      if (retainers[i] == 1) result.js_arrays += analysis.shallow_sizes[stores[i]];
    }
  }
  result.v8_heap = result.total - result.native;
  return result;
}

}  // namespace heaplab::inspector
