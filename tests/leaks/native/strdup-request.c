// SPDX-License-Identifier: MIT
// leak: parse_agent
// A copy of a header is made for each request and never freed.
#include "work.h"

struct request {
  char* agent;
  char* body;
};

FUNCTION void parse_agent(struct request* request, const char* header) {
  request->agent = strdup(header);
}

FUNCTION void parse_body(struct request* request) {
  request->body = malloc(2000);
  memset(request->body, 'b', 2000);
}

FUNCTION size_t handle(const char* header) {
  struct request request;
  parse_agent(&request, header);
  parse_body(&request);
  const size_t size = strlen(request.agent) + (size_t)request.body[0];
  free(request.body);
  return size;
}

int main(void) {
  char header[400];
  memset(header, 'a', sizeof header);
  header[sizeof header - 1] = 0;
  size_t sum = 0;
  for (unsigned i = 0; i < requests; ++i) {
    sum += handle(header);
    wait_for_request();
  }
  return sum > 0 ? 0 : 1;
}
