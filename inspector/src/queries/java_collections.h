// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "heaplab/inspector/queries/collections.h"

namespace heaplab::inspector {

/// Those of java.util in a Java heap dump.
std::vector<Collection> find_java_collections(const View& view);

}  // namespace heaplab::inspector
