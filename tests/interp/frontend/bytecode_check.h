// SPDX-License-Identifier: MIT
// What the VM takes for granted about a compiled function, checked instruction by instruction.
#pragma once

#include <set>
#include <string>

#include "heaplab/interp/bytecode.h"

namespace heaplab::interp {

class BytecodeCheck {
 public:
  explicit BytecodeCheck(const FunctionTemplate& function) : f_(function) {}

  /// Empty if all is well, else the first thing wrong, in this function or one inside.
  std::string first_error() {
    find_boundaries();
    for (std::uint32_t pc : boundaries_) check_instruction(pc);
    check_tables();
    for (const auto& inner : f_.functions) {
      if (error_.empty()) error_ = BytecodeCheck(*inner).first_error();
    }
    return error_;
  }

 private:
  void fail(std::uint32_t pc, const std::string& what) {
    if (error_.empty()) error_ = utf16_to_utf8(f_.name) + " pc " + std::to_string(pc) + ": " + what;
  }

  void find_boundaries() {
    std::uint32_t pc = 0;
    while (pc < f_.code.size()) {
      if (f_.code[pc] >= kOpcodeCount) return fail(pc, "no such opcode");
      boundaries_.insert(pc);
      last_ = static_cast<Opcode>(f_.code[pc]);
      pc += static_cast<std::uint32_t>(opcode_length(last_));
    }
    if (pc != f_.code.size()) fail(pc, "the last instruction is cut off");
  }

  void check_target(std::uint32_t pc, std::int64_t target) {
    const bool inside = target >= 0 && boundaries_.count(static_cast<std::uint32_t>(target)) == 1;
    if (!inside) fail(pc, "jumps to " + std::to_string(target) + ", which is no instruction");
  }

  void check_instruction(std::uint32_t pc) {
    const auto op = static_cast<Opcode>(f_.code[pc]);
    const OpcodeInfo& info = opcode_info(op);
    const CodeUnit* unit = f_.code.data() + pc + 1;
    for (std::size_t i = 0; i < info.operand_count; ++i) {
      check_operand(pc, op, info.operands[i], unit);
      unit += operand_units(info.operands[i]);
    }
  }

  void check_below(std::uint32_t pc, std::size_t value, std::size_t limit, const char* what) {
    if (value >= limit) fail(pc, std::string(what) + " " + std::to_string(value) + " out of range");
  }

  void check_operand(std::uint32_t pc, Opcode op, OperandKind kind, const CodeUnit* unit) {
    switch (kind) {
      case OperandKind::OptReg:
        if (*unit == kNoRegister) return;
        [[fallthrough]];
      case OperandKind::Dst:
      case OperandKind::Reg:
      case OperandKind::RegIO:
        return check_below(pc, *unit, f_.register_count, "register");
      case OperandKind::Base:
        return check_base(pc, op, unit);
      case OperandKind::Name:
        return check_below(pc, *unit, f_.names.size(), "name");
      case OperandKind::Const32:
        return check_below(pc, read_u32(unit), f_.constants.size(), "constant");
      case OperandKind::Cache:
        return check_below(pc, *unit, f_.cache_count, "cache");
      case OperandKind::Jump:
        return check_target(pc, static_cast<std::int64_t>(pc) + read_i32(unit));
      case OperandKind::Index:
        return check_index(pc, op, *unit);
      default:
        return;
    }
  }

  void check_base(std::uint32_t pc, Opcode op, const CodeUnit* unit) {
    std::size_t count = 3;
    switch (op) {
      case Opcode::Call:
      case Opcode::CallUndefined:
      case Opcode::New:
      case Opcode::SuperCall:
        count = 2u + unit[1];
        break;
      case Opcode::CreateArrayFrom:
      case Opcode::ConcatStrings:
      case Opcode::CopyPropertiesExcept:
        count = unit[1];
        break;
      case Opcode::GetMethod:
      case Opcode::CreateClass:
        count = 2;
        break;
      default:
        break;
    }
    if (count > 0) check_below(pc, *unit + count - 1, f_.register_count, "window end");
  }

  void check_index(std::uint32_t pc, Opcode op, CodeUnit index) {
    switch (op) {
      case Opcode::CreateContext:
      case Opcode::CopyContext:
        return check_below(pc, index, f_.scopes.size(), "scope");
      case Opcode::CreateObject:
        if (index != kNoIndex) check_below(pc, index, f_.object_hints.size(), "object hint");
        return;
      case Opcode::CreateRegExp:
        return check_below(pc, index, f_.regexps.size(), "regexp");
      case Opcode::GetTemplateObject:
        return check_below(pc, index, f_.template_objects.size(), "template");
      case Opcode::MakeClosure:
      case Opcode::MakeMethod:
      case Opcode::CreateClass:
        return check_below(pc, index, f_.functions.size(), "function");
      case Opcode::SwitchInt: {
        check_below(pc, index, f_.jump_tables.size(), "jump table");
        if (!error_.empty()) return;
        for (const std::int32_t offset : f_.jump_tables[index].offsets) {
          if (offset != 0) check_target(pc, static_cast<std::int64_t>(pc) + offset);
        }
        return;
      }
      default:
        fail(pc, "an index nobody checks");
    }
  }

  void check_tables() {
    switch (last_) {
      case Opcode::Return:
      case Opcode::ReturnUndefined:
      case Opcode::Jump:
      case Opcode::JumpLoop:
      case Opcode::Throw:
      case Opcode::Rethrow:
      case Opcode::ThrowConstAssign:
      case Opcode::ThrowTypeError:
      case Opcode::ThrowReferenceError:
        break;
      default:
        fail(0, "control runs off the end");
    }
    for (const HandlerRange& range : f_.handlers) {
      check_target(range.start, range.start);
      check_target(range.start, range.handler);
      if (range.end <= range.start || range.end > f_.code.size()) fail(range.start, "empty range");
      check_below(range.start, range.exception_register, f_.register_count, "register");
    }
    for (std::size_t i = 1; i < f_.positions.size(); ++i) {
      if (f_.positions[i - 1].pc >= f_.positions[i].pc) fail(0, "positions out of order");
    }
    for (const auto& entry : f_.positions) {
      if (entry.offset > f_.source->text().size()) fail(entry.pc, "position outside the source");
    }
    for (std::size_t i = 1; i < f_.error_texts.size(); ++i) {
      if (f_.error_texts[i - 1].pc >= f_.error_texts[i].pc) fail(0, "error texts out of order");
    }
    if (f_.start > f_.end || f_.end > f_.source->text().size()) fail(0, "bad source range");
    check_parameters();
  }

  void check_parameters() {
    if (kFirstParameterRegister + f_.parameter_count > f_.register_count) {
      fail(0, "parameters have no registers");
    }
    for (const CodeUnit reg : {f_.rest_register, f_.arguments_register}) {
      if (reg != kNoRegister) check_below(0, reg, f_.register_count, "register");
    }
  }

  const FunctionTemplate& f_;
  std::set<std::uint32_t> boundaries_;
  Opcode last_ = Opcode::Debugger;
  std::string error_;
};

}  // namespace heaplab::interp
