// SPDX-License-Identifier: MIT
// Where errors are reported and how they name their operand: V8's conventions, as Node 20 shows
// them.
#include <gtest/gtest.h>

#include "compile_source.h"

namespace heaplab::interp {
namespace {

/// "column text" of the last instruction with this opcode in the top-level code.
std::string place(std::string_view text, Opcode op) {
  const auto function = compile(text);
  std::string found = "none";
  for (std::uint32_t pc = 0; pc < function->code.size();) {
    const auto current = static_cast<Opcode>(function->code[pc]);
    if (current == op) {
      found = std::to_string(function->position_at(pc).column);
      const std::u16string_view described = function->error_text(pc);
      if (!described.empty()) found += " " + utf16_to_utf8(described);
    }
    pc += static_cast<std::uint32_t>(opcode_length(current));
  }
  return found;
}

TEST(Positions, Calls) {
  EXPECT_EQ(place("f()", Opcode::CallUndefined), "1 f");
  EXPECT_EQ(place("o.f()", Opcode::Call), "3 o.f");
  EXPECT_EQ(place("o.b.f(1)", Opcode::Call), "5 o.b.f");
  EXPECT_EQ(place("a[0]()", Opcode::Call), "5 a[0]");
  EXPECT_EQ(place("a['x y']()", Opcode::Call), "9 a.x y");
  EXPECT_EQ(place("f()()", Opcode::CallUndefined), "4 f(...)");
  EXPECT_EQ(place("f().x()", Opcode::Call), "5 f(...).x");
  EXPECT_EQ(place("(a=>a)(1)()", Opcode::CallUndefined), "10 (intermediate value)(...)");
  EXPECT_EQ(place("this.foo()", Opcode::Call), "6 this.foo");
  EXPECT_EQ(place("(x+2).foo()", Opcode::Call), "7 (x + 2).foo");
  EXPECT_EQ(place("(1,2)()", Opcode::CallUndefined), "6 (1 , 2)");
  EXPECT_EQ(place("a?.b()", Opcode::Call), "4 a?.b");
  EXPECT_EQ(place("({}).foo()", Opcode::Call), "6 {}.foo");
  EXPECT_EQ(place("[1,2].foo()", Opcode::Call), "7 [1,2].foo");
  EXPECT_EQ(place("'s'.foo()", Opcode::Call), "5 \"s\".foo");
  EXPECT_EQ(place("t.tag`x`", Opcode::Call), "6 t.tag");
}

TEST(Positions, New) {
  EXPECT_EQ(place("1; new X()", Opcode::New), "4 X");
  EXPECT_EQ(place("new o.x.y(1)", Opcode::New), "1 o.x.y");
  EXPECT_EQ(place("throw new Error('x')", Opcode::New), "7 Error");
  EXPECT_EQ(place("throw new Error('x')", Opcode::Throw), "1");
}

TEST(Positions, Properties) {
  EXPECT_EQ(place("o.a.b", Opcode::GetNamed), "5");
  EXPECT_EQ(place("n[0]", Opcode::GetKeyed), "2");
  EXPECT_EQ(place("n.x = 1", Opcode::SetNamed), "5");
  EXPECT_EQ(place("n[0] = 1", Opcode::SetKeyed), "6");
  EXPECT_EQ(place("  x1", Opcode::GetGlobal), "3");
}

TEST(Positions, AfterACallPropertiesAreAtTheirDot) {
  EXPECT_EQ(place("f(1,2).x.y", Opcode::GetNamed), "9");
  EXPECT_EQ(place("a.b?.c", Opcode::GetNamed), "4");
  EXPECT_EQ(place("o.x.y += 1", Opcode::SetNamed), "7");
}

TEST(Positions, TheFirstLoadOfAStatementIsAtTheStatement) {
  EXPECT_EQ(place("return nope", Opcode::GetGlobal), "1");
  EXPECT_EQ(place("return 1 + nope", Opcode::GetGlobal), "12");
  EXPECT_EQ(place("if (nope) ;", Opcode::GetGlobal), "1");
  EXPECT_EQ(place("let a = !nope", Opcode::GetGlobal), "9");
  EXPECT_EQ(place("let a = [nope]", Opcode::GetGlobal), "10");
  EXPECT_EQ(place("throw nope", Opcode::GetGlobal), "1");
  EXPECT_EQ(place("new Nope()", Opcode::GetGlobal), "1");
}

TEST(Positions, Operators) {
  EXPECT_EQ(place("s + t", Opcode::Add), "3");
  EXPECT_EQ(place("1 in t", Opcode::In), "3");
  EXPECT_EQ(place("s instanceof t", Opcode::InstanceOf), "3");
  EXPECT_EQ(place("const c=1; c=2", Opcode::ThrowConstAssign), "13");
  EXPECT_EQ(place("const c=1; c++", Opcode::ThrowConstAssign), "13");
}

TEST(Positions, Destructuring) {
  EXPECT_EQ(place("var {a}=u", Opcode::ThrowIfNullish), "6 property 'a' of 'u'");
  EXPECT_EQ(place("var {}=u", Opcode::ThrowIfNullish), "5 'u'");
  EXPECT_EQ(place("var {[k]: z}=null", Opcode::ThrowIfNullish), "5 'null'");
  EXPECT_EQ(place("for (const {a} of b) ;", Opcode::ThrowIfNullish), "13 property 'a' of '.for'");
  EXPECT_EQ(place("var [a]=u", Opcode::GetIterator), "9 u");
  EXPECT_EQ(place("for (var x of o.p);", Opcode::GetIterator), "17 o.p");
  EXPECT_EQ(place("[...o]", Opcode::ArraySpread), "5 o");
}

}  // namespace
}  // namespace heaplab::interp
