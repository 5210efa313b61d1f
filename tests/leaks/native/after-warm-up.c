// SPDX-License-Identifier: MIT
// leak: store_metric
// Tables are filled first; what leaks begins when the program has been running for a while.
#include "work.h"

static char* tables[200];
static char** metrics;
static unsigned metric_count;

FUNCTION void fill_tables(void) {
  for (unsigned i = 0; i < 200; ++i) {
    tables[i] = malloc(6000);
    memset(tables[i], 1, 6000);
  }
  metrics = calloc(requests, sizeof *metrics);
}

FUNCTION void store_metric(unsigned value) {
  char* metric = malloc(350);
  snprintf(metric, 350, "value %u", value);
  metrics[metric_count++] = metric;
}

int main(void) {
  fill_tables();
  for (unsigned i = 0; i < requests; ++i) {
    char* work = malloc(800);
    memset(work, 2, 800);
    free(work);
    if (i > requests / 3) store_metric(i);
    wait_for_request();
  }
  return tables[0][0] + (int)metric_count > 0 ? 0 : 1;
}
