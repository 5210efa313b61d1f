// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "series/containers.h"
#include "series/paths.h"

namespace heaplab::leakcheck::series {

/// What a container holds, summed up.
struct Contents {
  std::string type;  ///< of most of it: "Page", "Object {id, url}"
  NodeIndex example = no_node;
  std::uint64_t count = 0;  ///< of that type
  std::uint64_t bytes = 0;  ///< everything in the container
  double functions = 0;     ///< share of the things held directly that are functions
  double buffers = 0;       ///< share of the bytes that are array buffers
  double sliced = 0;        ///< share of the things held directly that are parts of longer texts
  std::vector<NodeIndex> things;  ///< of that type; some, if they are many
};

std::vector<Contents> describe_contents(const Series& series, const Containers& containers);

/// Lines of the program that things come from: allocation sites if they were recorded, else where
/// functions and constructors are written.
std::vector<Site> sites_of(const Series& series, const Paths& paths,
                           const std::vector<NodeIndex>& things);

}  // namespace heaplab::leakcheck::series
