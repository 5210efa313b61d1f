// SPDX-License-Identifier: MIT
// leak: accept_connection
// Everything is allocated by xmalloc; only one of its callers forgets something.
#include "work.h"

__attribute__((noinline, noclone)) static void* xmalloc(size_t size) {
  void* memory = malloc(size);
  if (memory == NULL) abort();
  return memory;
}

struct connection {
  char* buffer;
  unsigned id;
};

FUNCTION struct connection* accept_connection(unsigned id) {
  struct connection* connection = xmalloc(sizeof *connection);
  connection->buffer = xmalloc(1024);
  connection->id = id;
  return connection;
}

FUNCTION void close_connection(struct connection* connection) { free(connection); }

FUNCTION size_t render_page(unsigned id) {
  char* page = xmalloc(4000);
  const int size = snprintf(page, 4000, "page %u", id);
  free(page);
  return (size_t)size;
}

int main(void) {
  size_t sum = 0;
  for (unsigned i = 0; i < requests; ++i) {
    struct connection* connection = accept_connection(i);
    sum += render_page(i) + render_page(i + 1);
    close_connection(connection);
    wait_for_request();
  }
  return sum > 0 ? 0 : 1;
}
