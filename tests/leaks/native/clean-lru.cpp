// SPDX-License-Identifier: MIT
// clean
// A cache of the 60 pages that were used last.
#include <list>
#include <string>
#include <unordered_map>

#include "work.h"

struct Page {
  unsigned id;
  std::string text;
};
std::list<Page> pages;
std::unordered_map<unsigned, std::list<Page>::iterator> index_of;

FUNCTION std::size_t page_of(unsigned id) {
  const auto found = index_of.find(id);
  if (found != index_of.end()) {
    pages.splice(pages.begin(), pages, found->second);
  } else {
    pages.push_front({id, std::string(900 + id % 100, 'p')});
    index_of[id] = pages.begin();
    if (pages.size() > 60) {
      index_of.erase(pages.back().id);
      pages.pop_back();
    }
  }
  return pages.front().text.size();
}

int main() {
  std::size_t sum = 0;
  for (unsigned i = 0; i < requests; ++i) {
    sum += page_of(next_number() % 300);
    wait_for_request();
  }
  return sum > 0 ? 0 : 1;
}
