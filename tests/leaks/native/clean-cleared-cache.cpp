// SPDX-License-Identifier: MIT
// clean
// A cache grows for most of the run and is then cleared, and its successor begins anew.
#include <string>
#include <unordered_map>
#include <vector>

#include "work.h"

std::unordered_map<unsigned, std::vector<char>> cache;

FUNCTION std::size_t cached(unsigned key) {
  auto [entry, is_new] = cache.try_emplace(key);
  if (is_new) entry->second.assign(500, 'c');
  return entry->second.size();
}

int main() {
  std::size_t sum = 0;
  for (unsigned i = 0; i < requests; ++i) {
    sum += cached(i);
    if (i == 3 * requests / 4) cache.clear();
    wait_for_request();
  }
  return sum > 0 ? 0 : 1;
}
