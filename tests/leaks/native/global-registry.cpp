// SPDX-License-Identifier: MIT
// leak: register_session
// kind: memory freed only at exit
// A registry of all there ever was; its destructor frees it when the program ends.
#include <memory>
#include <string>
#include <unordered_map>

#include "work.h"

struct Session {
  std::string user;
  char state[180];
};
std::unordered_map<unsigned, std::unique_ptr<Session>> registry;

FUNCTION void register_session(unsigned id) {
  auto session = std::make_unique<Session>();
  session->user = "somebody with quite a long name, number " + std::to_string(id);
  registry[id] = std::move(session);
}

int main() {
  for (unsigned i = 0; i < requests; ++i) {
    register_session(i);
    wait_for_request();
  }
  return registry.size() == requests ? 0 : 1;
}
