function d(a, b = a + 1, ...rest) { return [a, b, rest, arguments.length]; }
console.log(d(1), d(1, undefined, 3), d(1, 2, 3, 4));
console.log(
    d.length, d.name, (() => {}).name, (function() {}).name, ((a, b) => 1).length,
    (function named() {}).name);
const arrow = () => ({a: 1});
console.log(arrow());
const self = function fact(n) { return n <= 1 ? 1 : n * fact(n - 1); };
console.log(self(10));
(function() { console.log(this === undefined || this === globalThis, arguments.length); })(1, 2, 3);
(function() {
'use strict';
console.log(this);
})();
const o = {
  m() { return this.v; },
  v: 42,
  get g() { return this.v + 1; },
  arrow: () => typeof this,
  nested() { return [1].map(() => this.v); }
};
console.log(o.m(), o.g, o.arrow(), o.nested());
console.log((0, o.m).call({v: 'called'}), o.m.apply({v: 'applied'}), o.m.bind({v: 'bound'})());
const bound = function(a, b, c) { return [this.x, a, b, c]; }.bind({x: 1}, 2, 3);
console.log(bound(4), bound.length, bound.name);
function Ctor(x) {
  this.x = x;
  if (x === 0) return {other: true};
}
console.log(new Ctor(1).x, new Ctor(0));
console.log(new.target === undefined);
function NT() { return new.target === NT; }
console.log(NT(), new NT() instanceof NT);
function args() {
  arguments[0] = 'changed';
  return [].slice.call(arguments);
}
console.log(args(1, 2));
function dflt({a = 1, b: {c = 2} = {}} = {}, [x, y = 5] = [3]) { return [a, c, x, y]; }
console.log(dflt(), dflt({a: 9, b: {c: 8}}, [7]));
let calls = 0;
function side(x = ++calls) { return x; }
side();
side(5);
side(undefined);
console.log(calls);
const scope = 'outer';
function defScope(a = scope) {
  const scope = 'inner';
  return a;
}
console.log(defScope());
console.log([1, 2, 3].map((x) => x * 2), [[1, 2]].map(([a, b]) => a + b), Math.max(...[1, 5, 3], 4));
function* g() {}
console.log(
    typeof g, g.name, (async () => {}).name, Object.getPrototypeOf(async function() {}).constructor.name);
console.log((function() { return typeof arguments; })(), (() => {
              try {
                return 'try';
              } finally {
                console.log('finally');
              }
            })());
console.log(d.toString().slice(0, 12), (x => x + 1).toString(), class A {
  b() {}
}.toString());
function outerFn() {
  return inner();
  function inner() { return 'hoisted inner'; }
}
console.log(outerFn());
const curry = (f) => (a) => (b) => (c) => f(a, b, c);
console.log(curry((a, b, c) => a + b + c)(1)(2)(3));
console.log(
    (function(a, a2, b) { return arguments.length; }).length, ((a, b = 1, c) => 0).length,
    ((...r) => 0).length);
var fnExpr = function() { return fnExpr.name; };
console.log(fnExpr());
console.log(typeof function() {}.prototype, (() => 1).prototype, Object.keys(function() {}));
try {
  (() => 1)();
  new (() => 1)();
} catch (e) {
  console.log(e.message);
}
try {
  null.f();
} catch (e) {
  console.log(e.message);
}
try {
  o.nope();
} catch (e) {
  console.log(e.message);
}
try {
  o.v();
} catch (e) {
  console.log(e.message);
}
