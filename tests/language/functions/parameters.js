const show = (...args) => console.log(...args);

function defaults(a, b = a * 2, c = a + b, { d = 4, e: { f = 5 } = {} } = {}, [g, h = 8] = [7]) {
  return [a, b, c, d, f, g, h].join();
}
show(defaults(1));
show(defaults(1, undefined, null));
show(defaults(1, 2, 3, { d: 9, e: { f: 10 } }, [11, 12]));
show(defaults.length, ((a, b) => 0).length, ((a, b = 1, c) => 0).length, ((...r) => 0).length);

function rest(first, ...others) {
  return [first, others, others.length, arguments.length];
}
show(rest());
show(rest(1));
show(rest(1, 2, 3));
show(((...[a, b = 2, ...c]) => [a, b, c])(1, undefined, 3, 4));

// Defaults are evaluated at each call, left to right, only when needed.
let calls = 0;
const next = () => ++calls;
const f = (a = next(), b = next()) => [a, b];
show(f(), f(10), f(undefined, 20), f(10, 20), calls);

// arguments
(function () {
  show(arguments.length, arguments[0], typeof arguments, Object.prototype.toString.call(arguments));
  show(Array.from(arguments), [...arguments], Array.prototype.slice.call(arguments, 1));
  show(arguments);
})('x', 'y', 3);
(function () {
  const inner = () => arguments[0];
  show(inner('not this'));
})('outer');
(function (a) {
  'use strict';
  a = 2;
  show(arguments[0]);
})(1);

// spread in calls
const parts = [2, 3];
show(Math.max(1, ...parts, ...[], ...new Set([9]), ...'5'));
show(((a, b, c, ...d) => [a, b, c, d])(...'ab', ...[1, 2], 3));
show(new Date(...[2020, 0, 1]).getFullYear());
try {
  show(...undefined);
} catch (e) {
  show(e.name, e.message);
}
try {
  const nothing = null;
  Math.max(...nothing);
} catch (e) {
  show(e.name, e.message);
}
try {
  Math.max(...5);
} catch (e) {
  show(e.name, e.message);
}

// Missing and extra arguments.
show(((a, b, c) => [a, b, c])(1), ((a) => a)(1, 2, 3));

// call, apply, bind
function who(greeting, mark) {
  return greeting + ' ' + this.name + mark;
}
show(who.call({ name: 'A' }, 'hi', '!'), who.apply({ name: 'B' }, ['yo', '?']));
const bound = who.bind({ name: 'C' }, 'hey');
show(bound('.'), bound.name, bound.length, who.bind(null).bind(1).name);
show(bound.call({ name: 'D' }, '~'));
function Point(x, y) {
  this.x = x;
  this.y = y;
}
const Bound = Point.bind(null, 1);
const p = new Bound(2);
show(p, p instanceof Point, p instanceof Bound);
show(who.apply({ name: 'E' }, { length: 2, 0: 'like', 1: '#' }));
show(typeof Function.prototype, Function.prototype.name === '', Function.prototype());
