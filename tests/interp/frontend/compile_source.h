// SPDX-License-Identifier: MIT
// Helpers of the front-end tests: compile a text, or say why not.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "heaplab/interp/compiler.h"
#include "heaplab/interp/disassembler.h"

namespace heaplab::interp {

inline std::unique_ptr<FunctionTemplate> compile(std::string_view text) {
  return compile_module(Source::from_utf8("test.js", text));
}

/// "line:column message", or "" if the text compiles.
inline std::string syntax_error(std::string_view text) {
  try {
    compile(text);
    return "";
  } catch (const SyntaxError& error) {
    const LineColumn at = error.position();
    return std::to_string(at.line) + ":" + std::to_string(at.column) + " " + error.what();
  }
}

/// The instructions of a function, one per line, without positions.
inline std::string code_of(const FunctionTemplate& function) {
  std::string out;
  for (std::uint32_t pc = 0; pc < function.code.size();) {
    out += disassemble_instruction(function, pc) + "\n";
    pc += static_cast<std::uint32_t>(opcode_length(static_cast<Opcode>(function.code[pc])));
  }
  return out;
}

}  // namespace heaplab::interp
