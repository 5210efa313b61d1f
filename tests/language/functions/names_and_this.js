const arrow = () => {};
const expression = function () {};
const obj = {
  method() {},
  prop: () => {},
  ['comp' + 'uted']: function () {},
  get getter() { return 1; },
  [Symbol('sym')]: () => {},
  async asyncMethod() {},
  *generatorMethod() {},
};
let assigned;
assigned = () => {};
const { d = () => {} } = {};
console.log(arrow.name, expression.name, obj.method.name, obj.prop.name, obj.computed.name, assigned.name, d.name);
console.log(Object.getOwnPropertyDescriptor(obj, 'getter').get.name);
console.log(obj[Object.getOwnPropertySymbols(obj)[0]].name, obj.asyncMethod.name, obj.generatorMethod.name);
console.log((() => {}).name === '', (function () {}).name === '', (class {}).name === '');
console.log(arrow, expression, obj.method, obj, class A {}, class extends Object {}, class B extends Map {});

// this
const counter = {
  n: 0,
  plain() { return this.n++; },
  arrow() { return [1, 2].map(() => this.n++); },
  nested() { return (function () { return this === counter; })(); },
};
console.log(counter.plain(), counter.arrow(), counter.n, counter.nested());
const { plain } = counter;
console.log((0, counter.plain) === plain);
console.log([1, 2].map(function (x) { return x * this.k; }, { k: 10 }));
function sloppy() { return typeof this; }
function strict() { 'use strict'; return typeof this; }
console.log(sloppy.call(5), strict.call(5), sloppy.call(null), strict.call(null), strict());

// new.target
function Target() {
  return { target: new.target === Target };
}
console.log(new Target(), Target());
function ReturnsPrimitive() { this.kept = 1; return 5; }
console.log(new ReturnsPrimitive());
for (const bad of [() => {}, obj.method, async function f() {}, function* g() {}, Math.max, 5, undefined, {}]) {
  try {
    new bad();
  } catch (e) {
    console.log(e.message);
  }
}

// Functions are objects.
function tagged() {}
tagged.extra = 1;
tagged.list = [1];
console.log(tagged, Object.keys(tagged), tagged.prototype, tagged.prototype.constructor === tagged);
console.log(Object.getOwnPropertyNames(tagged).filter((k) => k !== 'caller' && k !== 'arguments'));
console.log(Object.getOwnPropertyNames(arrow), 'prototype' in arrow);
console.log((function (a, b) { return a + b; }).toString());
console.log(((a) => a * 2).toString(), Math.max.toString(), class Foo { bar() {} }.toString());

// Immediately invoked, curried, composed, memoised.
const compose = (...fs) => (x) => fs.reduceRight((acc, f) => f(acc), x);
const add = (a) => (b) => (c) => a + b + c;
const memo = (f, cache = new Map()) => (n) => (cache.has(n) ? cache.get(n) : (cache.set(n, f(n)), cache.get(n)));
const fib = memo((n) => (n < 2 ? n : fib(n - 1) + fib(n - 2)));
console.log(compose((x) => x + 1, (x) => x * 2)(5), add(1)(2)(3), fib(80));
