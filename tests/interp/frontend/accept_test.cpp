// SPDX-License-Identifier: MIT
// Programs the front end must take, each compiled to code that passes every structural check.
#include <gtest/gtest.h>

#include "bytecode_check.h"
#include "compile_source.h"

namespace heaplab::interp {
namespace {

const char* const kPrograms[] = {
    // Forms that are easily mistaken for others
    R"js(({a = 1} = {}))js",
    R"js((a))js",
    R"js(x ? y => {} : 1)js",
    R"js(async (x) => await x)js",
    R"js(({ __proto__: 1, ["__proto__"]: 2 }))js",
    R"js(({ __proto__: a, __proto__: b } = {}))js",
    R"js(class A { get #a(){} set #a(v){} })js",
    R"js(class A extends B { constructor(){ super() } })js",
    R"js(({ m(){ super.x } }))js",
    R"js(class A { #x; m(){ return #x in this } })js",
    R"js(new.target)js",
    R"js(() => new.target)js",
    R"js((-1) ** 2)js",
    R"js((a ?? b) || c)js",
    R"js(1_000)js",
    R"js(x`\u{`)js",
    R"js(/[/]/)js",
    R"js(do x; while(1) y)js",
    R"js(try {} catch (e) { var e })js",
    R"js(x)js",
    R"js(return 1)js",
    R"js("use strict"; ({eval}))js",
    R"js(var \u0061\u{62} = 1)js",
    R"js(({ async *x(){}, async y(){}, get: 1, set: 2, async: 3, get get(){}, set set(a){}, async async(){} }))js",
    R"js(class A { static async *#x(){} ; get; set; static; async; static get; static set = 1 })js",
    R"js(label: function f(){})js",
    R"js(if (1) function f(){} else function g(){})js",
    R"js(async () => { for await (x of y) ; })js",
    R"js(a)js",
    R"js(++b)js",
    R"js(a = b)js",
    R"js((c))js",
    R"js(let)js",
    R"js(x)js",
    R"js(yield)js",
    R"js(await)js",
    R"js(({let}))js",
    R"js(var async; async)js",
    R"js((1))js",
    R"js(var a; function a(){})js",
    R"js(function f(a){ var a; function a(){} })js",
    R"js({ function a(){} function a(){} })js",
    R"js(a: { break a })js",
    R"js(a: if (1) break a)js",
    R"js(({a:1, a:2}))js",
    R"js(;;;)js",
    R"js(a ? b : c ? d : e)js",
    R"js(a ?.5 : 1)js",
    R"js(x = y => ({}).z)js",
    R"js(!function(){}())js",
    R"js(new new A()())js",
    R"js(new a.b.c)js",
    R"js(new (a())())js",
    R"js(typeof typeof a)js",
    R"js(void 0, delete a.b)js",
    R"js(for (const x in {}) ;)js",
    R"js(for (const x = 1; ;) break)js",
    R"js(for (x.y of z) ;)js",
    R"js(for ([a,b] of z) ;)js",
    R"js(for ({a=1} of z) ;)js",
    R"js(for (let in {}) ;)js",
    R"js([[a=1]=[]]=b)js",
    R"js(({a: [b=1] = c} = d))js",
    R"js(({ get }))js",
    R"js(f(...a, ...b,))js",
    R"js([,,])js",
    R"js((a,) => 1)js",
    R"js(function f(a,){})js",
    R"js(([a]) => 1)js",
    R"js(({a}) => 1)js",
    R"js(async(a, ...b,))js",
    R"js(async(...a, b))js",
    R"js(a = /=/g)js",
    R"js(a /= /b/)js",
    R"js(if (a) /re/.test(b))js",
    R"js(a++ / 2 /1)js",
    R"js(x = {} / 1)js",
    R"js(()=>{})js",
    R"js(/1/)js",

    // Line breaks and semicolons
    "a\n++b",
    "a\n(b)",
    "var x = 1\nvar y",
    "do x; while (0) y",
    "return\n1",
    "for (;;) break",
    "if (a) b\nelse c",
    "let x\nlet y\nx\n= y",
    "a\n/b/g",
    "async\nfunction f() {}",
    "yield\n* 2",
    "var a = function () {}\n;[1].x",
    "x\n?.y",
    "throw a\n",
    "() => {}\n(1)",
    "{ 1 }\n/x/.y",
    "let\nasync",
    // Modern forms
    "class A { #a = 1; get #b() { return 2 } set #b(v) {} static #c() {} has(o) { return #a in o } "
    "}",
    "class A extends (class {}) { constructor() { super(); (() => super.x)(); } }",
    "class A { static { this.x = 1; } static y = this.x; ['z' + 1] = 2; static async "
    "*[Symbol.iterator]() {} }",
    "class A { 'quoted'() {} 12() {} get 1.5() { return 1 } static 'x' = 1 }",
    "async function f() { for await (const [a, b = 1] of g()) { await a; if (b) continue; else "
    "break; } }",
    "async function* g() { try { const x = yield* h(); yield await x; } finally { await 1 } return "
    "2 }",
    "function* g() { const r = yield; try { yield* [1, r] } catch ({message}) { return message } }",
    "let {a, b: {c = 1, ...d}, ['e' + 1]: f, ...g} = h, [i, , j = 2, ...[k]] = l",
    "({a, b: c.d, ['e']: f[0], ...g.h} = i); [a, b.c, ...d[0]] = e; for ([a.b] of c) ;",
    "f`a${1}b${`c${2}`}d`; x.y`\\u{zz}`",
    "a ?\?= b; c ||= d; e &&= f; g.h ?\?= i; j[k] **= 2",
    "a?.b?.[c]?.(d).e; delete a?.b; (a?.b)(); a?.b.c()[d]",
    "const f = async ({a}, [b], ...c) => ({a, b, c})",
    "label: for (const a of b) { inner: for (const c in a) { if (c) continue label; break inner } "
    "}",
    "switch (a) { case 1: case 2: let b = 1; break; default: c: { break c } case 3: }",
    "switch (a) { case 1: x; break; case 2: y; case 4: z; case 5: default: w; case 9: v }",
    "try { a } catch { b } finally { c } try { } finally { } try { } catch { }",
    "var let_ = 1, of = 2, async = 3, get = 4, set = 5, static_ = 6, target = 7, await = 8, yield "
    "= 9",
    "var \\u0061bc = 1, \u00e9t\u00e9 = 2, \U00020000 = 3, $ = 4, _ = 5",
    "'\\x41\\u0042\\u{43}\\\ncontinued\\0'",
    "0b101 + 0O17 + 0xfF + 1_000 + .5 + 5. + 1e3 + 1E-3 + 017 + 089",
    "new.target; (() => new.target)()",
    "function f() { return new.target } new f; new (f()); new f.g.h(1)(2)",
    "if (a) ; else if (b) ; else ;",
    "for (var i = 0, n = 10; i < n; i++) ; for (let i in o) ; for (x of [,1,,]) ; for (;;) { break "
    "}",
    "f(...a, 1, ...b); new F(...a); [...a, , ...b]; ({...a, b, ...c})",
    "#!/usr/bin/env node\n1",
};

TEST(FrontendAccept, CompilesToSoundCode) {
  for (const char* program : kPrograms) {
    SCOPED_TRACE(program);
    ASSERT_EQ(syntax_error(program), "");
    EXPECT_EQ(BytecodeCheck(*compile(program)).first_error(), "");
  }
}

TEST(FrontendAccept, CompilesScriptsAndFunctionBodies) {
  const auto source = Source::from_utf8("f.js", "return a + b");
  const std::u16string names[] = {u"a", u"b"};
  const auto function = compile_function_body(source, names);
  EXPECT_EQ(function->parameter_count, 2);
  EXPECT_EQ(code_of(*function), "Add r4, r2, r3\nReturn r4\n");
  EXPECT_EQ(compile_script(Source::from_utf8("s.js", ""))->parameter_count, 0);
}

}  // namespace
}  // namespace heaplab::interp
