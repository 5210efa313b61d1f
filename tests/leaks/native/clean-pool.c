// SPDX-License-Identifier: MIT
// clean
// Objects go back to a pool and are used again; the pool never shrinks.
#include "work.h"

struct item {
  struct item* next;
  char data[900];
};
static struct item* pool;

FUNCTION struct item* get_item(void) {
  struct item* item = pool;
  if (item != NULL) {
    pool = item->next;
  } else {
    item = malloc(sizeof *item);
    memset(item->data, 1, sizeof item->data);
  }
  return item;
}

FUNCTION void give_back(struct item* item) {
  item->next = pool;
  pool = item;
}

int main(void) {
  struct item* taken[64];
  for (unsigned i = 0; i < requests; ++i) {
    const unsigned count = 8 + next_number() % 56;
    for (unsigned k = 0; k < count; ++k) taken[k] = get_item();
    for (unsigned k = 0; k < count; ++k) give_back(taken[k]);
    char* other = malloc(400);
    memset(other, 1, 400);
    keep_alive(other);
    free(other);
    wait_for_request();
  }
  return pool != NULL ? 0 : 1;
}
