// SPDX-License-Identifier: MIT
#include "bytecode_builder.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace heaplab::interp {
namespace {

constexpr Register kMaxRegisters = 60000;
constexpr std::uint32_t kOwnCaches = 32768;

bool ends_control(Opcode op) {
  switch (op) {
    case Opcode::Jump:
    case Opcode::JumpLoop:
    case Opcode::Return:
    case Opcode::ReturnUndefined:
    case Opcode::Throw:
    case Opcode::Rethrow:
    case Opcode::ThrowConstAssign:
    case Opcode::ThrowTypeError:
    case Opcode::ThrowReferenceError:
      return true;
    default:
      return false;
  }
}

}  // namespace

void BytecodeBuilder::fail(const std::string& message, std::uint32_t position) const {
  throw SyntaxError(message, source_, position, position + 1);
}

void BytecodeBuilder::record_position(std::uint32_t position) {
  last_position_ = position;
  if (!function_.positions.empty() && function_.positions.back().offset == position) return;
  if (!function_.positions.empty() && function_.positions.back().pc == pc()) {
    function_.positions.back().offset = position;
    return;
  }
  function_.positions.push_back({pc(), position});
}

void BytecodeBuilder::emit(Opcode op, std::uint32_t position,
                           std::initializer_list<std::int64_t> operands) {
  record_position(position);
  const OpcodeInfo& info = opcode_info(op);
  function_.code.push_back(static_cast<CodeUnit>(op));
  const OperandKind* kind = info.operands;
  auto name = static_cast<std::uint32_t>(kNoIndex);
  for (const std::int64_t value : operands) {
    if (*kind == OperandKind::Name) name = static_cast<std::uint32_t>(value);
    write(op, *kind++, value);
  }
  // Callers leave the inline cache, always the last operand, to us.
  if (kind != info.operands + info.operand_count && *kind == OperandKind::Cache) {
    write(op, *kind, cache(op, name));
  }
  reachable_ = !ends_control(op);
}

void BytecodeBuilder::emit_jump(Opcode op, std::uint32_t position,
                                std::initializer_list<std::int64_t> operands, CodeLabel& target) {
  const std::uint32_t instruction = pc();
  emit(op, position, operands);
  if (target.bound_) {
    write(op, OperandKind::Jump,
          static_cast<std::int64_t>(target.target_) - static_cast<std::int64_t>(instruction));
  } else {
    target.uses_.push_back({instruction, pc()});
    write(op, OperandKind::Jump, 0);
  }
}

void BytecodeBuilder::bind(CodeLabel& label) {
  label.bound_ = true;
  label.target_ = pc();
  if (!label.uses_.empty()) reachable_ = true;
  for (const CodeLabel::Use& use : label.uses_) {
    const auto distance = static_cast<std::uint32_t>(label.target_ - use.instruction);
    function_.code[use.operand] = static_cast<CodeUnit>(distance & 0xFFFF);
    function_.code[use.operand + 1] = static_cast<CodeUnit>(distance >> 16);
  }
}

void BytecodeBuilder::write(Opcode op, OperandKind kind, std::int64_t value) {
  if (operand_units(kind) == 2) {
    const auto bits = static_cast<std::uint32_t>(value);
    function_.code.push_back(static_cast<CodeUnit>(bits & 0xFFFF));
    function_.code.push_back(static_cast<CodeUnit>(bits >> 16));
    return;
  }
  const bool fits = kind == OperandKind::Imm ? value >= -0x8000 && value <= 0x7FFF
                                             : value >= 0 && value <= 0xFFFF;
  if (!fits) fail(std::string("Function too large (") + opcode_info(op).name + ")", last_position_);
  function_.code.push_back(static_cast<CodeUnit>(value & 0xFFFF));
}

void BytecodeBuilder::describe(std::u16string text) {
  if (!text.empty()) function_.error_texts.push_back({pc(), std::move(text)});
}

std::uint32_t BytecodeBuilder::name(Atom name) {
  const auto [found, inserted] =
      names_.try_emplace(name, static_cast<std::uint32_t>(function_.names.size()));
  if (inserted) function_.names.push_back(name->text);
  return found->second;
}

std::uint32_t BytecodeBuilder::constant(double value) {
  const auto index = static_cast<std::uint32_t>(function_.constants.size());
  const auto [found, inserted] = numbers_.try_emplace(std::bit_cast<std::uint64_t>(value), index);
  if (inserted) function_.constants.emplace_back(value);
  return found->second;
}

std::uint32_t BytecodeBuilder::constant(std::u16string_view value) {
  const auto index = static_cast<std::uint32_t>(function_.constants.size());
  const auto [found, inserted] = strings_.try_emplace(std::u16string(value), index);
  if (inserted) function_.constants.emplace_back(std::u16string(value));
  return found->second;
}

std::uint32_t BytecodeBuilder::cache(Opcode op, std::uint32_t name) {
  // All reads of one global may share a slot, and beyond a size properties share theirs too.
  const bool global =
      op == Opcode::GetGlobal || op == Opcode::GetGlobalOrUndefined || op == Opcode::SetGlobal;
  if (!global && function_.cache_count < kOwnCaches) return function_.cache_count++;
  const std::uint64_t key = (static_cast<std::uint64_t>(op) << 32) | name;
  const auto [found, inserted] = shared_caches_.try_emplace(key, function_.cache_count);
  if (!inserted) return found->second;
  if (function_.cache_count >= kNoIndex - 1) {
    fail("Function too large (property accesses)", last_position_);
  }
  return function_.cache_count++;
}

void BytecodeBuilder::handler(std::uint32_t start, std::uint32_t end, std::uint32_t handler,
                              Register exception) {
  if (start == end) return;
  function_.handlers.push_back({start, end, handler, static_cast<CodeUnit>(exception)});
}

Register BytecodeBuilder::allocate(std::uint32_t count) {
  const Register first = top_;
  top_ += count;
  highest_ = std::max(highest_, top_);
  if (top_ > kMaxRegisters) fail("Function too large (registers)", last_position_);
  return first;
}

void BytecodeBuilder::finish() { function_.register_count = static_cast<CodeUnit>(highest_); }

}  // namespace heaplab::interp
