// SPDX-License-Identifier: MIT
#include "heaplab/support/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

namespace heaplab {

namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

// 0 when nobody says how wide the terminal is.
std::size_t reported_width(int file_descriptor) {
  winsize size{};
  if (ioctl(file_descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const std::string_view columns = environment("COLUMNS");
  std::size_t width = 0;
  std::from_chars(columns.data(), columns.data() + columns.size(), width);
  return width;
}

}  // namespace

bool is_terminal(int file_descriptor) { return isatty(file_descriptor) == 1; }

bool wants_colour(int file_descriptor) {
  if (!environment("NO_COLOR").empty()) return false;
  const std::string_view force = environment("FORCE_COLOR");
  if (!force.empty()) return force != "0";
  return is_terminal(file_descriptor) && environment("TERM") != "dumb";
}

std::size_t terminal_width(int file_descriptor, std::size_t fallback) {
  const std::size_t width = reported_width(file_descriptor);
  return std::max<std::size_t>(20, width == 0 ? fallback : width);
}

std::string Painter::colour(Colour colour, std::string_view text) const {
  constexpr std::array<const char*, 8> codes{"", "31", "32", "33", "34", "35", "36", "90"};
  if (colour == Colour::none) return std::string(text);
  return wrap(codes[static_cast<std::size_t>(colour)], text);
}

std::string Painter::wrap(std::string_view code, std::string_view text) const {
  if (!enabled_) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

}  // namespace heaplab
