// SPDX-License-Identifier: MIT
// Backtracking with one explicit stack. It holds, in the order in which they came about, the ways
// not yet tried (choices) and the registers' old values (undo). To fail is to pop: old values are
// put back until a choice is met. So a choice always finds the registers as they were, and nothing
// is ever copied.
#include "regexp/matcher.h"

#include <algorithm>

#include "builtins/string.h"

namespace heaplab::interp::regexp {

namespace {

// Some seconds of hopeless backtracking.
constexpr std::uint64_t most_failures = 100'000'000;
// 192 MiB.
constexpr std::size_t most_entries = 16u << 20;

constexpr std::uint32_t unset = ~std::uint32_t{0};
constexpr std::uint32_t undo_mark = ~std::uint32_t{0};

struct Entry {
  std::uint32_t target;  ///< where to go on, or undo_mark
  std::uint32_t a;       ///< choice: the position; undo: the register
  std::uint32_t b;       ///< choice: may be tried at each position from here to a; undo: its value
};

class Machine {
 public:
  Machine(const Program& program, std::u16string_view text)
      : program_(program), text_(text), registers_(program.register_count) {}

  Outcome run(std::size_t start);
  const std::vector<std::uint32_t>& registers() const { return registers_; }
  std::uint64_t failures() const { return failures_; }

 private:
  void choose(std::uint32_t target, std::uint32_t lowest, std::uint32_t position) {
    stack_.push_back({target, position, lowest});
  }
  void write(std::uint32_t reg, std::uint32_t value) {
    stack_.push_back({undo_mark, reg, registers_[reg]});
    registers_[reg] = value;
  }
  bool fail();
  bool step(const Instruction& at);

  char32_t fold(char32_t code) const {
    return program_.ignore_case ? builtins::case_folded(code, program_.unicode) : code;
  }
  bool take(bool backward, char32_t* code);
  bool take_run(const Instruction& at);
  bool take_reference(const Instruction& at);
  void close_group(const Instruction& at);
  void clear(std::uint32_t first, std::uint32_t end);
  void enter_loop(const Instruction& at);
  bool end_round(const Instruction& at);
  void enter_look(const Instruction& at);
  bool leave_look(const Instruction& at);

  bool is_line_break(std::uint32_t i) const {
    const char16_t c = text_[i];
    return c == u'\n' || c == u'\r' || c == 0x2028 || c == 0x2029;
  }
  bool at_start(bool of_line) const {
    return position_ == 0 || (of_line && is_line_break(position_ - 1));
  }
  bool at_end(bool of_line) const {
    return position_ == text_.size() || (of_line && is_line_break(position_));
  }
  bool is_word(std::uint32_t i) const {
    const char32_t code = text_[i];
    if (program_.unicode && program_.ignore_case && (code == 0x17f || code == 0x212a)) return true;
    return std::any_of(std::begin(word_ranges), std::end(word_ranges),
                       [&](const CodeRange& r) { return code >= r.first && code <= r.last; });
  }
  bool at_boundary() const {
    const bool before = position_ > 0 && is_word(position_ - 1);
    const bool after = position_ < text_.size() && is_word(position_);
    return before != after;
  }

