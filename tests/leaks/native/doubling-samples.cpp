// SPDX-License-Identifier: MIT
// leak: record_latency
// kind: growing block
// One vector for all time: it is nearly never allocated again, and then at twice the size.
#include <vector>

#include "work.h"

struct Latency {
  double seconds;
  unsigned request;
};
std::vector<Latency> latencies;

FUNCTION void record_latency(unsigned request) {
  for (unsigned i = 0; i < 40; ++i) latencies.push_back({0.001 * i, request});
}

FUNCTION unsigned answer(unsigned id) {
  std::vector<char> body(2000 + id % 100, 'b');
  keep_alive(body.data());
  return static_cast<unsigned>(body.size());
}

int main() {
  unsigned sum = 0;
  for (unsigned i = 0; i < requests; ++i) {
    sum += answer(i);
    record_latency(i);
    wait_for_request();
  }
  return sum > 0 && latencies.size() == 40 * requests ? 0 : 1;
}
