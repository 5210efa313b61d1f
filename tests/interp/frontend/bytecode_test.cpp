// SPDX-License-Identifier: MIT
// The code of key constructs, and the facts about functions that the VM relies on.
#include <gtest/gtest.h>

#include "compile_source.h"

namespace heaplab::interp {
namespace {

std::string code(std::string_view text) { return code_of(*compile(text)); }
std::string inner_code(std::string_view text) { return code_of(*compile(text)->functions[0]); }

TEST(Bytecode, CountingLoopIsThreeInstructionsARound) {
  EXPECT_EQ(
      inner_code("function f(n) { let s = 0; for (let i = 0; i < n; i++) s += i; return s; }"),
      "LoadInt r3, 0\n"
      "LoadInt r4, 0\n"
      "Jump -> 18\n"
      "Add r3, r3, r4\n"
      "Increment r4, r4\n"
      "JumpIfLess r4, r2, -> 11\n"
      "Return r3\n");
}

TEST(Bytecode, MethodCallsOpenTheirWindowInOneInstruction) {
  EXPECT_EQ(inner_code("function f(o, x) { return o.m(x, 1); }"),
            "GetMethod r5, r2, m, [0]\n"
            "Move r7, r3\n"
            "LoadInt r8, 1\n"
            "Call r4, r5, 2\n"
            "Return r4\n");
}

TEST(Bytecode, OperandsAreEvaluatedBeforeTheyCanChange) {
  EXPECT_EQ(inner_code("function f(a) { return a + (a = 1) + a; }"),
            "Move r4, r2\n"
            "LoadInt r2, 1\n"
            "Move r6, r2\n"
            "Add r5, r4, r6\n"
            "Add r3, r5, r2\n"
            "Return r3\n");
}

TEST(Bytecode, SmallIntegersAreOperands) {
  EXPECT_EQ(code("let a; f(a + 1, a - 2, a * -3, a % 7, a & 255, a | 0, a << 2, a >> 31, a >>> 1);")
                .find("LoadInt"),
            std::string::npos);
  EXPECT_NE(code("let a; f(a % 0);").find("Mod r"), std::string::npos);
  EXPECT_NE(code("let a; f(a << 32);").find("ShiftLeft r"), std::string::npos);
  EXPECT_NE(code("let a; f(a + 40000);").find("LoadInt"), std::string::npos);
  EXPECT_NE(code("f(-0);").find("LoadConst r10, -0"), std::string::npos);
}

TEST(Bytecode, DenseSwitchesUseATable) {
  const auto table =
      compile("switch (x) { case 1: a; break; case 2: b; break; case 3: case 5: c; }");
  ASSERT_EQ(table->jump_tables.size(), 1u);
  EXPECT_EQ(table->jump_tables[0].min, 1);
  EXPECT_EQ(table->jump_tables[0].offsets.size(), 5u);
  EXPECT_EQ(table->jump_tables[0].offsets[3], 0);
  EXPECT_TRUE(
      compile("switch (x) { case 1: case 1000: case 2000: case 3000: a; }")->jump_tables.empty());
  EXPECT_TRUE(compile("switch (x) { case 1: case 2: case '3': case 4: a; }")->jump_tables.empty());
}

TEST(Bytecode, ObjectLiteralsAnnounceTheirKeys) {
  const auto function = compile("x = {a: 1, b, c() {}, [d]: 2, e: 3}");
  ASSERT_EQ(function->object_hints.size(), 1u);
  std::u16string keys;
  for (const CodeUnit key : function->object_hints[0].keys) keys += function->names[key];
  EXPECT_EQ(keys, u"abc");
}

TEST(Bytecode, FinallyRunsOnEveryWayOut) {
  // One copy of the block; the ways out are told apart by a number.
  const std::string text =
      code("a: for (;;) { try { if (x) break a; if (y) continue a; return 1; } finally { f(); } }");
  EXPECT_EQ(text.find("GetGlobal", text.find("f, ") + 1), std::string::npos) << text;
  EXPECT_NE(text.find("Rethrow"), std::string::npos);
  EXPECT_NE(text.find("JumpIfStrictNotEqualInt r7, 4"), std::string::npos) << text;
}

TEST(Bytecode, LeavingAForOfLoopClosesItsIterator) {
  const auto count = [](const std::string& text, const std::string& part) {
    int n = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
    return n;
  };
  EXPECT_EQ(count(code("for (const a of b) { if (a) break; }"), "IteratorClose r"), 1);
  EXPECT_EQ(count(code("for (const a of b) { if (a) continue; }"), "IteratorClose r"), 0);
  EXPECT_EQ(count(code("for (const a of b) { return a; }"), "IteratorClose r"), 1);
  EXPECT_EQ(count(code("l: for (const a of b) for (const c of a) continue l;"), "IteratorClose r"),
            1);
  EXPECT_EQ(count(code("l: for (const a of b) for (const c of a) break l;"), "IteratorClose r"), 2);
  EXPECT_EQ(count(code("for (const a of b) f(a);"), "IteratorCloseSilent r"), 1);
}

TEST(Bytecode, DescribesFunctions) {
  const auto m = compile(
      "function f(a, b = 1, ...c) {}"
      "async function* g({x}, y) {} const h = (z) => z; class A { constructor(p, q) {} }"
      "const o = {m() {}, get n() { return 1 }, async k() {}};");
  const auto at = [&](std::u16string_view name) -> const FunctionTemplate& {
    for (const auto& inner : m->functions) {
      if (inner->name == name) return *inner;
    }
    throw std::runtime_error("no such function");
  };
  EXPECT_EQ(at(u"f").parameter_count, 2);
  EXPECT_EQ(at(u"f").length, 1);
  EXPECT_EQ(at(u"f").rest_register, 4);
  EXPECT_TRUE(at(u"g").is_async && at(u"g").is_generator);
  EXPECT_EQ(at(u"g").length, 2);
  EXPECT_EQ(at(u"h").kind, FunctionKind::Arrow);
  EXPECT_FALSE(at(u"h").is_constructor());
  EXPECT_EQ(at(u"A").kind, FunctionKind::ClassConstructor);
  EXPECT_TRUE(at(u"A").strict);
  EXPECT_EQ(at(u"A").length, 2);
  EXPECT_EQ(at(u"m").kind, FunctionKind::Method);
  EXPECT_EQ(at(u"get n").kind, FunctionKind::Getter);
  EXPECT_TRUE(at(u"k").is_async);
  const FunctionTemplate& h = at(u"h");
  EXPECT_EQ(h.source->text(h.start, h.end), u"(z) => z");
  const FunctionTemplate& a = at(u"A");
  EXPECT_EQ(a.source->text(a.start, a.end), u"class A { constructor(p, q) {} }");
}

TEST(Bytecode, DisassemblesEverything) {
  const std::string text =
      disassemble(*compile("let a = 1; f(() => { try { a.b } catch (e) { e } })"));
  EXPECT_NE(text.find("function (anonymous) (test.js:1:1)"), std::string::npos);
  EXPECT_NE(text.find("handler "), std::string::npos);
  EXPECT_NE(text.find("scope #0: a"), std::string::npos);
  EXPECT_NE(text.find("; 1:"), std::string::npos);
}

}  // namespace
}  // namespace heaplab::interp
