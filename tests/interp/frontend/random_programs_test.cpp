// SPDX-License-Identifier: MIT
// Programs put together from random tokens: each is refused cleanly or compiles to sound code.
#include <gtest/gtest.h>

#include <random>

#include "bytecode_check.h"
#include "compile_source.h"

namespace heaplab::interp {
namespace {

const char* const kTokens[] = {
    "a",
    "b",
    "x",
    "this",
    "super",
    "null",
    "1",
    "2.5",
    "'s'",
    "`t`",
    "`u${",
    "}v`",
    "/r/g",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ";",
    ",",
    ".",
    "...",
    "?.",
    "?",
    ":",
    "=",
    "=>",
    "+",
    "-",
    "*",
    "**",
    "&&",
    "||",
    "??",
    "==",
    "<",
    "in",
    "of",
    "instanceof",
    "++",
    "--",
    "!",
    "typeof",
    "delete",
    "void",
    "new",
    "var",
    "let",
    "const",
    "function",
    "async",
    "await",
    "yield",
    "class",
    "extends",
    "static",
    "get",
    "set",
    "#p",
    "if",
    "else",
    "for",
    "while",
    "do",
    "switch",
    "case",
    "default",
    "break",
    "continue",
    "return",
    "throw",
    "try",
    "catch",
    "finally",
    "arguments",
    "eval",
    "new.target",
    "'use strict';",
    "\n",
    "l:",
    "() => {",
    "function* g() {",
    "async function f() {",
    "class A { ",
    "m() {",
    "for (const x of y) {",
    "try {",
    "} catch (e) {",
    "} finally {",
    "switch (a) { case 1:",
    "({",
    "})",
    "[a, b] =",
    "({a, b = 1} =",
    "+=",
    "?\?=",
    "||=",
};

TEST(RandomPrograms, AreRefusedOrSound) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  int compiled = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string program;
    for (auto n = 1 + random() % 14; n > 0; --n) {
      program += kTokens[random() % std::size(kTokens)];
      program += ' ';
    }
    // Close what was opened, so that more of them are programs.
    std::string closing;
    for (const char c : program) {
      if (c == '(') closing.insert(0, 1, ')');
      if (c == '[') closing.insert(0, 1, ']');
      if (c == '{') closing.insert(0, 1, '}');
      if ((c == ')' || c == ']' || c == '}') && !closing.empty() && closing[0] == c) {
        closing.erase(0, 1);
      }
    }
    program += closing;
    std::unique_ptr<FunctionTemplate> function;
    try {
      function = compile(program);
    } catch (const SyntaxError& error) {
      ASSERT_FALSE(error.report().empty());
      continue;
    }
    ++compiled;
    ASSERT_EQ(BytecodeCheck(*function).first_error(), "") << program;
    ASSERT_FALSE(disassemble(*function).empty());
  }
  EXPECT_GT(compiled, 200) << "the generator has become useless";
}

}  // namespace
}  // namespace heaplab::interp
