// SPDX-License-Identifier: MIT
// Bytecode as text, one instruction per line.
#pragma once

#include <string>

#include "heaplab/interp/bytecode.h"

namespace heaplab::interp {

/// One instruction: "GetNamed r5, r2, name ; cache 3".
std::string disassemble_instruction(const FunctionTemplate& function, std::uint32_t pc);

/// A function with its tables, then the functions inside it.
std::string disassemble(const FunctionTemplate& function);

}  // namespace heaplab::interp
