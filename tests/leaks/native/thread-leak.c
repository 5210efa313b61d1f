// SPDX-License-Identifier: MIT
// leak: poll_sensor
// A thread in the background keeps what it measures; the main thread is well behaved.
#include <pthread.h>

#include "work.h"

struct reading {
  struct reading* before;
  double values[30];
};
static struct reading* newest;

FUNCTION void poll_sensor(unsigned step) {
  struct reading* reading = malloc(sizeof *reading);
  reading->values[0] = step;
  reading->before = newest;
  newest = reading;
}

static void* watch(void* unused) {
  for (unsigned i = 0; i < requests; ++i) {
    poll_sensor(i);
    wait_for_request();
  }
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, watch, NULL);
  size_t sum = 0;
  for (unsigned i = 0; i < requests / 2; ++i) {
    char* answer = malloc(3000);
    memset(answer, 'x', 3000);
    sum += (size_t)answer[i];
    free(answer);
    wait_for_request();
  }
  pthread_join(thread, NULL);
  return sum > 0 ? 0 : 1;
}
