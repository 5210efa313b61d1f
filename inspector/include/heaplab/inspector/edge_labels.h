// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "heaplab/inspector/graph.h"
#include "heaplab/support/big_array.h"

// The names and numbers of a hundred million edges, in little more than a byte each. They are only
// needed to tell a person what an edge is called, so they need not be at hand at random.
//
// Every edge has one byte, at its own number; a value that does not fit has more bytes elsewhere:
//
//   byte         value                   elsewhere
//   0 … 191      the byte                -
//   192 … 254    192 + 256 × (byte - 192) + the byte elsewhere
//   255          the four bytes elsewhere
//
// Numbers (element and hidden edges) nearly always go 0, 1, 2 … within a node: the value is the
// difference from that. A name's value is a code that it gets when it has turned out to be common,
// a short one if it is very common; else it is the string's own number, in four bytes.

namespace heaplab::inspector {

class EdgeLabels;

/// Reads the labels of a node's edges, first to last. The kind of each edge must be known.
class LabelCursor {
 public:
  std::uint32_t next(EdgeKind kind) {
    const std::uint32_t byte = *bytes_++;
    std::uint32_t value = byte;
    if (byte >= short_values) {
      if (byte == escape) {
        value = 0;
        for (unsigned shift = 0; shift < 32; shift += 8) value |= std::uint32_t{*more_++} << shift;
        if (!has_number(kind)) return value;
      } else {
        value = short_values + (byte - short_values) * 256 + *more_++;
      }
    }
    if (!has_number(kind)) return names_[value];
    std::uint32_t& expected = expected_[kind == EdgeKind::hidden];
    const std::uint32_t number = expected + ((value >> 1) ^ (0 - (value & 1)));
    expected = number + 1;
    return number;
  }
  /// A node begins.
  void restart() { expected_[0] = expected_[1] = 0; }
  /// Passes over edges.
  void skip(std::size_t edges) {
    for (const std::uint8_t* const end = bytes_ + edges; bytes_ < end; ++bytes_) {
      more_ += *bytes_ < short_values ? 0 : *bytes_ == escape ? 4 : 1;
    }
  }

  static constexpr std::uint32_t short_values = 192;
  static constexpr std::uint32_t escape = 255;
  /// Values that fit into two bytes.
  static constexpr std::uint32_t values = short_values + (escape - short_values) * 256;

 private:
  friend class EdgeLabels;
  LabelCursor(const std::uint8_t* bytes, const std::uint8_t* more, const std::uint32_t* names)
      : bytes_(bytes), more_(more), names_(names) {}

  const std::uint8_t* bytes_;
  const std::uint8_t* more_;
  const std::uint32_t* names_;
  std::uint32_t expected_[2] = {0, 0};
};

class EdgeLabels {
 public:
  static constexpr NodeIndex nodes_per_block = 32;

  /// Writing: nodes in order, the edges of each in order.
  void reserve(std::size_t edges) { bytes_.reserve(edges); }
  void begin_node() {
    if (nodes_++ % nodes_per_block == 0) {
      blocks_.push_back(more_.size());
      rare_.push_back(0);
    }
    expected_[0] = expected_[1] = 0;
  }
  void add(EdgeKind kind, std::uint32_t label);
  /// Edges of any number of nodes, `kinds[i] >> kind_shift` the kind of the i-th and
  /// `labels[i × stride]` its label: those whose labels are the most common names. The others, of
  /// which it lists the numbers in `others`, are then to be given to `add_other` in order, each
  /// after its node has begun. Returns how many.
  std::size_t add_common(std::span<const std::uint32_t> kinds, unsigned kind_shift,
                         const std::uint32_t* labels, std::size_t stride, std::uint32_t* others);
  void add_other(EdgeIndex edge, EdgeKind kind, std::uint32_t label) {
    bytes_[edge] = has_number(kind) ? number_byte(kind, label) : uncommon_byte(kind, label);
  }
  /// The largest number of a string so far.
  std::uint32_t largest_name() const { return largest_name_; }
  /// No more will be added.
  void finish();

  /// At an edge of a node of this block: the first of the block.
  LabelCursor block_start(NodeIndex node, EdgeIndex first_edge_of_block) const {
    return {bytes_.data() + first_edge_of_block, more_.data() + blocks_[node / nodes_per_block],
            names_.data()};
  }

  /// Whether some internal edge in the block of this node can have one of the names: quickly said,
  /// and "no" for nearly all blocks if the names are rare ones.
  bool may_have_internal(NodeIndex node, bool names_are_rare) const {
    return !names_are_rare || rare_[node / nodes_per_block] != 0;
  }
  /// Whether no common name of the file is such a name.
  template <typename IsName>
  bool are_rare(IsName&& is_name) const {
    for (const std::uint32_t name : names_) {
      if (is_name(name)) return false;
    }
    return true;
  }

 private:
  static constexpr std::uint16_t no_code = 0;

  std::uint8_t number_byte(EdgeKind kind, std::uint32_t number);
  std::uint8_t uncommon_byte(EdgeKind kind, std::uint32_t name);
  std::uint8_t value_byte(std::uint32_t value);
  std::uint8_t escaped_byte(std::uint32_t value);
  void count(std::uint32_t name);

  BigArray<std::uint8_t> bytes_;    ///< by edge
  BigArray<std::uint8_t> more_;     ///< what does not fit there, in order
  BigArray<std::uint64_t> blocks_;  ///< where in `more_` a block begins
  BigArray<std::uint8_t> rare_;     ///< by block: it has internal edges with uncommon names
  std::vector<std::uint32_t> names_ = std::vector<std::uint32_t>(LabelCursor::values);  ///< by code
  std::uint32_t short_codes_ = 0, long_codes_ = LabelCursor::short_values;  ///< the next ones
  NodeIndex nodes_ = 0;
  std::uint32_t expected_[2] = {0, 0};
  std::uint32_t largest_name_ = 0;

  // While writing, by string:
  BigArray<std::uint16_t> codes_;   ///< plus one
  BigArray<std::uint16_t> counts_;  ///< how often it was seen, while that matters
};

}  // namespace heaplab::inspector
