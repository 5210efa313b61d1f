// SPDX-License-Identifier: MIT
// clean
// The last hundred messages are kept; each new one takes the place of the oldest.
#include "work.h"

static char* ring[100];

FUNCTION void keep_message(unsigned id) {
  char* message = malloc(400 + next_number() % 200);
  snprintf(message, 400, "message %u", id);
  free(ring[id % 100]);
  ring[id % 100] = message;
}

int main(void) {
  for (unsigned i = 0; i < 4 * requests; ++i) {
    keep_message(i);
    if (i % 4 == 0) wait_for_request();
  }
  return ring[0] != NULL ? 0 : 1;
}
