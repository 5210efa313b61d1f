// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "heaplab/leakcheck/report.h"
#include "series/contents.h"
#include "series/trend.h"

// What the numbers of objects of each class in the whole heap say.

namespace heaplab::leakcheck::series {

/// The verdict on a container, when it is known what it holds: what seemed to leak may have been
/// replaced one by one, or be there for the moment only.
Verdict reconsider(const Series& series, const Contents& contents, const Trend& trend);

/// Classes of which there are more in each snapshot, whoever holds them, those with most bytes
/// first. `explained`: classes that are accounted for.
std::vector<Grown> growing_classes(const Series& series, std::uint64_t least_bytes,
                                   const std::vector<std::uint64_t>& explained);

}  // namespace heaplab::leakcheck::series
