// SPDX-License-Identifier: MIT
#include "object_graph.h"

namespace heaplab::trace {
namespace {

std::uint32_t key_of(const Slot& slot) {
  // + 1: no key is 0.
  return (slot.index + 1) << 3 | (slot.in_elements ? Edge::elements_bit : 0) |
         (slot.is_weak ? Edge::weak_bit : 0) | (slot.is_value ? Edge::value_bit : 0);
}

/// Slots that follow each other get entries that follow each other.
std::size_t place_of(std::uint32_t key, unsigned log2_size) {
  return (key >> 3 ^ (key & Edge::elements_bit) << 3) & ((std::size_t{1} << log2_size) - 1);
}

/// A small table may be full; a larger one keeps a quarter free, so that searches stay short.
bool is_crowded(const ObjectNode& host) {
  const std::uint64_t size = std::uint64_t{1} << host.edge_log2;
  return host.edges_used >= (size <= 8 ? size : size - size / 4);
}

}  // namespace

std::uint64_t EdgePool::take(unsigned log2_size) {
  if (!free_[log2_size].empty()) {
    const std::uint64_t start = free_[log2_size].back();
    free_[log2_size].pop_back();
    return start;
  }
  const std::uint64_t start = edges_.size();
  edges_.resize(start + (std::size_t{1} << log2_size));
  return start;
}

void EdgePool::give_back(std::uint64_t start, unsigned log2_size) {
  for (std::size_t i = 0; i < std::size_t{1} << log2_size; ++i) edges_[start + i] = Edge();
  free_[log2_size].push_back(start);
}

Local ObjectGraph::add(const Allocation& object, std::uint64_t event) {
  Local local;
  if (free_.empty()) {
    local = static_cast<Local>(nodes_.size());
    nodes_.emplace_back();
  } else {
    local = free_.back();
    free_.pop_back();
  }
  ObjectNode& node = nodes_[local];
  node.object = object;
  node.birth_event = event;
  const std::uint64_t page = object.id >> page_shift;
  if (page >= pages_.size()) pages_.resize(page + 1);
  if (pages_[page] == nullptr) pages_[page] = std::make_unique<Page>();
  pages_[page]->locals[object.id & page_mask] = local;
  ++pages_[page]->used;
  ++size_;
  return local;
}

void ObjectGraph::remove(Local local) {
  ObjectNode& node = nodes_[local];
  std::unique_ptr<Page>& page = pages_[node.object.id >> page_shift];
  page->locals[node.object.id & page_mask] = 0;
  if (--page->used == 0) page.reset();
  if (node.has_edges) {
    for_each_edge(local, [&](const Edge&) { --edge_count_; });
    pool_.give_back(node.edges, node.edge_log2);
  }
  node = ObjectNode();
  free_.push_back(local);
  --size_;
}

std::uint64_t ObjectGraph::find_entry(const ObjectNode& host, std::uint32_t key) const {
  const Edge* edges = pool_.at(host.edges);
  const std::size_t size = std::size_t{1} << host.edge_log2;
  std::size_t at = place_of(key, host.edge_log2);
  for (std::size_t i = 0; i < size; ++i, at = (at + 1) & (size - 1)) {
    if (edges[at].key == key || edges[at].key == 0) return host.edges + at;
  }
  return no_room;
}

void ObjectGraph::grow(ObjectNode& host) {
  const std::uint64_t old = host.edges;
  const unsigned old_log2 = host.edge_log2;
  host.edge_log2 = static_cast<std::uint8_t>(old_log2 + 1);
  host.edges = pool_.take(host.edge_log2);
  host.edges_used = 0;
  for (std::size_t i = 0; i < std::size_t{1} << old_log2; ++i) {
    const Edge edge = *pool_.at(old + i);
    if (edge.target == 0) continue;
    *pool_.at(find_entry(host, edge.key)) = edge;
    ++host.edges_used;
  }
  pool_.give_back(old, old_log2);
}

void ObjectGraph::set_edge(Local local, Slot slot, Local target) {
  ObjectNode& host = nodes_[local];
  const std::uint32_t key = key_of(slot);
  if (!host.has_edges) {
    if (target == 0) return;
    host.edge_log2 = 1;
    host.edges = pool_.take(host.edge_log2);
    host.has_edges = true;
  }
  std::uint64_t at = find_entry(host, key);
  if (target == 0 && (at == no_room || pool_.at(at)->key == 0)) return;
  while (at == no_room || (pool_.at(at)->key == 0 && is_crowded(host))) {
    grow(host);
    at = find_entry(host, key);
  }
  Edge& entry = *pool_.at(at);
  if (entry.key == 0) ++host.edges_used;
  if (entry.target != 0) --edge_count_;
  if (target != 0) ++edge_count_;
  entry = {key, target};
  host.has_ephemerons |= slot.is_value;
  host.has_weak |= slot.is_weak;
}

Local ObjectGraph::edge(Local local, Slot slot) const {
  const ObjectNode& host = nodes_[local];
  if (!host.has_edges) return 0;
  const std::uint64_t at = find_entry(host, key_of(slot));
  return at == no_room ? 0 : pool_.at(at)->target;
}

}  // namespace heaplab::trace
