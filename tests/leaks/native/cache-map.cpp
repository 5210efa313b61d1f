// SPDX-License-Identifier: MIT
// leak: lookup_page
// kind: memory freed only at exit
// A cache without a bound.
#include <map>
#include <string>

#include "work.h"

std::map<std::string, std::string> cache;

FUNCTION const std::string& lookup_page(const std::string& url) {
  auto found = cache.find(url);
  if (found == cache.end()) found = cache.emplace(url, std::string(300, 'p') + url).first;
  return found->second;
}

int main() {
  std::size_t sum = 0;
  for (unsigned i = 0; i < requests; ++i) {
    sum += lookup_page("/products/with/a/long/path?id=" + std::to_string(next_number())).size();
    wait_for_request();
  }
  return sum > 0 ? 0 : 1;
}
