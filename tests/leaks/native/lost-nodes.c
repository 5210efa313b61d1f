// SPDX-License-Identifier: MIT
// leak: push_job
// A finished job is taken out of the list, and its node forgotten.
#include "work.h"

struct job {
  struct job* next;
  char input[240];
};
static struct job* jobs;

FUNCTION void push_job(unsigned id) {
  struct job* job = malloc(sizeof *job);
  snprintf(job->input, sizeof job->input, "job %u", id);
  job->next = jobs;
  jobs = job;
}

FUNCTION unsigned finish_job(void) {
  const unsigned size = (unsigned)strlen(jobs->input);
  jobs = jobs->next;
  return size;
}

int main(void) {
  unsigned sum = 0;
  for (unsigned i = 0; i < requests; ++i) {
    push_job(i);
    sum += finish_job();
    wait_for_request();
  }
  return sum > 0 ? 0 : 1;
}
