// SPDX-License-Identifier: MIT
#include "heaplab/trace/leak_patterns.h"

namespace heaplab::trace {

bool matches_leak_pattern(std::string_view pattern, std::string_view text) {
  if (text.empty()) return false;
  if (pattern == text) return true;
  bool at_start = pattern.starts_with('^');
  bool after_star = false;
  if (at_start) pattern.remove_prefix(1);
  while (!pattern.empty()) {
    if (pattern.front() == '$') return text.empty() || after_star;
    if (pattern.front() == '*') {
      pattern.remove_prefix(1);
      at_start = false;
      after_star = true;
      continue;
    }
    const std::string_view literal = pattern.substr(0, pattern.find_first_of("*$"));
    const std::size_t found = text.find(literal);
    if (found == std::string_view::npos || (at_start && found != 0)) return false;
    text.remove_prefix(found + literal.size());
    pattern.remove_prefix(literal.size());
    at_start = after_star = false;
  }
  return true;
}

std::string leak_pattern_of_line(std::string_view line) {
  constexpr std::string_view prefix = "leak:";
  constexpr std::string_view blank = " \t\r\n";
  const std::size_t first = line.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  line = line.substr(first, line.find_last_not_of(blank) - first + 1);
  return line.starts_with(prefix) ? std::string(line.substr(prefix.size())) : std::string();
}

const std::vector<std::string>& builtin_leak_patterns() {
  static const std::vector<std::string> patterns = {
      "__nss_module_allocate", "__gconv_read_conf",  "__new_exitfn", "tzset_internal",
      "dl_open_worker",        "g_main_context_new", "g_thread_self"};
  return patterns;
}

}  // namespace heaplab::trace
