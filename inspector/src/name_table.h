// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "heaplab/support/big_array.h"

namespace heaplab::inspector {

/// Gives each different name a number without keeping the names: what is kept is where each comes
/// from, so that it can be made again when the strings are written, and a 96-bit hash to know it
/// by. (Two names of a heap of 10^8 that are taken for one: one in 10^13 such heaps.)
class NameTable {
 public:
  /// What a name is made of again.
  enum class Source : std::uint32_t { text, node, number, pair };
  struct Origin {
    Source source = Source::text;
    std::uint32_t value = 0;  ///< below 2^30
  };

  NameTable();
  /// The number of this name; if it is new, it came from `origin`.
  std::uint32_t add(std::string_view name, Origin origin);
  /// The same for a name that comes from nowhere else: a new one is kept as it is.
  std::uint32_t add_text(std::string_view name);

  std::uint32_t size() const { return static_cast<std::uint32_t>(origins_.size()); }
  Origin origin(std::uint32_t name) const {
    return {static_cast<Source>(origins_[name] >> value_bits),
            origins_[name] & ((1u << value_bits) - 1)};
  }
  /// \pre The origin of a name says `text` and this value.
  const std::string& text(std::uint32_t value) const { return texts_[value]; }

 private:
  static constexpr unsigned value_bits = 30;
  struct Hash {
    std::uint64_t low;
    std::uint32_t high;
  };
  Hash hash_of(std::string_view name) const;
  void grow();

  std::uint64_t seed_;
  BigArray<std::uint32_t> cells_;  ///< open addressing; 0: empty, otherwise name + 1
  BigArray<std::uint64_t> low_hashes_;
  BigArray<std::uint32_t> high_hashes_;
  BigArray<std::uint32_t> origins_;
  std::vector<std::string> texts_;
};

}  // namespace heaplab::inspector
