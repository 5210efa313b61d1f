// SPDX-License-Identifier: MIT
// clean
// fragments
// Of each large block a small one stays, and the next are larger than the holes that leaves: the
// heap grows, though hardly anything is allocated.
#include "work.h"

static char* pins[16 * 60];
static unsigned pin_count;

FUNCTION size_t render_tiles(unsigned round) {
  char* tiles[16];
  const size_t size = 4000 + 300 * round;
  for (unsigned i = 0; i < 16; ++i) {
    tiles[i] = malloc(size);
    memset(tiles[i], 1, size);
  }
  for (unsigned i = 0; i < 16; ++i) pins[pin_count++] = realloc(tiles[i], 16);
  return size;
}

int main(void) {
  size_t sum = 0;
  for (unsigned i = 0; i < requests; ++i) {
    if (i % 9 == 0 && i / 9 < 60) sum += render_tiles(i / 9);
    wait_for_request();
  }
  return sum > 0 && pins[0] != NULL ? 0 : 1;
}
