// SPDX-License-Identifier: MIT
// leak: render
// A map of pointers: its nodes go with it when the program ends, what they point to is lost. One
// leak in two functions.
#include <map>

#include "work.h"

struct Page {
  unsigned id;
  char text[600];
};
std::map<unsigned, Page*> pages;

FUNCTION Page* render(unsigned id) {
  auto* page = new Page{id, {}};
  snprintf(page->text, sizeof page->text, "page %u", id);
  return page;
}

FUNCTION void remember(Page* page) { pages.emplace(page->id, page); }

FUNCTION unsigned serve(unsigned id) {
  Page* page = render(id);
  remember(page);
  return static_cast<unsigned>(page->text[0]);
}

int main() {
  unsigned sum = 0;
  for (unsigned i = 0; i < 4 * requests; ++i) {
    sum += serve(i);
    if (i % 4 == 0) wait_for_request();
  }
  return sum > 0 ? 0 : 1;
}
