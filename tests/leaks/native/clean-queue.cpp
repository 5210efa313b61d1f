// SPDX-License-Identifier: MIT
// clean
// Work comes in bursts and is done in between.
#include <deque>
#include <memory>
#include <string>

#include "work.h"

std::deque<std::unique_ptr<std::string>> queue;

FUNCTION void enqueue(unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    queue.push_back(std::make_unique<std::string>(500 + next_number() % 400, 'q'));
  }
}

FUNCTION std::size_t drain(unsigned count) {
  std::size_t size = 0;
  for (; count > 0 && !queue.empty(); --count) {
    size += queue.front()->size();
    queue.pop_front();
  }
  return size;
}

int main() {
  std::size_t sum = 0;
  for (unsigned i = 0; i < requests; ++i) {
    if (i % 40 == 0) enqueue(60 + next_number() % 60);
    sum += drain(3);
    wait_for_request();
  }
  return sum > 0 ? 0 : 1;
}
