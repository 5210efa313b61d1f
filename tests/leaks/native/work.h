/* SPDX-License-Identifier: MIT */
/* What the programs of this corpus share: they serve requests, a few milliseconds apart. */
#ifndef WORK_H
#define WORK_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { requests = 500 };

/* The code in between does not become part of its callers: it has a name in call stacks. */
#define FUNCTION __attribute__((noinline, noclone)) static

static inline void wait_for_request(void) {
  const struct timespec pause = {0, 600 * 1000};
  nanosleep(&pause, NULL);
}

/* So that the compiler does not leave out what is allocated and freed. */
static inline void keep_alive(void* memory) { __asm__ volatile("" : : "r"(memory) : "memory"); }

/* Numbers that look random and are the same every time. */
static inline unsigned next_number(void) {
  static unsigned state = 12345;
  state = state * 1103515245u + 12345u;
  return state >> 16;
}

#endif
