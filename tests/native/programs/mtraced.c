// SPDX-License-Identifier: MIT
// What glibc's mtrace writes of malloc, calloc, realloc, strdup and free; one function leaks.
#include <mcheck.h>
#include <stdlib.h>
#include <string.h>

static char* volatile kept;

__attribute__((noinline)) static void keep_line(unsigned size) {
  kept = malloc(size);
  memset(kept, 1, size);
}

__attribute__((noinline)) static unsigned come_and_go(unsigned size) {
  char* buffer = malloc(size);
  buffer = realloc(buffer, 3 * size);
  memset(buffer, 2, 3 * size);
  char* copy = strdup("a copy that is freed");
  int* zeros = calloc(5, 8);
  const unsigned sum = (unsigned)buffer[size] + (unsigned)copy[0] + (unsigned)zeros[3];
  free(zeros);
  free(copy);
  free(buffer);
  return sum;
}

int main(void) {
  mtrace();
  unsigned sum = 0;
  for (unsigned i = 0; i < 400; ++i) {
    keep_line(200);
    sum += come_and_go(100);
  }
  muntrace();
  return sum > 0 ? 0 : 1;
}
