// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "heaplab/inspector/graph.h"
#include "heaplab/support/big_array.h"

// The names and numbers of a hundred million edges, in about one byte each. They are only needed to
// tell a person what an edge is called, so they need not be at hand at random.
//
// Numbers (element and hidden edges) nearly always go 0, 1, 2 … within a node: written is the
// difference from that. Of names few are common: each gets a code when first seen, so the common
// ones get small ones. Both as LEB128. A block of nodes starts at a known byte.

namespace heaplab::inspector {

class EdgeLabels;

/// Reads the labels of a node's edges, first to last. The kind of each edge must be known.
class LabelCursor {
 public:
  std::uint32_t next(EdgeKind kind) {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const std::uint8_t byte = *position_++;
      value |= std::uint64_t{byte & 127U} << shift;
      if (byte < 128) break;
    }
    if (!has_number(kind)) return codes_[value];
    std::uint32_t& expected = expected_[kind == EdgeKind::hidden];
    const auto number = static_cast<std::uint32_t>(expected + ((value >> 1) ^ (0 - (value & 1))));
    expected = number + 1;
    return number;
  }
  /// A node begins.
  void restart() { expected_[0] = expected_[1] = 0; }

 private:
  friend class EdgeLabels;
  LabelCursor(const std::uint8_t* position, const std::uint32_t* codes)
      : position_(position), codes_(codes) {}

  const std::uint8_t* position_;
  const std::uint32_t* codes_;
  std::uint32_t expected_[2] = {0, 0};
};

class EdgeLabels {
 public:
  static constexpr NodeIndex nodes_per_block = 32;

  /// Writing: nodes in order, the edges of each in order.
  void begin_node() {
    if (nodes_++ % nodes_per_block == 0) {
      blocks_.push_back(bytes_.size());
      rare_.push_back(0);
    }
    expected_[0] = expected_[1] = 0;
  }
  void add(EdgeKind kind, std::uint32_t label) {
    if (!has_number(kind)) {
      const std::uint32_t number = code(label);
      if (number >= common_codes && kind == EdgeKind::internal) rare_.back() = 1;
      put(number);
      return;
    }
    std::uint32_t& expected = expected_[kind == EdgeKind::hidden];
    const auto difference = static_cast<std::int32_t>(label - expected);
    expected = label + 1;
    put((static_cast<std::uint32_t>(difference) << 1) ^
        static_cast<std::uint32_t>(difference >> 31));
  }
  /// No more will be added.
  void finish();

  /// At the first edge of the first node of this node's block.
  LabelCursor block_start(NodeIndex node) const {
    return {bytes_.data() + blocks_[node / nodes_per_block], codes_.data()};
  }

  /// Whether some internal edge in the block of this node can have one of the names: quickly said,
  /// and "no" for nearly all blocks if the names are rare ones.
  bool may_have_internal(NodeIndex node, bool names_are_rare) const {
    return !names_are_rare || rare_[node / nodes_per_block] != 0;
  }
  /// Whether none of the first few hundred names of the file is such a name.
  template <typename IsName>
  bool are_rare(IsName&& is_name) const {
    for (std::size_t code = 0; code < common_codes && code < codes_.size(); ++code) {
      if (is_name(codes_[code])) return false;
    }
    return true;
  }

 private:
  static constexpr std::uint32_t common_codes = 512;

  void put(std::uint32_t value) {
    while (value >= 128) {
      bytes_.push_back(static_cast<std::uint8_t>(value | 128));
      value >>= 7;
    }
    bytes_.push_back(static_cast<std::uint8_t>(value));
  }
  std::uint32_t code(std::uint32_t string) {
    if (string >= code_of_.size()) code_of_.resize(std::size_t{string} + 1);
    std::uint32_t& code = code_of_[string];
    if (code == 0) {
      codes_.push_back(string);
      code = static_cast<std::uint32_t>(codes_.size());
    }
    return code - 1;
  }

  BigArray<std::uint8_t> bytes_;
  BigArray<std::uint64_t> blocks_;
  BigArray<std::uint8_t> rare_;      ///< by block: it has internal edges with uncommon names
  BigArray<std::uint32_t> codes_;    ///< the string of a code
  BigArray<std::uint32_t> code_of_;  ///< by string, plus one; 0: none yet
  NodeIndex nodes_ = 0;
  std::uint32_t expected_[2] = {0, 0};
};

}  // namespace heaplab::inspector
