// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "regexp/char_set.h"
#include "regexp/pattern.h"

// What the backtracking matcher runs. A thread of it has a position in the text, a position in the
// code, and registers: first two for the whole match and each group, then the loops' own.

namespace heaplab::interp::regexp {

enum class Op : std::uint8_t {
  literal,       ///< a: character
  set,           ///< a: set
  run,           ///< a: set; b, c: fewest and most; as many as there are, fewer if need be
  assert_start,  ///< flag: after line breaks too
  assert_end,    ///< flag: before line breaks too
  boundary,      ///< flag: there must be none
  reference,     ///< a: group
  jump,          ///< a: target
  split,         ///< goes on; if that fails, at a
  save,          ///< a: register; writes the position
  close,         ///< a: first of a group's two registers; b: register with its other end
  set_register,  ///< a: register, b: value
  clear,         ///< a, b: registers from a up to b become unset
  loop,          ///< a: counter; b, c: fewest and most; the next instruction jumps out
  loop_lazy,     ///< as loop, leaving if that leads to a match
  loop_end,      ///< a: counter (a + 1 holds where the round began), b: the loop, c: its fewest
  look,          ///< a: register for the height of the stack; flag: negated, b: where it ends
  look_end,      ///< a: that register; flag: negated
  match,
};

struct Instruction {
  Op op;
  bool flag = false;
  bool backward = false;  ///< moves to the left: in a lookbehind
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  std::uint32_t c = 0;
};

struct Program {
  std::vector<Instruction> code;
  std::vector<CharSet> sets;
  std::uint32_t group_count = 0;
  std::uint32_t register_count = 0;
  bool unicode = false;
  bool ignore_case = false;
};

Program compile_program(const Pattern& pattern);

/// The characters that \p{name} stands for. \pre PCRE2 knows the property
CharSet property_set(const std::string& name);
/// Throws PatternError if there is a property that Unicode does not have.
void check_properties(const Term& term);

}  // namespace heaplab::interp::regexp
