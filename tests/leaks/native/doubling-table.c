// SPDX-License-Identifier: MIT
// leak: remember_visitor
// kind: growing block
// A hash table with open addressing: never shrinks, never forgets; all its memory is one block.
#include "work.h"

static unsigned* table;
static size_t capacity, count;

FUNCTION void put(unsigned* into, size_t size, unsigned key) {
  size_t slot = key * 2654435761u % size;
  while (into[slot] != 0 && into[slot] != key) slot = (slot + 1) % size;
  into[slot] = key;
}

FUNCTION void remember_visitor(unsigned visitor) {
  if (2 * ++count > capacity) {
    const size_t larger = capacity == 0 ? 16 : 2 * capacity;
    unsigned* moved = calloc(larger, sizeof *moved);
    for (size_t i = 0; i < capacity; ++i) {
      if (table[i] != 0) put(moved, larger, table[i]);
    }
    free(table);
    table = moved;
    capacity = larger;
  }
  put(table, capacity, visitor);
}

int main(void) {
  unsigned visitor = 0;
  for (unsigned i = 0; i < requests; ++i) {
    char* page = malloc(3000);
    memset(page, 'p', 3000);
    keep_alive(page);
    for (int j = 0; j < 30; ++j) remember_visitor(++visitor);
    free(page);
    wait_for_request();
  }
  return count == 30 * requests ? 0 : 1;
}
