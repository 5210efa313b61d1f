// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>

namespace heaplab::trace {

/// Where random tests begin: the same each time, or elsewhere with HEAPLAB_TEST_SEED=$RANDOM.
inline unsigned first_seed() {
  const char* text = std::getenv("HEAPLAB_TEST_SEED");
  return text == nullptr ? 1 : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

}  // namespace heaplab::trace
