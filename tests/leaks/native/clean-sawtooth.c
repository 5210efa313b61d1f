// SPDX-License-Identifier: MIT
// clean
// Lines gather until there are a hundred and some; then all are written and freed.
#include "work.h"

static char* lines[170];
static unsigned count;
static size_t written;

FUNCTION void flush_lines(void) {
  for (unsigned i = 0; i < count; ++i) {
    written += strlen(lines[i]);
    free(lines[i]);
  }
  count = 0;
}

FUNCTION void add_line(unsigned id) {
  char* line = malloc(700);
  snprintf(line, 700, "line %u", id);
  lines[count++] = line;
  if (count == 170) flush_lines();
}

int main(void) {
  for (unsigned i = 0; i < requests; ++i) {
    add_line(i);
    wait_for_request();
  }
  return written > 0 ? 0 : 1;
}
