// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "heaplab/support/big_array.h"

namespace heaplab::inspector {

/// Gives each different name a number without keeping the names: what is kept is where each comes
/// from, so that it can be made again, when the strings are written and when a name is looked up
/// whose hash is known already.
class NameTable {
 public:
  enum class Source : std::uint32_t { text, node, number, pair };
  struct Origin {
    Source source = Source::text;
    std::uint32_t value = 0;  ///< below 2^30
  };
  /// Makes names again that come from outside the table: of nodes and pairs.
  class Maker {
   public:
    virtual ~Maker() = default;
    /// \post `out` is what add() was told.
    virtual void make_name(Origin origin, std::string& out) = 0;
  };

  explicit NameTable(Maker& maker);
  /// The number of this name; if it is new, it came from `origin`.
  std::uint32_t add(std::string_view name, Origin origin);
  /// A name that comes from nowhere else: kept as it is.
  std::uint32_t add_text(std::string_view name);
  /// The digits of a number. They have a name of their own, whatever else is called the same: the
  /// entries of one large table have a million of them, which need no hash here.
  std::uint32_t add_number(std::uint32_t number);

  std::uint32_t size() const { return static_cast<std::uint32_t>(origins_.size()); }
  /// Valid until the table is asked again.
  const std::string& operator[](std::uint32_t name);

 private:
  static constexpr unsigned value_bits = 30;
  struct Cell {
    std::uint32_t name_above = 0;  ///< 0: empty, otherwise name + 1
    std::uint32_t hash = 0;
  };

  std::uint32_t append(Origin origin);
  void grow();

  Maker& maker_;
  std::uint64_t seed_;
  BigArray<Cell> cells_;  ///< open addressing
  std::size_t used_ = 0;
  BigArray<std::uint32_t> origins_;
  BigArray<std::uint32_t> numbers_;  ///< by number: name + 1
  std::vector<std::string> texts_;
  std::string made_;
};

}  // namespace heaplab::inspector
