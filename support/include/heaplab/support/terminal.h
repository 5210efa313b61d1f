// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace heaplab {

/// True when the file descriptor is a terminal a person looks at.
bool is_terminal(int file_descriptor);

/// True when colour may be written to the descriptor: a terminal that can show it, and the user has
/// not said no (NO_COLOR, https://no-color.org). FORCE_COLOR says yes where there is no terminal.
bool wants_colour(int file_descriptor);

/// Columns of the terminal on the descriptor, else COLUMNS, else `fallback`. Never less than 20, so
/// a caller can subtract its margins.
std::size_t terminal_width(int file_descriptor, std::size_t fallback = 80);

enum class Colour { none, red, green, yellow, blue, magenta, cyan, grey };

/// Wraps text in colour and weight, or leaves it alone: decided once, when it is made.
///
///     const Painter paint(STDOUT_FILENO);
///     std::puts(paint.bold("leak").c_str());
class Painter {
 public:
  explicit Painter(int file_descriptor) : enabled_(wants_colour(file_descriptor)) {}
  explicit Painter(bool enabled) : enabled_(enabled) {}

  bool enabled() const { return enabled_; }
  std::string bold(std::string_view text) const { return wrap("1", text); }
  std::string dim(std::string_view text) const { return wrap("2", text); }
  std::string colour(Colour colour, std::string_view text) const;

 private:
  std::string wrap(std::string_view code, std::string_view text) const;

  bool enabled_;
};

}  // namespace heaplab
