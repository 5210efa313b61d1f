console.log(
    new Date(0), [new Date(86400000)], new Date(NaN), /a+/gi, [/x/], {r: /y/m, d: new Date(0)},
    Object.assign(/z/, {p: 1}), Object.assign(new Date(0), {p: 1}));
console.log(
    new Number(3), new String('str'), new Boolean(false), Object(Symbol('b')), [new Number(-0)],
    Object.assign(new Number(1), {q: 1}));
console.log(
    Promise.resolve(4), new Promise(() => {}), (async () => ({a: 1}))(),
    Promise.resolve([1, {b: {c: {d: 1}}}]));
console.log(
    new WeakMap(), new WeakSet(), new WeakRef({a: 1}), Symbol('x'), Symbol(), Symbol.iterator,
    (function*() {})(), [1][Symbol.iterator](), new Map([[1, 2]]).entries(), new Set(['v']).values(),
    new Map([['k', 'v']]).keys());
console.log(function() {}, () => {}, function named() {}, class {}, class N {},
            class M extends Map {}, async () => {}, async function an() {}, function* gn() {},
                            async function* agn() {}, Math.max, Symbol,
                            Object.assign(() => {}, {p: 1, q: {r: 1}}),
                            Object.assign(function f() {}, {a: [1]}));
console.log(
    new ArrayBuffer(4), new Uint8Array([1, 2, 3]), new Float64Array(2), Buffer.from('hey'),
    new DataView(new ArrayBuffer(2)), [Buffer.from('x')], new Uint8Array(130).fill(7));
console.log(
    Math, JSON, Reflect, globalThis === global, typeof console.log, [Math],
    (function() { return arguments; })(1, 'a'));
console.log(
    Object.create({a: 1}), Object.create(Array.prototype), Object.create(Map.prototype) instanceof Map);
console.log(
    {[Symbol('k')]: 1, [Symbol.iterator]: 2, [Symbol()]: {z: 1}},
    Object.defineProperty({v: 1}, 'hidden', {value: 2}), Object.freeze({f: 1}),
    Object.defineProperty({}, Symbol('nonenum'), {value: 1}));
const util = require('util');
class Custom {
  [util.inspect.custom](depth, options) { return `Custom<${depth}>`; }
}
console.log(
    new Custom(), [new Custom()], {c: {d: new Custom()}},
    { [Symbol.for('nodejs.util.inspect.custom')]: () => ({replaced: 1}) });
class Money {
  constructor(v) { this.v = v; }
  toString() { return '$' + this.v; }
  toJSON() { return 'json'; }
  valueOf() { return this.v; }
}
console.log(new Money(5), `${new Money(5)}`, [new Money(1)], new Money(2) + 1, '%s', new Money(3));
console.log(
    new (class Foo extends Map { x = 1 })([[1, 2]]), new (class Bar extends Array { y = 2 })(1, 2),
    new (class Baz extends Set {})([1]), new (class Qux extends Promise {})(() => {}),
    new (class extends Map {})(), new (class Sub extends Uint8Array {})(2), new (class D2 extends Date {})(0),
    new (class R2 extends RegExp {})('x'));
console.log(
    Object.setPrototypeOf(new Map([[1, 2]]), null), Object.setPrototypeOf([1], null),
    Object.setPrototypeOf(() => {}, null), Object.setPrototypeOf(new Date(0), null) instanceof Date);
