// SPDX-License-Identifier: MIT
// Where variables live, and which accesses are checked.
#include <gtest/gtest.h>

#include "compile_source.h"

namespace heaplab::interp {
namespace {

std::string code(std::string_view text) { return code_of(*compile(text)); }
bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(Scope, UncapturedVariablesAreRegisters) {
  EXPECT_EQ(code("let a = 1, b = 2; a = a + b;"),
            "LoadInt r7, 1\nLoadInt r8, 2\nAdd r7, r7, r8\nReturnUndefined\n");
}

TEST(Scope, CapturedVariablesLiveInAContextThatKnowsTheirNames) {
  const auto function = compile("const cache = new Map(), n = 1; exports.get = k => cache.get(k);");
  ASSERT_EQ(function->scopes.size(), 1u);
  EXPECT_EQ(function->scopes[0].names, std::vector<std::u16string>{u"cache"});
  EXPECT_TRUE(has(code_of(*function), "CreateContext r7, -, #0"));
  EXPECT_TRUE(has(code_of(*function->functions[0]), "depth 0, slot 0"));
}

TEST(Scope, DepthCountsContextsNotScopes) {
  const auto outer =
      compile("let a = 1; { let b = 2; (() => { let c; { return () => a + b; } })(); }");
  const auto& inner = *outer->functions[0]->functions[0];
  const std::string text = code_of(inner);
  EXPECT_TRUE(has(text, "depth 1, slot 0")) << text;
  EXPECT_TRUE(has(text, "depth 0, slot 0")) << text;
}

TEST(Scope, LoopsCopyTheContextOfCapturedBindingsOnly) {
  EXPECT_TRUE(has(code("for (let i = 0; i < 3; i++) f(() => i);"), "CopyContext"));
  EXPECT_FALSE(has(code("for (let i = 0; i < 3; i++) f(i);"), "CopyContext"));
  EXPECT_FALSE(has(code("for (var i = 0; i < 3; i++) f(() => i);"), "CopyContext"));
}

TEST(Scope, ChecksInitialisationOnlyWhereItIsInDoubt) {
  // In source order: no check.
  EXPECT_FALSE(has(code("let a = 1; f(a); { f(a); } while (a) f(a);"), "Check"));
  EXPECT_FALSE(has(code_of(*compile("let a = 1; f(() => a);")->functions[0]), "Checked"));
  // Too early, in its own initialiser, from a hoisted function, across switch cases: checked.
  EXPECT_TRUE(has(code("f(a); let a = 1;"), "CheckHole"));
  EXPECT_TRUE(has(code("let a = a;"), "CheckHole"));
  EXPECT_TRUE(
      has(code_of(*compile("let a = 1; function g() { return a; }")->functions[0]), "Checked"));
  EXPECT_TRUE(has(code("switch (x) { case 0: let a; break; case 1: f(a); }"), "CheckHole"));
  EXPECT_TRUE(has(code("for (let a of a) ;"), "CheckHole"));
  EXPECT_TRUE(has(code("class A extends A {}"), "CheckHole"));
  EXPECT_FALSE(has(code_of(*compile("class A { m() { return A; } }")->functions[1]), "Checked"));
}

TEST(Scope, ConstantsCannotBeAssigned) {
  EXPECT_TRUE(has(code("const a = 1; a = 2;"), "ThrowConstAssign a"));
  EXPECT_TRUE(has(code("const a = 1; a++;"), "ThrowConstAssign a"));
  EXPECT_TRUE(has(code("const a = 1; [a] = [2];"), "ThrowConstAssign a"));
  EXPECT_TRUE(has(code("for (const i = 0; ; i++) ;"), "ThrowConstAssign i"));
}

TEST(Scope, ArrowsShareThisArgumentsAndNewTarget) {
  const auto outer = compile("function f() { return () => [this, arguments, new.target]; }");
  const FunctionTemplate& f = *outer->functions[0];
  EXPECT_NE(f.arguments_register, kNoRegister);
  EXPECT_TRUE(f.uses_this);
  ASSERT_EQ(f.scopes.size(), 1u);
  EXPECT_EQ(f.scopes[0].names.size(), 3u);
  EXPECT_EQ(f.functions[0]->arguments_register, kNoRegister);
}

TEST(Scope, BlockFunctionsHoistInSloppyCodeOnly) {
  EXPECT_FALSE(has(code("{ function g() {} } g();"), "GetGlobal"));
  EXPECT_TRUE(has(code("'use strict'; { function g() {} } g();"), "GetGlobal"));
}

TEST(Scope, ParametersWithExpressionsHaveAScopeOfTheirOwn) {
  const auto outer = compile("function f(a, g = () => a) { var a = 2; return g; }");
  const FunctionTemplate& f = *outer->functions[0];
  // The closure sees the parameter, not the var: they are two variables, the first captured.
  ASSERT_EQ(f.scopes.size(), 1u);
  EXPECT_EQ(f.scopes[0].names, std::vector<std::u16string>{u"a"});
}

}  // namespace
}  // namespace heaplab::interp
