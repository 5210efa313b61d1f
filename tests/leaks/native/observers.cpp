// SPDX-License-Identifier: MIT
// leak: subscribe
// kind: memory freed only at exit
// Every view listens, and none ever stops.
#include <functional>
#include <string>
#include <vector>

#include "work.h"

std::vector<std::function<std::size_t()>> observers;

FUNCTION void subscribe(const std::string& name) {
  observers.emplace_back(
      [name, payload = std::string(200, 'v')] { return name.size() + payload.size(); });
}

int main() {
  std::size_t sum = 0;
  observers.reserve(requests);
  for (unsigned i = 0; i < requests; ++i) {
    subscribe("a view with a name that is long enough " + std::to_string(i));
    if (i % 50 == 0) {
      for (const auto& observer : observers) sum += observer();
    }
    wait_for_request();
  }
  return sum > 0 ? 0 : 1;
}
