// SPDX-License-Identifier: MIT
// clean
// One large arena, from which everything comes.
#include "work.h"

static char* arena;
static size_t used;

FUNCTION char* arena_get(size_t size) {
  if (arena == NULL) arena = malloc(8 << 20);
  if (used + size > 8 << 20) used = 0;
  used += size;
  return arena + used - size;
}

int main(void) {
  size_t sum = 0;
  for (unsigned i = 0; i < requests; ++i) {
    char* block = arena_get(9000);
    memset(block, 1, 9000);
    char* other = malloc(300 + next_number() % 300);
    other[0] = block[5];
    sum += (size_t)other[0];
    free(other);
    wait_for_request();
  }
  return sum > 0 ? 0 : 1;
}
