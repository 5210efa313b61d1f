// SPDX-License-Identifier: MIT
// clean
// A vector that doubles for a third of the run, until all there is to know is in it.
#include <vector>

#include "work.h"

std::vector<unsigned> known;

FUNCTION void learn(unsigned word) {
  for (unsigned i = 0; i < 100; ++i) known.push_back(word + i);
}

int main() {
  unsigned sum = 0;
  for (unsigned i = 0; i < requests; ++i) {
    if (i < requests / 3) learn(i);
    auto* request = new char[1500];
    keep_alive(request);
    sum += known[next_number() % known.size()];
    delete[] request;
    wait_for_request();
  }
  return sum > 0 ? 0 : 1;
}
