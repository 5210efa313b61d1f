// SPDX-License-Identifier: MIT
// Any bytes at all: refused with a SyntaxError, or compiled to code that passes every check.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "../interp/frontend/bytecode_check.h"
#include "heaplab/interp/compiler.h"
#include "heaplab/interp/disassembler.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace heaplab::interp;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::unique_ptr<FunctionTemplate> function;
  try {
    function = compile_module(Source::from_utf8("fuzz.js", text));
  } catch (const SyntaxError& error) {
    if (error.report().empty()) std::abort();
    return 0;
  }
  const std::string wrong = BytecodeCheck(*function).first_error();
  if (!wrong.empty()) {
    std::fprintf(stderr, "unsound code: %s\n", wrong.c_str());
    std::abort();
  }
  if (disassemble(*function).empty()) std::abort();
  return 0;
}
