// SPDX-License-Identifier: MIT
#include "read.h"

#include <cctype>
#include <charconv>

namespace lisp {

namespace {

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
bool ends_atom(char c) { return is_space(c) || c == '(' || c == ')' || c == ';' || c == '\''; }

}  // namespace

bool Reader::at_end() {
  skip_space();
  return position_ == text_.size();
}

Word Reader::read() { return read_expression(0); }

Word Reader::read_expression(int depth) {
  if (depth > max_depth) fail("nested too deeply");
  if (at_end()) fail("the program ends inside a list");
  const char c = text_[position_];
  if (c == '(') {
    ++position_;
    return read_list(depth + 1);
  }
  if (c == ')') fail("a ) too many");
  if (c != '\'') return read_atom();
  ++position_;
  const Local quoted(values_.stack(), values_.cons(read_expression(depth + 1), nil));
  const Word quote = values_.symbol("quote");
  return values_.cons(quote, quoted.get());
}

// A list grows at its end, so the last pair is kept as well as the first.
Word Reader::read_list(int depth) {
  Local first(values_.stack(), nil);
  Local last(values_.stack(), nil);
  for (;;) {
    if (at_end()) fail("a ) is missing");
    if (text_[position_] == ')') break;
    const Word pair = values_.cons(read_expression(depth), nil);
    if (is_nil(first.get())) {
      first.set(pair);
    } else {
      values_.set_tail(last.get(), pair);
    }
    last.set(pair);
  }
  ++position_;
  return first.get();
}

Word Reader::read_atom() {
  const std::size_t start = position_;
  while (position_ < text_.size() && !ends_atom(text_[position_])) ++position_;
  const std::string_view atom = text_.substr(start, position_ - start);
  std::int64_t number = 0;
  const char* end = atom.data() + atom.size();
  const auto [rest, error] = std::from_chars(atom.data(), end, number);
  if (rest == end && error == std::errc::result_out_of_range) fail("the number is too large");
  if (rest == end && error == std::errc()) return integer(number);
  return values_.symbol(std::string(atom));
}

void Reader::skip_space() {
  bool comment = false;
  for (; position_ < text_.size(); ++position_) {
    const char c = text_[position_];
    if (c == '\n') {
      ++line_;
      comment = false;
    } else if (c == ';') {
      comment = true;
    } else if (!comment && !is_space(c)) {
      return;
    }
  }
}

void Reader::fail(const std::string& message) const {
  throw Error("line " + std::to_string(line_) + ": " + message);
}

}  // namespace lisp
