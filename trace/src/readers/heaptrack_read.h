// SPDX-License-Identifier: MIT
#pragma once

#include "heaptrack_tables.h"
#include "hex.h"

namespace heaplab::trace::heaptrack {

/// The one number of a line like `c 1f`.
inline std::uint64_t read_only_number(const TextLines& lines, const char* place,
                                      std::string_view line) {
  const char* at = place + 2;
  std::uint64_t value = 0;
  if (line.size() < 3 || line[1] != ' ' || !read_hex(at, value)) {
    lines.fail(place, "this line needs a hexadecimal number");
  }
  return value;
}

/// A thousand years.
inline constexpr std::uint64_t most_ms = std::uint64_t{1} << 45;

template <class Handler>
void read(TextLines& lines, Tables& tables, Handler& handler) {
  while (lines.next()) {
    const char* const end = lines.end();
    for (const char* place = lines.begin(); place != end;) {
      if (tables.in_command_line()) {
        const std::string_view line = line_at(place, end);
        if (tables.continue_command_line(line)) {
          place += line.size() + 1;
          continue;
        }
      }
      if (*place == '+' || *place == '-') {
        tables.begin_events();
        tables.last_letter = '+';
        place = handler.on_event(place);
        continue;
      }
      const std::string_view line = line_at(place, end);
      const char letter = line.empty() ? '#' : line[0];
      if (letter != '#') tables.last_letter = letter;
      if (letter == 'c') {
        const std::uint64_t time = read_only_number(lines, place, line);
        if (time < tables.time_ms || time > most_ms) lines.fail(place, "time goes backwards");
        tables.time_ms = time;
        handler.on_time(time);
      } else if (letter == 'R') {
        const std::uint64_t pages = read_only_number(lines, place, line);
        tables.has_memory = true;
        if (pages > most_allocation_bytes) lines.fail(place, "more pages than any memory has");
        handler.on_memory(pages);
      } else {
        tables.read_line(place, line);
        handler.on_tables(letter);
      }
      place += line.size() + 1;
    }
    handler.on_run();
  }
}

}  // namespace heaplab::trace::heaptrack
