// SPDX-License-Identifier: MIT
// Deep nesting is a clean error; long chains are no nesting at all.
#include <gtest/gtest.h>

#include "bytecode_check.h"
#include "compile_source.h"

namespace heaplab::interp {
namespace {

constexpr int kMany = 100'000;

std::string repeat(std::string_view text, int count) {
  std::string out;
  out.reserve(text.size() * static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

TEST(Nesting, TooDeepIsASyntaxError) {
  const std::pair<const char*, const char*> shapes[] = {
      {"(", ")"},
      {"[", "]"},
      {"{", "}"},
      {"x=>", ""},
      {"!", ""},
      {"a=", ""},
      {"`${", "}`"},
      {"function f(){", "}"},
      {"class A{m(){", "}}"},
      {"new ", ""},
      {"a**", ""},
      {"({a:", "})"},
      {"[a=", "]"},
      {"if(a)", ""},
      {"a?", ":b"},
      {"l:", ""},
      {"try{", "}finally{}"},
      {"f(", ")"},
      {"x[", "]"},
      {"async()=>", ""},
      {"await ", ""},
      {"while(a)", ""},
      {"({get a(){", "}})"},
  };
  for (const auto& [open, close] : shapes) {
    const std::string program = repeat(open, kMany) + "1" + repeat(close, kMany);
    const std::string error = syntax_error(program);
    EXPECT_NE(error, "") << open;
    EXPECT_LT(error.size(), 200u) << open;
  }
  for (const char* link : {".a", "()", "[0]", "?.b", "`x`"}) {
    EXPECT_NE(syntax_error("x" + repeat(link, kMany)).find("nested too deeply"), std::string::npos)
        << link;
  }
}

TEST(Nesting, OrdinaryDepthIsFine) {
  EXPECT_EQ(syntax_error(repeat("(", 200) + "1" + repeat(")", 200)), "");
  EXPECT_EQ(syntax_error(repeat("[", 200) + repeat("]", 200)), "");
  EXPECT_EQ(syntax_error("x" + repeat(".f(1)", 500)), "");
}

TEST(Nesting, LongChainsCompile) {
  const std::string programs[] = {
      "x = " + repeat("a + ", kMany) + "a",
      "x = " + repeat("a && ", kMany) + "a",
      "if (" + repeat("a && b || ", kMany) + "c) d;",
      repeat("if (a) b; else ", kMany) + "c",
      "x = " + repeat("a ? b : ", kMany) + "c",
      "x = (" + repeat("a, ", kMany) + "b)",
      "x = [" + repeat("{a: 1, b: [1.5]}, ", kMany) + "]",
      repeat("f(1);", kMany),
      "f(" + repeat("1, ", 20'000) + "1)",
  };
  for (const std::string& program : programs) {
    SCOPED_TRACE(program.substr(0, 30));
    ASSERT_EQ(syntax_error(program), "");
    EXPECT_EQ(BytecodeCheck(*compile(program)).first_error(), "");
  }
}

TEST(Nesting, ManyRegistersAndConstantsNeedNoSpecialCase) {
  std::string program;
  for (int i = 0; i < 5000; ++i) {
    const std::string n = std::to_string(i);
    program +=
        "var v" + n + " = v" + std::to_string(i / 2) + " + " + n + ".5; o.p" + n + " = v" + n + ";";
  }
  const auto function = compile(program);
  EXPECT_EQ(BytecodeCheck(*function).first_error(), "");
  EXPECT_GT(function->register_count, 5000);
}

TEST(Nesting, AbsurdFunctionsAreRefused) {
  std::string program;
  for (int i = 0; i < 70'000; ++i) program += "var v" + std::to_string(i) + ";";
  EXPECT_NE(syntax_error(program).find("Function too large"), std::string::npos);
}

}  // namespace
}  // namespace heaplab::interp
