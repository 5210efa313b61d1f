// SPDX-License-Identifier: MIT
// leak: remember_event
// Every event is kept in a list that nobody reads.
#include <vector>

#include "work.h"

struct Event {
  unsigned id;
  char text[200];
};
std::vector<Event*> events;

FUNCTION void remember_event(unsigned id) {
  auto* event = new Event{id, "something happened"};
  events.push_back(event);
}

int main() {
  for (unsigned i = 0; i < requests; ++i) {
    remember_event(i);
    wait_for_request();
  }
  return events.size() == requests ? 0 : 1;
}
