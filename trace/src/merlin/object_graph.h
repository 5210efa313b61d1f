// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "heaplab/trace/records.h"

namespace heaplab::trace {

/// A number of an object for as long as it is in the graph; numbers are used again. 0: none.
using Local = std::uint32_t;

/// One reference. The slot is folded into `key`; a slot that holds null keeps its entry.
struct Edge {
  std::uint32_t key = 0;  ///< 0: the entry is free
  Local target = 0;

  static constexpr std::uint32_t value_bit = 1, weak_bit = 2, elements_bit = 4;
  Slot slot() const {
    return {(key >> 3) - 1, (key & elements_bit) != 0, is_ephemeron_value(), is_weak()};
  }
  bool is_weak() const { return (key & weak_bit) != 0; }
  bool is_ephemeron_value() const { return (key & value_bit) != 0; }
  bool is_strong() const { return (key & (weak_bit | value_bit)) == 0; }
};

/// Memory for the edges of objects: runs of 2^k edges, recycled by size.
class EdgePool {
 public:
  std::uint64_t take(unsigned log2_size);
  void give_back(std::uint64_t start, unsigned log2_size);
  Edge* at(std::uint64_t start) { return &edges_[start]; }
  const Edge* at(std::uint64_t start) const { return &edges_[start]; }

 private:
  static constexpr unsigned size_classes = 33;
  std::vector<Edge> edges_{Edge()};  // 0 is no run
  std::array<std::vector<std::uint64_t>, size_classes> free_;
};

struct ObjectNode {
  Allocation object;
  std::uint64_t birth_event = 0;
  /// The last event with which it may have become unreachable, and the clock then.
  std::uint64_t stamp = 0;
  std::uint64_t stamp_clock = 0;
  std::uint64_t edges = 0;        ///< in the pool
  std::uint32_t edges_used = 0;   ///< entries with a key
  std::uint32_t root_count = 0;   ///< threads that have it among their roots
  std::uint32_t fresh_count = 0;  ///< entries in threads' lists of fresh roots
  std::uint8_t edge_log2 = 0;
  bool has_edges = false;
  bool has_ephemerons = false;
  bool has_weak = false;
  bool found_dead = false;  ///< by a collection: no weak reference can bring it back
  /// \name While reachability is computed
  /// @{
  bool marked = false;
  bool dead = false;
  bool in_limbo = false;
  /// @}

  bool in_use() const { return object.id != 0; }
  bool is_root() const { return root_count != 0 || fresh_count != 0; }
};

/// Objects by id and their references as they are now.
class ObjectGraph {
 public:
  /// Slots have indices below this; what is beyond cannot be in any real object.
  static constexpr std::uint32_t max_slot_index = 1u << 29;

  Local add(const Allocation& object, std::uint64_t event);
  /// 0 if it is not there (any more).
  Local find(ObjectId id) const {
    const std::uint64_t page = id >> page_shift;
    if (page >= pages_.size() || pages_[page] == nullptr) return 0;
    return pages_[page]->locals[id & page_mask];
  }
  void remove(Local local);

  ObjectNode& node(Local local) { return nodes_[local]; }
  const ObjectNode& node(Local local) const { return nodes_[local]; }
  /// One more than the largest number in use.
  Local end() const { return static_cast<Local>(nodes_.size()); }
  std::uint64_t size() const { return size_; }
  std::uint64_t edge_count() const { return edge_count_; }

  /// Sets a slot. \pre slot.index < max_slot_index
  void set_edge(Local host, Slot slot, Local target);
  /// What the slot holds, 0 for null.
  Local edge(Local host, Slot slot) const;
  /// Calls visit(const Edge&) for each slot of the object that holds something.
  template <class Visit>
  void for_each_edge(Local host, Visit visit) const {
    const ObjectNode& from = nodes_[host];
    if (!from.has_edges) return;
    const Edge* edges = pool_.at(from.edges);
    for (std::size_t i = 0; i < std::size_t{1} << from.edge_log2; ++i) {
      if (edges[i].target != 0) visit(edges[i]);
    }
  }

 private:
  static constexpr unsigned page_shift = 8;
  static constexpr std::uint64_t page_mask = (1u << page_shift) - 1;
  struct Page {
    std::array<Local, std::size_t{1} << page_shift> locals{};
    std::uint32_t used = 0;
  };

  static constexpr std::uint64_t no_room = ~std::uint64_t{0};
  /// Where in the pool the key's entry is, or could be put; no_room if it is not there and the
  /// table is full.
  std::uint64_t find_entry(const ObjectNode& host, std::uint32_t key) const;
  void grow(ObjectNode& host);

  std::vector<std::unique_ptr<Page>> pages_;
  std::vector<ObjectNode> nodes_{ObjectNode()};
  std::vector<Local> free_;
  EdgePool pool_;
  std::uint64_t size_ = 0;
  std::uint64_t edge_count_ = 0;
};

}  // namespace heaplab::trace
