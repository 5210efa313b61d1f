// SPDX-License-Identifier: MIT
#include "heaplab/interp/disassembler.h"

#include <charconv>

namespace heaplab::interp {
namespace {

std::string quoted(std::u16string_view text) { return "\"" + utf16_to_utf8(text) + "\""; }

std::string constant_text(const Constant& constant) {
  if (const auto* text = std::get_if<std::u16string>(&constant)) return quoted(*text);
  char digits[32];
  const double value = std::get<double>(constant);
  const auto result = std::to_chars(digits, digits + sizeof digits, value);
  return {digits, result.ptr};
}

std::string register_text(std::uint32_t reg) {
  return reg == kNoRegister ? "-" : "r" + std::to_string(reg);
}

std::string index_text(const FunctionTemplate& function, Opcode op, std::uint32_t index) {
  if (index == kNoIndex) return "-";
  const std::string number = "#" + std::to_string(index);
  if (op == Opcode::MakeClosure || op == Opcode::MakeMethod || op == Opcode::CreateClass) {
    return number + " <" + utf16_to_utf8(function.functions[index]->name) + ">";
  }
  return number;
}

std::string operand_text(const FunctionTemplate& function, Opcode op, OperandKind kind,
                         std::uint32_t pc, const CodeUnit* unit) {
  switch (kind) {
    case OperandKind::Dst:
    case OperandKind::Reg:
    case OperandKind::RegIO:
    case OperandKind::Base:
    case OperandKind::OptReg:
      return register_text(*unit);
    case OperandKind::Name:
      return utf16_to_utf8(function.names[*unit]);
    case OperandKind::Const32:
      return constant_text(function.constants[read_u32(unit)]);
    case OperandKind::Index:
      return index_text(function, op, *unit);
    case OperandKind::Slot:
      return "slot " + std::to_string(*unit);
    case OperandKind::Depth:
      return "depth " + std::to_string(*unit);
    case OperandKind::Imm:
      return std::to_string(static_cast<std::int16_t>(*unit));
    case OperandKind::Int32:
      return std::to_string(read_i32(unit));
    case OperandKind::Cache:
      return "[" + std::to_string(*unit) + "]";
    case OperandKind::Jump:
      return "-> " + std::to_string(static_cast<std::int64_t>(pc) + read_i32(unit));
    case OperandKind::Count:
    case OperandKind::Flags:
      break;
  }
  return std::to_string(*unit);
}

std::string header(const FunctionTemplate& function) {
  const LineColumn at = function.source->line_column(function.position);
  std::string out =
      "function " + (function.name.empty() ? "(anonymous)" : utf16_to_utf8(function.name));
  out += " (" + function.source->name() + ":" + std::to_string(at.line) + ":" +
         std::to_string(at.column) + ")";
  out += " parameters " + std::to_string(function.parameter_count);
  out += ", registers " + std::to_string(function.register_count);
  out += ", caches " + std::to_string(function.cache_count);
  if (function.strict) out += ", strict";
  if (function.is_async) out += ", async";
  if (function.is_generator) out += ", generator";
  return out + "\n";
}

std::string tables(const FunctionTemplate& function) {
  std::string out;
  for (const HandlerRange& range : function.handlers) {
    out += "  handler " + std::to_string(range.start) + ".." + std::to_string(range.end) + " -> " +
           std::to_string(range.handler) + ", exception in " +
           register_text(range.exception_register) + "\n";
  }
  for (std::size_t i = 0; i < function.scopes.size(); ++i) {
    out += "  scope #" + std::to_string(i) + ":";
    for (const std::u16string& name : function.scopes[i].names) out += " " + utf16_to_utf8(name);
    out += "\n";
  }
  return out;
}

}  // namespace

std::string disassemble_instruction(const FunctionTemplate& function, std::uint32_t pc) {
  const auto op = static_cast<Opcode>(function.code[pc]);
  const OpcodeInfo& info = opcode_info(op);
  std::string out = info.name;
  const CodeUnit* unit = function.code.data() + pc + 1;
  for (std::size_t i = 0; i < info.operand_count; ++i) {
    out += i == 0 ? " " : ", ";
    out += operand_text(function, op, info.operands[i], pc, unit);
    unit += operand_units(info.operands[i]);
  }
  return out;
}

std::string disassemble(const FunctionTemplate& function) {
  std::string out = header(function);
  for (std::uint32_t pc = 0; pc < function.code.size();) {
    const LineColumn at = function.position_at(pc);
    std::string line = "  " + std::to_string(pc);
    line.resize(std::max<std::size_t>(line.size(), 8), ' ');
    line += disassemble_instruction(function, pc);
    line.resize(std::max<std::size_t>(line.size(), 56), ' ');
    out += line + " ; " + std::to_string(at.line) + ":" + std::to_string(at.column) + "\n";
    pc += static_cast<std::uint32_t>(opcode_length(static_cast<Opcode>(function.code[pc])));
  }
  out += tables(function);
  for (const auto& inner : function.functions) out += "\n" + disassemble(*inner);
  return out;
}

}  // namespace heaplab::interp
