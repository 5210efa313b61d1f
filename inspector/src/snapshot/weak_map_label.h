// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace heaplab::inspector {

/// What the name of an edge of a WeakMap entry says. V8 writes two such edges for an entry, one
/// from the map's table and one from the key, both to the value: `12 / part of key (Object @345) ->
/// value (Page @347) pair in WeakMap (table @349)`.
struct WeakMapLabel {
  std::uint64_t table_id;
  std::string_view pair;  ///< the name without its leading number: the same on both edges
};

/// Empty if `name` is not such a name.
std::optional<WeakMapLabel> parse_weak_map_label(std::string_view name);

}  // namespace heaplab::inspector
