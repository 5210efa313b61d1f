// SPDX-License-Identifier: MIT
// leak: describe_order
// The C library allocates, the caller should free.
#define _GNU_SOURCE
#include "work.h"

FUNCTION size_t describe_order(unsigned id) {
  char* text = NULL;
  const int size = asprintf(&text, "order %0*u", 250, id);
  return size < 0 || text == NULL ? 0 : (size_t)size;
}

int main(void) {
  size_t sum = 0;
  for (unsigned i = 0; i < requests; ++i) {
    sum += describe_order(i);
    wait_for_request();
  }
  return sum > 0 ? 0 : 1;
}
