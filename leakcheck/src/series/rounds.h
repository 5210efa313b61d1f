// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "series/classes.h"
#include "series/heap.h"
#include "series/process.h"

// What is remembered of the earlier snapshots of a series, so that only one graph need be in
// memory.

namespace heaplab::leakcheck::series {

/// Of an object that holds much. Others are too small to matter.
struct OwnerSample {
  std::uint32_t id = 0;
  std::uint32_t fan_out = 0;
  std::uint32_t own_bytes = 0;
};

/// A reference with a name (a variable, a property) to something that holds much. Objects that are
/// replaced by larger ones are followed by their place.
using PlaceKey = std::uint64_t;
PlaceKey place_key(const HeapSnapshot& snapshot, NodeIndex holder,
                   const inspector::SnapshotEdge& edge);

struct Round {
  std::string file;
  std::uint64_t file_bytes = 0;
  std::uint64_t nodes = 0;
  std::uint64_t edges = 0;
  std::uint64_t live_bytes = 0;
  /// Objects with a higher id came later.
  std::uint32_t last_id = 0;
  BigArray<OwnerSample> owners;                          ///< ascending by id
  std::vector<std::pair<PlaceKey, OwnerSample>> places;  ///< ascending by key

  BigArray<std::uint64_t> ids;      ///< see process.h; empty when they were compared
  std::vector<ClassCount> classes;  ///< ascending by key

  OwnerSample owner(std::uint32_t id) const;  ///< zeros if it was small
  std::optional<OwnerSample> place(PlaceKey key) const;
  std::uint32_t own_bytes_at(PlaceKey key) const;  ///< 0 if it was small
};

Round summarise(const HeapSnapshot& snapshot, const Owners& owners, const KnownNames& names);

}  // namespace heaplab::leakcheck::series
