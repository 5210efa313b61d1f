// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heaplab/inspector/snapshot.h"

namespace heaplab::inspector {

/// A name for plain objects that have certain properties: "{id, url, body}".
struct Interface {
  std::string name;
  std::vector<std::uint32_t> properties;  ///< numbers of strings, in the order of the name
};

/// The interfaces of a snapshot's plain objects, and which one each object has.
struct Interfaces {
  static constexpr std::uint32_t none = 0xffff'ffff;
  std::vector<Interface> list;
  std::vector<NodeIndex> objects;        ///< the plain objects, ascending
  std::vector<std::uint32_t> of_object;  ///< beside `objects`: numbers `list`, or none
};

/// DevTools' rules (see README.md): an interface is a list of properties that at least two objects
/// and one in a thousand begin with, cut at 120 characters; an object has the interface with the
/// most properties among those of which it has all.
Interfaces infer_interfaces(const Snapshot& snapshot,
                            const std::vector<std::uint32_t>& object_names);

}  // namespace heaplab::inspector
