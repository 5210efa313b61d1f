// SPDX-License-Identifier: MIT
// leak: queue_audit
// Two functions get their messages from one; one of them frees what it got.
#include "work.h"

struct message {
  struct message* next;
  char text[250];
};
static struct message* audits;

FUNCTION struct message* new_message(unsigned id) {
  struct message* message = malloc(sizeof *message);
  snprintf(message->text, sizeof message->text, "message %u", id);
  message->next = NULL;
  return message;
}

FUNCTION size_t send_reply(unsigned id) {
  struct message* message = new_message(id);
  const size_t size = strlen(message->text);
  free(message);
  return size;
}

FUNCTION void queue_audit(unsigned id) {
  struct message* message = new_message(id);
  message->next = audits;
  audits = message;
}

int main(void) {
  size_t sum = 0;
  for (unsigned i = 0; i < requests; ++i) {
    sum += send_reply(i);
    queue_audit(i);
    wait_for_request();
  }
  return sum > 0 ? 0 : 1;
}
