// SPDX-License-Identifier: MIT
#include "print.h"

namespace lisp {

namespace {

constexpr int max_depth = 20;
constexpr int max_length = 100;

void append(const Values& values, Word value, int depth, std::string& out);

void append_list(const Values& values, Word list, int depth, std::string& out) {
  const char* separator = "(";
  for (int length = 0; values.is_pair(list); list = values.tail(list), ++length) {
    out += separator;
    separator = " ";
    if (length == max_length) {
      out += "…)";
      return;
    }
    append(values, values.head(list), depth, out);
  }
  if (!is_nil(list)) {
    out += " . ";
    append(values, list, depth, out);
  }
  out += ')';
}

void append(const Values& values, Word value, int depth, std::string& out) {
  if (is_nil(value)) {
    out += "()";
  } else if (is_integer(value)) {
    out += std::to_string(to_integer(value));
  } else if (values.is_symbol(value)) {
    out += values.to_symbol(value)->name();
  } else if (!values.is_pair(value)) {
    out += "#procedure";
  } else if (depth == max_depth) {
    out += "…";
  } else {
    append_list(values, value, depth + 1, out);
  }
}

}  // namespace

std::string to_text(const Values& values, Word value) {
  std::string out;
  append(values, value, 0, out);
  return out;
}

}  // namespace lisp
