// SPDX-License-Identifier: MIT
// Programs whose inline caches have learned something that then stops being true.

#include "test_runtime.h"

namespace heaplab::interp::test {
namespace {

using InlineCacheTest = ProgramTest;

TEST_P(InlineCacheTest, AMethodReplacedOnThePrototypeIsSeen) {
  EXPECT_EQ(world.run(R"(
    class A { m() { return 1; } }
    const f = o => o.m();
    const o = new A();
    let s = '';
    for (let i = 0; i < 6; i++) { s += f(o); if (i === 2) A.prototype.m = () => 2; }
    console.log(s);)"),
            0);
  EXPECT_EQ(world.out, "111222\n");
}

TEST_P(InlineCacheTest, ShadowingAnInheritedPropertyIsSeen) {
  EXPECT_EQ(world.run(R"(
    const base = { x: 'base' }, middle = Object.create(base), o = Object.create(middle);
    const f = o => o.x;
    let s = '';
    for (let i = 0; i < 8; i++) {
      s += f(o) + ' ';
      if (i === 1) middle.x = 'middle';
      if (i === 3) o.x = 'own';
      if (i === 5) { delete o.x; delete middle.x; }
    }
    console.log(s);)"),
            0);
  EXPECT_EQ(world.out, "base base middle middle own own base base \n");
}

TEST_P(InlineCacheTest, AnAbsentPropertyThatAppearsIsSeen) {
  EXPECT_EQ(world.run(R"(
    const f = o => o.later;
    const o = {};
    let s = '';
    for (let i = 0; i < 4; i++) { s += f(o) + ' '; if (i === 1) Object.prototype.later = 'here'; }
    delete Object.prototype.later;
    console.log(s + f(o));)"),
            0);
  EXPECT_EQ(world.out, "undefined undefined here here undefined\n");
}

TEST_P(InlineCacheTest, ASetterThatAppearsStopsCachedAdds) {
  EXPECT_EQ(world.run(R"(
    function P() {}
    const make = () => { const o = new P(); o.v = 1; return o; };
    make(); make(); make();
    let seen = 0;
    Object.defineProperty(P.prototype, 'v', { set(x) { seen += x; }, configurable: true });
    const o = make();
    console.log(seen, Object.keys(o).length);)"),
            0);
  EXPECT_EQ(world.out, "1 0\n");
}

TEST_P(InlineCacheTest, FreezingStopsCachedStores) {
  EXPECT_EQ(world.run(R"(
    'use strict';
    const put = (o, v) => { o.a = v; };
    const o = { a: 0 };
    for (let i = 1; i < 5; i++) put(o, i);
    Object.freeze(o);
    try { put(o, 9); } catch (e) { console.log(e.message); }
    console.log(o.a);)"),
            0);
  EXPECT_EQ(world.out, "Cannot assign to read only property 'a' of object '#<Object>'\n4\n");
}

TEST_P(InlineCacheTest, ManyShapesAtOneSite) {
  EXPECT_EQ(world.run(R"(
    const objects = [];
    for (let i = 0; i < 12; i++) { const o = {}; for (let k = 0; k < i; k++) o['p' + k] = k; o.x = i; objects.push(o); }
    let sum = 0;
    for (let round = 0; round < 20; round++) for (const o of objects) { sum += o.x; o.x = o.x + 1; }
    console.log(sum);)"),
            0);
  EXPECT_EQ(world.out, "3600\n");
}

TEST_P(InlineCacheTest, ReplacingAFunctionsPrototypeIsSeenByNew) {
  EXPECT_EQ(world.run(R"(
    function F() {}
    const first = new F();
    F.prototype = { tag: 'new' };
    console.log(first.tag, new F().tag, new F() instanceof F, first instanceof F);)"),
            0);
  EXPECT_EQ(world.out, "undefined new true false\n");
}

TEST_P(InlineCacheTest, CachesSurviveCollections) {
  EXPECT_EQ(world.run(R"(
    const f = o => o.a + o.b;
    let sum = 0;
    for (let i = 0; i < 50; i++) { sum += f({ a: i, b: 1 }); if (i % 10 === 0) gc(); }
    console.log(sum);)"),
            0);
  EXPECT_EQ(world.out, "1275\n");
}

TEST_P(InlineCacheTest, PrimitivesHaveMethods) {
  EXPECT_EQ(world.run(R"(
    const f = v => v.toString() + (v.length === undefined ? '' : v.length);
    console.log([1, 'ab', true, 2.5, [1, 2], 'x'].map(f).join());)"),
            0);
  EXPECT_EQ(world.out, "1,ab2,true,2.5,1,22,x1\n");
}

HEAPLAB_IN_ALL_MODES(InlineCacheTest);

}  // namespace
}  // namespace heaplab::interp::test
