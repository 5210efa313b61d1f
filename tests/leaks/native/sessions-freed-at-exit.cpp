// SPDX-License-Identifier: MIT
// leak: open_session
// kind: memory freed only at exit
// A map by value: everything is freed when the program ends, and nothing before.
#include <string>
#include <unordered_map>

#include "work.h"

std::unordered_map<unsigned, std::string> sessions;

FUNCTION void open_session(unsigned id) { sessions[id] = std::string(400, 's'); }

int main() {
  for (unsigned i = 0; i < requests; ++i) {
    open_session(i);
    std::string reply(1000, 'r');
    keep_alive(reply.data());
    wait_for_request();
  }
  return sessions.size() == requests ? 0 : 1;
}
