// SPDX-License-Identifier: MIT
// leak: log_request
// Everything is allocated by one function, through another; of five that ask it, one never gives
// anything back, one keeps a table it allocated at the start, and one a ring of the last few.
#include "work.h"

struct buffer {
  size_t size;
  char* data;
};

FUNCTION void* take_memory(size_t size) {
  void* memory = malloc(size);
  if (memory == NULL) abort();
  return memory;
}

FUNCTION struct buffer* new_buffer(size_t size) {
  struct buffer* buffer = take_memory(sizeof *buffer);
  buffer->size = size;
  buffer->data = take_memory(size);
  memset(buffer->data, 'x', size);
  return buffer;
}

FUNCTION void drop_buffer(struct buffer* buffer) {
  if (buffer == NULL) return;
  free(buffer->data);
  free(buffer);
}

static struct buffer* tables[40];
static struct buffer* recent[16];
static struct buffer* logged[requests];

FUNCTION void load_tables(void) {
  for (int i = 0; i < 40; ++i) tables[i] = new_buffer(2000);
}

FUNCTION size_t read_request(unsigned id) {
  struct buffer* buffer = new_buffer(500 + id % 50);
  const size_t size = buffer->size;
  drop_buffer(buffer);
  return size;
}

FUNCTION size_t write_reply(unsigned id) {
  struct buffer* buffer = new_buffer(900 + id % 70);
  const size_t size = buffer->size;
  drop_buffer(buffer);
  return size;
}

FUNCTION void note_recent(unsigned id) {
  drop_buffer(recent[id % 16]);
  recent[id % 16] = new_buffer(300);
}

FUNCTION void log_request(unsigned id) { logged[id] = new_buffer(200); }

int main(void) {
  size_t sum = 0;
  load_tables();
  for (unsigned i = 0; i < requests; ++i) {
    sum += read_request(i);
    log_request(i);
    note_recent(i);
    sum += write_reply(i);
    wait_for_request();
  }
  return sum > 0 && logged[0] != NULL ? 0 : 1;
}
