// SPDX-License-Identifier: MIT
// From the tree to the matcher's code.
#include "regexp/program.h"

#include <algorithm>
#include <utility>

#include "builtins/string.h"

namespace heaplab::interp::regexp {

namespace {

using Kind = Term::Kind;

class ProgramCompiler {
 public:
  explicit ProgramCompiler(const Pattern& pattern) : pattern_(pattern) {
    program_.unicode = pattern.has(kUnicode);
    program_.ignore_case = pattern.has(kIgnoreCase);
    program_.group_count = pattern.group_count;
    program_.register_count = 2 * (pattern.group_count + 1);
  }

  Program run() {
    put({.op = Op::save, .a = 0});
    emit(*pattern_.root);
    put({.op = Op::save, .a = 1});
    put({.op = Op::match});
    return std::move(program_);
  }

 private:
  std::uint32_t here() const { return static_cast<std::uint32_t>(program_.code.size()); }
  std::uint32_t put(Instruction instruction) {
    instruction.backward = backward_;
    program_.code.push_back(instruction);
    return here() - 1;
  }
  Instruction& at(std::uint32_t index) { return program_.code[index]; }
  std::uint32_t new_registers(std::uint32_t count) {
    return std::exchange(program_.register_count, program_.register_count + count);
  }

  void emit(const Term& term) {
    switch (term.kind) {
      case Kind::sequence:
        return emit_sequence(term);
      case Kind::choice:
        return emit_choice(term);
      case Kind::literal:
        put({.op = Op::literal, .a = fold(term.code)});
        return;
      case Kind::any:
      case Kind::set:
        put({.op = Op::set, .a = add_set(term)});
        return;
      case Kind::start:
        put({.op = Op::assert_start, .flag = pattern_.has(kMultiline)});
        return;
      case Kind::end:
        put({.op = Op::assert_end, .flag = pattern_.has(kMultiline)});
        return;
      case Kind::boundary:
        put({.op = Op::boundary, .flag = term.negated});
        return;
      case Kind::group:
        return emit_group(term);
      case Kind::look:
        return emit_look(term);
      case Kind::reference:
        put({.op = Op::reference, .a = term.group});
        return;
      case Kind::repeat:
        return emit_repeat(term);
    }
  }

  void emit_sequence(const Term& term) {
    if (backward_) {
      for (auto it = term.parts.rbegin(); it != term.parts.rend(); ++it) emit(**it);
    } else {
      for (const auto& part : term.parts) emit(*part);
    }
  }

  void emit_choice(const Term& term) {
    std::vector<std::uint32_t> ends;
    for (std::size_t i = 0; i + 1 < term.parts.size(); ++i) {
      const std::uint32_t split = put({.op = Op::split});
      emit(*term.parts[i]);
      ends.push_back(put({.op = Op::jump}));
      at(split).a = here();
    }
    emit(*term.parts.back());
    for (const std::uint32_t jump : ends) at(jump).a = here();
  }

  void emit_group(const Term& term) {
    if (term.group == 0) return emit(*term.parts[0]);
    // A group captures when it closes: where it began is kept aside.
    const std::uint32_t began = new_registers(1);
    put({.op = Op::save, .a = began});
    emit(*term.parts[0]);
    put({.op = Op::close, .a = 2 * term.group, .b = began});
  }

  void emit_look(const Term& term) {
    const bool outside = std::exchange(backward_, term.behind);
    const std::uint32_t height = new_registers(2);
    const std::uint32_t look = put({.op = Op::look, .flag = term.negated, .a = height});
    emit(*term.parts[0]);
    put({.op = Op::look_end, .flag = term.negated, .a = height});
    at(look).b = here();
    backward_ = outside;
  }

  void emit_repeat(const Term& term) {
    if (term.high == 0) return;
    const Term& body = *term.parts[0];
    const bool one_unit =
        body.kind == Kind::literal || body.kind == Kind::any || body.kind == Kind::set;
    if (one_unit && term.greedy && !backward_ && !program_.unicode) {
      put({.op = Op::run, .a = add_set(body), .b = term.low, .c = term.high});
      return;
    }
    const std::uint32_t counter = new_registers(2);
    put({.op = Op::set_register, .a = counter, .b = 0});
    const std::uint32_t loop = put({.op = term.greedy ? Op::loop : Op::loop_lazy,
                                    .a = counter,
                                    .b = term.low,
                                    .c = term.high});
    const std::uint32_t out = put({.op = Op::jump});
    put({.op = Op::save, .a = counter + 1});
    if (term.captures()) {
      put({.op = Op::clear, .a = 2 * term.first_group, .b = 2 * term.end_group});
    }
    emit(body);
    put({.op = Op::loop_end, .a = counter, .b = loop, .c = term.low});
    at(out).a = here();
  }

  // ---- Sets

  char32_t fold(char32_t code) const {
    return program_.ignore_case ? builtins::case_folded(code, program_.unicode) : code;
  }

  std::uint32_t add_set(const Term& term) {
    CharSet members;
    if (term.kind == Kind::literal) {
      members.add(CodeRange{term.code, term.code});
    } else if (term.kind == Kind::any) {
      if (!pattern_.has(kDotAll)) members.add(line_break_ranges);
    }
    for (const ClassItem& item : term.items) add_item(item, members);
    members.finish(false);
    CharSet folded;
    if (program_.ignore_case && term.kind != Kind::any) {
      add_folded(members, folded);
    } else {
      folded.add(members.ranges());
    }
    folded.finish(term.negated || term.kind == Kind::any);
    program_.sets.push_back(std::move(folded));
    return static_cast<std::uint32_t>(program_.sets.size() - 1);
  }

  void add_item(const ClassItem& item, CharSet& members) const {
    CharSet one;
    if (item.kind == ClassItem::Kind::range) {
      one.add(item.range);
    } else if (item.kind == ClassItem::Kind::property) {
      one = property_set(item.property);
    } else {
      one.add(ranges_of(item.kind));
      if (item.kind == ClassItem::Kind::word && program_.unicode && program_.ignore_case) {
        one.add(CodeRange{0x17f, 0x17f});    // long s is compared as s,
        one.add(CodeRange{0x212a, 0x212a});  // the Kelvin sign as k
      }
    }
    one.finish(item.negated);
    members.add(one.ranges());
  }

  void add_folded(const CharSet& members, CharSet& folded) const {
    constexpr char32_t last_cased = 0x1ffff;  // nothing beyond has case
    for (const auto& [first, last] : members.ranges()) {
      for (char32_t code = first; code <= std::min(last, last_cased); ++code) {
        const char32_t other = fold(code);
        folded.add(CodeRange{other, other});
      }
      if (last > last_cased) folded.add(CodeRange{std::max<char32_t>(first, last_cased + 1), last});
    }
  }

  const Pattern& pattern_;
  Program program_;
  bool backward_ = false;
};

}  // namespace

Program compile_program(const Pattern& pattern) { return ProgramCompiler(pattern).run(); }

}  // namespace heaplab::interp::regexp
