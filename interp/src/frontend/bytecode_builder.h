// SPDX-License-Identifier: MIT
// Writes one function's code: instructions, labels, constant tables, positions, registers.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "heaplab/interp/ast.h"
#include "heaplab/interp/bytecode.h"

namespace heaplab::interp {

using Register = std::uint32_t;

/// A place in the code, possibly not reached yet.
class CodeLabel {
 public:
  bool is_bound() const { return bound_; }
  bool is_used() const { return bound_ || !uses_.empty(); }

 private:
  friend class BytecodeBuilder;
  struct Use {
    std::uint32_t instruction;
    std::uint32_t operand;
  };
  bool bound_ = false;
  std::uint32_t target_ = 0;
  std::vector<Use> uses_;
};

class BytecodeBuilder {
 public:
  BytecodeBuilder(FunctionTemplate& function, std::shared_ptr<const Source> source)
      : function_(function), source_(std::move(source)) {}

  FunctionTemplate& function() { return function_; }
  std::uint32_t pc() const { return static_cast<std::uint32_t>(function_.code.size()); }

  /// Appends an instruction. `position`: the source offset errors in it are reported at.
  void emit(Opcode op, std::uint32_t position, std::initializer_list<std::int64_t> operands = {});
  /// The same for one whose last operand is a Jump.
  void emit_jump(Opcode op, std::uint32_t position, std::initializer_list<std::int64_t> operands,
                 CodeLabel& target);
  void bind(CodeLabel& label);
  /// Whether control can reach the code written next. Code after a jump or throw needs a label.
  bool reachable() const { return reachable_; }
  /// The code written next is an exception handler.
  void mark_reachable() { reachable_ = true; }
  /// How errors of the next instruction describe its operand.
  void describe(std::u16string text);

  std::uint32_t name(Atom name);
  std::uint32_t constant(double value);
  std::uint32_t constant(std::u16string_view value);
  void handler(std::uint32_t start, std::uint32_t end, std::uint32_t handler, Register exception);

  /// Registers form a stack: the variables of open scopes and the temporaries in use.
  Register allocate(std::uint32_t count = 1);
  /// Whether a register was never used before: it still holds the undefined it starts with.
  bool is_fresh(Register reg) const { return reg >= highest_; }
  Register top() const { return top_; }
  void release_to(Register top) { top_ = top; }

  /// After the last instruction.
  void finish();
  [[noreturn]] void fail(const std::string& message, std::uint32_t position) const;

 private:
  /// An inline-cache slot of its own; in enormous functions, one per opcode and name.
  std::uint32_t cache(Opcode op, std::uint32_t name);
  void write(Opcode op, OperandKind kind, std::int64_t value);
  void record_position(std::uint32_t position);

  FunctionTemplate& function_;
  std::shared_ptr<const Source> source_;
  std::unordered_map<Atom, std::uint32_t> names_;
  std::unordered_map<std::uint64_t, std::uint32_t> numbers_;
  std::unordered_map<std::uint64_t, std::uint32_t> shared_caches_;
  std::unordered_map<std::u16string, std::uint32_t> strings_;
  Register top_ = 0;
  Register highest_ = 0;
  std::uint32_t last_position_ = 0;
  bool reachable_ = true;
};

}  // namespace heaplab::interp
