function f(a, b = 1, ...c) {
  f.calls = (f.calls || 0) + 1;
  return f.calls;
}
f();
f();
console.log(f.calls, f.length, f.name, f, typeof f.prototype, f.prototype);
const bound = f.bind(null, 1);
console.log(bound.name, bound.length, bound(), 'prototype' in bound);
Object.defineProperty(f, 'name', {value: 'renamed'});
console.log(f.name, f);
const o = {f};
console.log(
    o, (() => {}).bind().name === 'bound ', Function.prototype.call.name, (function() {}).bind().name);
console.log(
    f.hasOwnProperty('calls'), Object.keys(f), delete f.calls, f.calls, f.toString().slice(0, 12),
    new (function K() { this.self = K.name; })());
const partial = (g, ...pre) => (...post) => g(...pre, ...post);
console.log(
    partial(Math.max, 5)(1, 9), [1, 2, 3].map(partial((k, x) => k * x, 10)),
    ((...args) => args.length)(...[1, 2], 3), (function() { return arguments.length; })(1, undefined));
const pipe = (...fs) => (x) => fs.reduce((v, g) => g(v), x);
console.log(pipe((x) => x + 1, String, (s) => s.padStart(3, '*'))(41));
console.log(
    f.call.length, f.apply.length, typeof f.constructor, f instanceof Function, f instanceof Object,
    Object.getPrototypeOf(async () => {}) === Object.getPrototypeOf(f));
