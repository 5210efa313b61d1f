// SPDX-License-Identifier: MIT
// leak: add_route
// A function that others ask for memory, and none of them frees: but only one asks without end.
#include "work.h"

struct entry {
  struct entry* next;
  char text[300];
};
static struct entry *words, *hosts, *routes;

FUNCTION struct entry* entry_for(struct entry* next, const char* text) {
  struct entry* entry = malloc(sizeof *entry);
  snprintf(entry->text, sizeof entry->text, "%s", text);
  entry->next = next;
  return entry;
}

FUNCTION void load_words(void) {
  for (int i = 0; i < 120; ++i) words = entry_for(words, "word");
}

FUNCTION void note_host(unsigned host) {
  static char known[64];
  if (known[host % 64]) return;
  known[host % 64] = 1;
  hosts = entry_for(hosts, "host");
}

FUNCTION void add_route(unsigned id) {
  char text[40];
  snprintf(text, sizeof text, "route %u", id);
  routes = entry_for(routes, text);
}

int main(void) {
  load_words();
  for (unsigned i = 0; i < requests; ++i) {
    note_host(next_number());
    add_route(i);
    void* other = malloc(700);
    keep_alive(other);
    free(other);
    wait_for_request();
  }
  return words != NULL && hosts != NULL ? 0 : 1;
}
