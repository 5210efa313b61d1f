// SPDX-License-Identifier: MIT
#include "heaplab/support/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstddef>

namespace heaplab {

namespace {

// Three significant figures, and no ".0" that says nothing: 1.5, 23.4, 512.
std::string three_figures(double value) {
  const int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::uint64_t magnitude(std::int64_t value) {
  // Negated as unsigned: the most negative number has no positive counterpart.
  return value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

// The power of 1024 a unit stands for: "" and "B" 0, "K", "KB", "KiB" 1, and so on.
std::optional<int> unit_power(std::string_view unit) {
  std::string lower(unit);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (lower.empty() || lower == "b") return 0;
  constexpr std::string_view letters = "kmgtpe";
  const std::size_t index = letters.find(lower.front());
  const std::string_view rest = std::string_view(lower).substr(1);
  if (index == std::string_view::npos || !(rest.empty() || rest == "b" || rest == "ib")) return {};
  return static_cast<int>(index) + 1;
}

}  // namespace

std::string format_bytes(std::uint64_t bytes) {
  constexpr std::array<const char*, 7> units{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  // 1023.5 and up would print as "1024": it reads better as 1 of the next unit.
  while (value >= 1023.5 && unit + 1 < units.size()) {
    value /= 1024;
    ++unit;
  }
  return fmt::format("{} {}", three_figures(value), units[unit]);
}

std::string format_bytes_change(std::int64_t bytes) {
  if (bytes == 0) return "0 B";
  return (bytes < 0 ? "-" : "+") + format_bytes(magnitude(bytes));
}

std::string format_count(std::uint64_t count) {
  std::string digits = fmt::format("{}", count);
  for (std::size_t place = digits.size(); place > 3; place -= 3) digits.insert(place - 3, ",");
  return digits;
}

std::string format_duration(double seconds) {
  if (seconds >= 59.95) {
    const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
    if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
    return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
  }
  if (seconds >= 0.9995) return three_figures(seconds) + " s";
  if (seconds >= 0.9995e-3) return three_figures(seconds * 1e3) + " ms";
  if (seconds >= 0.9995e-6) return three_figures(seconds * 1e6) + " µs";
  return three_figures(seconds * 1e9) + " ns";
}

std::string format_percent(double part, double whole) {
  if (whole == 0) return "0%";
  return three_figures(100 * part / whole) + "%";
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  if (error != std::errc() || !std::isfinite(number) || number < 0) return {};
  std::string_view unit(rest, static_cast<std::size_t>(end - rest));
  if (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  const std::optional<int> power = unit_power(unit);
  if (!power) return {};
  const double bytes = std::ldexp(number, 10 * *power);
  if (bytes >= 0x1p64) return {};
  return static_cast<std::uint64_t>(bytes);
}

std::string format_quantity(std::uint64_t count, std::string_view singular,
                            std::string_view plural) {
  if (count == 1) return fmt::format("1 {}", singular);
  if (!plural.empty()) return fmt::format("{} {}", format_count(count), plural);
  return fmt::format("{} {}s", format_count(count), singular);
}

}  // namespace heaplab
