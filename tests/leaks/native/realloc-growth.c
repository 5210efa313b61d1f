// SPDX-License-Identifier: MIT
// leak: append_log
// kind: growing block
// A log in memory that is only ever made longer.
#include "work.h"

static char* text;
static size_t length;

FUNCTION void append_log(const char* line) {
  const size_t size = strlen(line);
  text = realloc(text, length + size + 1);
  memcpy(text + length, line, size + 1);
  length += size;
}

int main(void) {
  char line[400];
  for (unsigned i = 0; i < requests; ++i) {
    snprintf(line, sizeof line, "%0*u\n", 300, i);
    append_log(line);
    char* other = malloc(5000);
    memset(other, 1, 5000);
    free(other);
    wait_for_request();
  }
  return text[0] != 0 ? 0 : 1;
}
