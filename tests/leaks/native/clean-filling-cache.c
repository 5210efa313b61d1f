// SPDX-License-Identifier: MIT
// clean
// A table of fixed size fills up while the program runs, and then is full.
#include "work.h"

static char* slots[150];

FUNCTION size_t cached(unsigned key) {
  const unsigned slot = key % 150;
  if (slots[slot] == NULL) {
    slots[slot] = malloc(1000);
    memset(slots[slot], 's', 1000);
  }
  return (size_t)slots[slot][key % 1000];
}

int main(void) {
  size_t sum = 0;
  for (unsigned i = 0; i < requests; ++i) {
    sum += cached(next_number()) + cached(next_number());
    wait_for_request();
  }
  return sum > 0 ? 0 : 1;
}
