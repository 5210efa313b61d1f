// Printing: everything a developer may throw at console.log.
const { inspect, format, isDeepStrictEqual } = require('util');
class Point { constructor(x, y) { this.x = x; this.y = y; } get norm() { return Math.hypot(this.x, this.y); } }
class Stack extends Array { constructor(...items) { super(...items); this.label = 'stack'; } peek() { return this.at(-1); } }
class Registry extends Map { constructor(entries) { super(entries); this.created = 1; } }
class Tags extends Set { get [Symbol.toStringTag]() { return 'TagSet'; } }
class Task extends Promise {}
class Temperature { #c = 20; static scale = 'C'; static #hidden = 1; toString() { return `${this.#c}°`; } [inspect.custom](depth, options) { return `T<${this.#c}>`; } }
class Empty {}
const stack = new Stack(1, 2, 3);
console.log(stack, stack.map((x) => x * 2) instanceof Stack, stack.peek(), new Registry([['a', new Point(1, 2)]]), new Tags(['x']), Task.resolve(5), new Temperature(), Temperature, new Empty(), Empty, Stack);
const nested = { level1: { level2: { level3: { level4: 'deep' } } }, list: [[1, [2, [3, [4]]]]], fn() {}, arrow: () => 1, async am() {}, *gen() {}, [Symbol('sym')]: Symbol.iterator, get only() { return 1; }, set only2(v) {}, get both() { return 1; }, set both(v) {} };
nested.self = nested; nested.list.push(nested.list);
console.log(nested);
console.log(inspect(nested, { depth: 0 }), inspect(nested.level1, { depth: Infinity, compact: false }), inspect({ a: { b: 1 } }, { breakLength: 5 }));
console.log([undefined, null, -0, 0, NaN, 1e21, 123456789.123, true, 'str', "it's", 'say "hi"', `both ' and "`, 'multi\nline\t\u0001', Symbol('s'), 1].slice(0, 14));
console.log([1, , 3, , ,], [, ], new Array(3), Object.assign([1, 2], { extra: true, '-1': 'neg' }), Array.from({ length: 120 }, (_, i) => i), ['a'.repeat(100), 'b'.repeat(30)]);
console.log(new Map([[{ k: 1 }, new Map([[1, new Set([1, [2]])]])], ['s', null]]), new Set(), new Map(), new WeakMap(), new WeakSet(), [new Map().entries(), new Set([1]).values(), [1, 2][Symbol.iterator](), 'ab'[Symbol.iterator]()]);
console.log(new Uint8Array([1, 2, 300]), new Float64Array(3), new ArrayBuffer(4), Buffer.from('héllo'), new DataView(new ArrayBuffer(2)), new Uint8Array(0));
console.log(function named(a, b) {}, function () {}, class {}, class A extends Point {}, (() => {}), async () => {}, function* g() {}, async function* ag() {}, Math.max, Object.assign(() => {}, { prop: 1 }), Symbol, Math, JSON, globalThis === global);
console.log(new Date(0), [new Date(1e12)], /re/gi, Object.assign(/x/, { y: 1 }), new Number(5), new String('boxed'), new Boolean(false), Object(Symbol('b')), Object.create(null), Object.create({ inherited: 1 }), Object.create(Point.prototype), Object.setPrototypeOf({ a: 1 }, null));
console.log(Promise.resolve({ a: 1 }), Promise.reject(new Error('x')).catch(() => {}) instanceof Promise, new Promise(() => {}), (async () => 'v')(), (function* () {})(), process.version.startsWith('v'));
console.log({ 'quoted-key': 1, valid_id: 2, 3: 'three', 'with space': 4, 'ünï': 5, '': 6, a1: { b: [{ c: { d: 1 } }] } }, { long: 'x'.repeat(60), other: 'y'.repeat(30) }, { a: 'one\ntwo', b: ['x\ny'] });
console.log([[]], [{}], {}, [], [[], []], [[[[]]]], { a: {} }, { a: [] }, [null], [undefined], [['a', 1], ['b', 2]]);
console.log([{ id: 1, name: 'one', tags: ['a', 'b'] }, { id: 2, name: 'two', tags: [] }, { id: 3, name: 'a much longer name than the others', tags: ['some', 'more', 'tags', 'to', 'break', 'the', 'line'] }]);
console.log(Array.from({ length: 30 }, (_, i) => 'item' + i), Array.from({ length: 27 }, (_, i) => i * 1000), ['apple', 'banana', 'cherry', 'date', 'elderberry', 'fig', 'grape'], [1.5, 2.25, -3, 100000, 7, 8, 9]);
console.log(format('%s %s', 'only one'), format('%d', '42abc'), format('%s', null, undefined, 5, { a: 1 }), format('%c styled', 'css'), format('no args %s'), format(1, 2, '3'), format('%s', class Q {}), format('%s', () => 1), format('%s', [1, [2, [3]]]), format('%s', new Point(1, 2)), format('%s', Symbol('z')), format('%i %f', 'x', 'y'));
console.log(isDeepStrictEqual({ a: [1, new Map([[1, { b: 2 }]])] }, { a: [1, new Map([[1, { b: 2 }]])] }), isDeepStrictEqual([1], ['1']), isDeepStrictEqual(new Set([1, { a: 1 }]), new Set([1, { a: 1 }])));
console.log(Object.getOwnPropertyNames(class { static s() {} static x = 1; }), Object.getOwnPropertyDescriptors(class { static get g() { return 1; } }), Object.entries(new Point(3, 4)), new Point(3, 4).norm);
const proxyLike = Object.defineProperties({}, { hidden: { value: 1 }, shown: { value: 2, enumerable: true }, accessor: { get: () => 1, enumerable: true } });
console.log(proxyLike, inspect(proxyLike, { showHidden: true }), inspect('str'), inspect([1, [2]], false, 0), inspect(new Proxy2()), String(new Temperature()));
function Proxy2() { this.z = [1]; } Proxy2.prototype.method = function () {};
