// SPDX-License-Identifier: MIT
#include <algorithm>

#include "heaplab/leakcheck/snapshots.h"
#include "heaplab/support/file.h"
#include "heaplab/trace/leak_patterns.h"

namespace heaplab::leakcheck {
namespace {

/// `*` stands for any text, `?` for one byte; the pattern must match the whole. Linear but for
/// backtracking to the last `*`.
bool matches_whole(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool is_suppressed(const Leak& leak, const std::vector<std::string>& patterns) {
  const std::string texts[] = {leak.culprit.path, leak.culprit.type, leak.accumulates.type,
                               leak.culprit.place.text()};
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    const std::string sanitizer = trace::leak_pattern_of_line(pattern);
    return std::any_of(std::begin(texts), std::end(texts), [&](const std::string& text) {
      if (!sanitizer.empty()) return trace::matches_leak_pattern(sanitizer, text);
      return !text.empty() && matches_whole("*" + pattern + "*", text);
    });
  });
}

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

}  // namespace

std::size_t suppress(Report& report, const std::vector<std::string>& patterns) {
  return std::erase_if(report.leaks,
                       [&](const Leak& leak) { return is_suppressed(leak, patterns); });
}

std::vector<std::string> read_suppressions(const std::string& path) {
  constexpr std::uint64_t most_bytes = 1 << 20;
  const std::string text = read_text_file(path, most_bytes);
  std::vector<std::string> patterns;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    std::string line = text.substr(start, end - start);
    // A `#` within a pattern is a private name (`Registry.#items`).
    const std::size_t comment = line.find(" #");
    line = trimmed(line.substr(0, comment));
    if (!line.empty() && line[0] != '#') patterns.push_back(line);
    start = end + 1;
  }
  return patterns;
}

}  // namespace heaplab::leakcheck
