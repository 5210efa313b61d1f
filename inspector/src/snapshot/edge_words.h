// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "heaplab/inspector/edge_labels.h"

namespace heaplab::inspector {

/// Makes words (target | kind << kind_shift) of edges as they are in the file, and checks them, as
/// fast as memory is.
class EdgeWords {
 public:
  /// `kinds` by type; each node is `stride` numbers.
  EdgeWords(std::span<const EdgeKind> kinds, std::uint32_t stride, std::uint32_t nodes);
  /// Of `type, label, target` in `values`, which may be read 45 numbers beyond. False if one is not
  /// as it should be; which, others have to find out.
  bool make(const std::uint32_t* values, std::size_t count, std::uint32_t* words) const;

 private:
  static constexpr std::uint32_t no_kind = 0xffff'ffff;
  bool make_narrow(const std::uint32_t* values, std::size_t count, std::uint32_t* words) const;
  bool make_wide(const std::uint32_t* values, std::size_t count, std::uint32_t* words) const;

  std::array<std::uint32_t, 16> kinds_;  ///< in the place they have in a word
  std::uint32_t stride_, nodes_;
  /// What a whole number of nodes is divided by exactly: a shift, then a multiplication.
  unsigned shift_;
  std::uint32_t inverse_;
  bool possible_;
};

}  // namespace heaplab::inspector