  const Program& program_;
  std::u16string_view text_;
  std::vector<std::uint32_t> registers_;
  std::vector<Entry> stack_;
  std::uint32_t pc_ = 0;
  std::uint32_t position_ = 0;
  std::uint64_t failures_ = 0;
};

bool is_high(char16_t c) { return c >= 0xd800 && c <= 0xdbff; }
bool is_low(char16_t c) { return c >= 0xdc00 && c <= 0xdfff; }
char32_t join(char16_t high, char16_t low) {
  return 0x10000 + ((char32_t{high} - 0xd800) << 10) + (low - char32_t{0xdc00});
}

bool Machine::take(bool backward, char32_t* code) {
  if (backward) {
    if (position_ == 0) return false;
    *code = text_[--position_];
    if (program_.unicode && is_low(text_[position_]) && position_ > 0 &&
        is_high(text_[position_ - 1])) {
      --position_;
      *code = join(text_[position_], text_[position_ + 1]);
    }
    return true;
  }
  if (position_ == text_.size()) return false;
  *code = text_[position_++];
  if (program_.unicode && is_high(text_[position_ - 1]) && position_ < text_.size() &&
      is_low(text_[position_])) {
    *code = join(text_[position_ - 1], text_[position_]);
    ++position_;
  }
  return true;
}

bool Machine::take_run(const Instruction& at) {
  const CharSet& set = program_.sets[at.a];
  const auto length = static_cast<std::uint32_t>(text_.size());
  const std::uint32_t start = position_;
  const std::uint32_t end = at.c < length - start ? start + at.c : length;
  while (position_ < end && set.contains(fold(text_[position_]))) ++position_;
  if (position_ - start < at.b) return false;
  if (position_ - start > at.b) choose(pc_, start + at.b, position_ - 1);
  return true;
}

bool Machine::take_reference(const Instruction& at) {
  const std::uint32_t start = registers_[2 * at.a];
  const std::uint32_t end = registers_[2 * at.a + 1];
  if (start == unset || end == unset) return true;
  const std::uint32_t length = end - start;
  const std::size_t room = at.backward ? position_ : text_.size() - position_;
  if (length > room) return false;
  const std::uint32_t from = at.backward ? position_ - length : position_;
  for (std::uint32_t i = 0; i < length; ++i) {
    if (fold(text_[start + i]) != fold(text_[from + i])) return false;
  }
  position_ = at.backward ? from : from + length;
  return true;
}

void Machine::close_group(const Instruction& at) {
  const std::uint32_t other = registers_[at.b];
  write(at.a, std::min(other, position_));
  write(at.a + 1, std::max(other, position_));
}

void Machine::clear(std::uint32_t first, std::uint32_t end) {
  for (std::uint32_t reg = first; reg < end; ++reg) {
    if (registers_[reg] != unset) write(reg, unset);
  }
}

void Machine::enter_loop(const Instruction& at) {
  const std::uint32_t out = pc_;
  const std::uint32_t body = pc_ + 1;
  const std::uint32_t rounds = registers_[at.a];
  if (rounds < at.b) {
    pc_ = body;
  } else if (rounds >= at.c && at.c != Term::unlimited) {
    pc_ = out;
  } else {
    const bool greedy = at.op == Op::loop;
    choose(greedy ? out : body, position_, position_);
    pc_ = greedy ? body : out;
  }
}

bool Machine::end_round(const Instruction& at) {
  const std::uint32_t rounds = registers_[at.a];
  const bool empty = registers_[at.a + 1] == position_;
  if (empty && rounds >= at.c) return false;
  // What matched nothing in a required round will do so in the others as well.
  write(at.a, empty ? at.c : rounds + 1);
  pc_ = at.b;
  return true;
}

void Machine::enter_look(const Instruction& at) {
  write(at.a + 1, position_);
  write(at.a, static_cast<std::uint32_t>(stack_.size()) + 1);
  if (at.flag) choose(at.b, position_, position_);
}

bool Machine::leave_look(const Instruction& at) {
  const std::size_t height = registers_[at.a];
  if (at.flag) {
    // What must not be there is: give up all ways of the look, the one past it included.
    while (stack_.size() > height) {
      const Entry entry = stack_.back();
      stack_.pop_back();
      if (entry.target == undo_mark) registers_[entry.a] = entry.b;
    }
    return false;
  }
  position_ = registers_[at.a + 1];
  // It does not try another way later, but what it captured must be undone with the rest.
  const auto first = stack_.begin() + static_cast<std::ptrdiff_t>(height);
  stack_.erase(std::remove_if(first, stack_.end(),
                              [](const Entry& entry) { return entry.target != undo_mark; }),
               stack_.end());
  return true;
}

bool Machine::fail() {
  ++failures_;
  while (!stack_.empty()) {
    Entry& entry = stack_.back();
    if (entry.target == undo_mark) {
      registers_[entry.a] = entry.b;
      stack_.pop_back();
      continue;
    }
    pc_ = entry.target;
    position_ = entry.a;
    if (entry.a > entry.b) {
      --entry.a;
    } else {
      stack_.pop_back();
    }
    return true;
  }
  return false;
}

bool Machine::step(const Instruction& at) {
  char32_t code = 0;
  switch (at.op) {
    case Op::literal:
      return take(at.backward, &code) && fold(code) == at.a;
    case Op::set:
      return take(at.backward, &code) && program_.sets[at.a].contains(fold(code));
    case Op::run:
      return take_run(at);
    case Op::assert_start:
      return at_start(at.flag);
    case Op::assert_end:
      return at_end(at.flag);
    case Op::boundary:
      return at_boundary() != at.flag;
    case Op::reference:
      return take_reference(at);
    case Op::jump:
      pc_ = at.a;
      return true;
    case Op::split:
      choose(at.a, position_, position_);
      return true;
    case Op::save:
      write(at.a, position_);
      return true;
    case Op::close:
      close_group(at);
      return true;
    case Op::set_register:
      write(at.a, at.b);
      return true;
    case Op::clear:
      clear(at.a, at.b);
      return true;
    case Op::loop:
    case Op::loop_lazy:
      enter_loop(at);
      return true;
    case Op::loop_end:
      return end_round(at);
    case Op::look:
      enter_look(at);
      return true;
    case Op::look_end:
      return leave_look(at);
    case Op::match:
      return true;
  }
  return false;
}

Outcome Machine::run(std::size_t start) {
  std::fill(registers_.begin(), registers_.end(), unset);
  stack_.clear();
  pc_ = 0;
  position_ = static_cast<std::uint32_t>(start);
  while (true) {
    const Instruction& at = program_.code[pc_++];
    if (at.op == Op::match) return Outcome::matched;
    if (step(at)) continue;
    if (!fail()) return Outcome::no_match;
    if (failures_ > most_failures || stack_.size() > most_entries) return Outcome::too_complex;
  }
}

}  // namespace

Outcome run_program(const Program& program, std::u16string_view text, std::size_t start,
                    bool anchored, std::vector<std::size_t>& bounds) {
  Machine machine(program, text);
  for (std::size_t at = start; at <= text.size(); ++at) {
    const bool inside_pair = program.unicode && at > start && at < text.size() &&
                             is_low(text[at]) && is_high(text[at - 1]);
    if (inside_pair) continue;
    const Outcome outcome = machine.run(at);
    if (outcome == Outcome::matched) {
      const auto& registers = machine.registers();
      bounds.assign(registers.begin(), registers.begin() + 2 * (program.group_count + 1));
      for (std::size_t& bound : bounds) {
        if (bound == unset) bound = ~std::size_t{0};
      }
    }
    if (outcome != Outcome::no_match || anchored) return outcome;
  }
  return Outcome::no_match;
}

}  // namespace heaplab::interp::regexp
