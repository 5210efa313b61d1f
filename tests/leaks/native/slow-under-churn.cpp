// SPDX-License-Identifier: MIT
// leak: note_slow_query
// A hundred strings a request come and go; every other request a small note stays.
#include <string>
#include <vector>

#include "work.h"

struct Note {
  Note* next;
  char text[150];
};
Note* notes;

FUNCTION std::size_t format_lines(unsigned id) {
  std::vector<std::string> lines;
  for (unsigned i = 0; i < 100; ++i) {
    lines.push_back("a line that is too long for the small buffer, " + std::to_string(id + i));
  }
  std::size_t size = 0;
  for (const std::string& line : lines) size += line.size();
  return size;
}

FUNCTION void note_slow_query(unsigned id) {
  auto* note = new Note;
  std::snprintf(note->text, sizeof note->text, "query %u", id);
  note->next = notes;
  notes = note;
}

int main() {
  std::size_t sum = 0;
  for (unsigned i = 0; i < requests; ++i) {
    sum += format_lines(i);
    if (i % 2 == 0) note_slow_query(i);
    wait_for_request();
  }
  return sum > 0 ? 0 : 1;
}
