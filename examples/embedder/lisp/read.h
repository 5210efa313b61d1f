// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "values.h"

namespace lisp {

/// Reads expressions from text, one after the other.
class Reader {
 public:
  Reader(Values& values, std::string_view text) : values_(values), text_(text) {}

  /// True when nothing but space and comments is left.
  bool at_end();
  /// The next expression. May collect. Throws Error naming the line.
  /// \pre !at_end()
  Word read();

 private:
  static constexpr int max_depth = 1000;

  Word read_expression(int depth);
  Word read_list(int depth);
  Word read_atom();
  void skip_space();
  [[noreturn]] void fail(const std::string& message) const;

  Values& values_;
  std::string_view text_;
  std::size_t position_ = 0;
  int line_ = 1;
};

}  // namespace lisp
