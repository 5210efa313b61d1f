// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "dumps/places.h"

namespace heaplab::leakcheck::dumps {

/// The last dump of a series, and what is known of those before.
struct Series {
  inspector::Snapshot last;
  inspector::Analysis analysis;
  Places places;
  std::vector<Round> rounds;  ///< the last included
};

/// Places where ever more gathers, by the container that keeps it.
struct Gathering {
  std::uint32_t container = 0;            ///< a place
  std::vector<std::uint32_t> groups;      ///< places below it (or held by it) whose objects gather
  std::vector<std::uint32_t> also_holds;  ///< other containers of the same
  std::vector<std::uint32_t> things;      ///< of the groups and below: those a person would count
  std::vector<double> count;              ///< of the things, by round
  std::vector<double> bytes;              ///< of all groups, by round
  bool is_chain = false;
  bool grows_itself = false;  ///< nothing is added to it: it is an array that is ever longer
};

struct GatheringOptions {
  double least_bytes = 0;  ///< grown by so much, or (of a single dump) so large
};
/// Of one dump, what holds much; of several, what grew.
std::vector<Gathering> find_gatherings(const Series& series, const GatheringOptions& options);

}  // namespace heaplab::leakcheck::dumps
