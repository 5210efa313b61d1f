// SPDX-License-Identifier: MIT
// clean
// Tables that are made at the start and never freed.
#include <map>
#include <string>

#include "work.h"

std::map<unsigned, std::string>* table;

FUNCTION void load_tables() {
  table = new std::map<unsigned, std::string>;
  for (unsigned i = 0; i < 3'000; ++i) (*table)[i] = std::string(100, 't') + std::to_string(i);
}

FUNCTION std::size_t answer(unsigned id) {
  const std::string text = "the answer is " + (*table)[id % 3'000];
  return text.size();
}

int main() {
  load_tables();
  std::size_t sum = 0;
  for (unsigned i = 0; i < requests; ++i) {
    sum += answer(next_number());
    wait_for_request();
  }
  return sum > 0 ? 0 : 1;
}
