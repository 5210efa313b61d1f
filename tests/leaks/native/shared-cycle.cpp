// SPDX-License-Identifier: MIT
// leak: open_session
// Two objects own each other: neither count ever gets to zero.
#include <memory>
#include <string>

#include "work.h"

struct Connection;
struct Session {
  std::shared_ptr<Connection> connection;
  char state[150];
};
struct Connection {
  std::shared_ptr<Session> session;
  char buffer[150];
};

FUNCTION std::shared_ptr<Session> open_session() {
  auto session = std::make_shared<Session>();
  session->connection = std::make_shared<Connection>();
  session->connection->session = session;
  return session;
}

int main() {
  long sum = 0;
  for (unsigned i = 0; i < requests; ++i) {
    sum += open_session().use_count();
    wait_for_request();
  }
  return sum > 0 ? 0 : 1;
}
