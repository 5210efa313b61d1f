// SPDX-License-Identifier: MIT
#include "snapshot/weak_map_label.h"

#include <algorithm>

namespace heaplab::inspector {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Removes digits from the end; false if there are none.
bool drop_digits(std::string_view& text, std::uint64_t* value = nullptr) {
  std::size_t first = text.size();
  while (first > 0 && is_digit(text[first - 1])) --first;
  if (first == text.size()) return false;
  if (value != nullptr) {
    *value = 0;
    for (const char c : text.substr(first)) *value = *value * 10 + static_cast<unsigned>(c - '0');
  }
  text.remove_suffix(text.size() - first);
  return true;
}

bool drop_end(std::string_view& text, std::string_view end) {
  if (!text.ends_with(end)) return false;
  text.remove_suffix(end.size());
  return true;
}

/// "… @12"
bool ends_in_id(std::string_view text) { return drop_digits(text) && text.ends_with(" @"); }

}  // namespace

std::optional<WeakMapLabel> parse_weak_map_label(std::string_view name) {
  constexpr std::string_view opening = " / part of key (";
  constexpr std::string_view middle = ") -> value (";
  if (name.empty() || !is_digit(name[0])) return {};
  const std::size_t number_end = name.find_first_not_of("0123456789");
  if (number_end == std::string_view::npos) return {};
  std::string_view rest = name.substr(number_end);
  if (!rest.starts_with(opening) || rest.find('\n') != std::string_view::npos) return {};
  WeakMapLabel label{0, rest};
  if (!drop_end(rest, ")") || !drop_digits(rest, &label.table_id)) return {};
  if (!drop_end(rest, ") pair in WeakMap (table @")) return {};
  rest.remove_prefix(opening.size());
  // Names of keys and values are the program's: any text between may look like the middle.
  for (std::size_t at = rest.find(middle); at != std::string_view::npos;
       at = rest.find(middle, at + 1)) {
    if (ends_in_id(rest.substr(0, at)) && ends_in_id(rest.substr(at + middle.size()))) return label;
  }
  return {};
}

}  // namespace heaplab::inspector
