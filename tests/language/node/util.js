const util = require('util');
console.log(
    util.inspect({a: {b: {c: {}}}}, {depth: 0}), util.inspect({a: {b: {c: {d: 1}}}}, {depth: null}),
    util.inspect('str'), util.inspect([1, 'a']), util.inspect({a: 1, b: 'x'}, {compact: false}),
    util.inspect({a: [1, 2, {b: 1}]}, {breakLength: Infinity}), util.inspect({b: 1, a: 2}, {sorted: true}),
    util.inspect(Array(200).fill(1), {maxArrayLength: 3}),
    util.inspect('x'.repeat(50), {maxStringLength: 10}), util.inspect({a: false}, {colors: false}));
console.log(
    util.format('%s=%d', 'a', 1, 'rest'), util.format(1, 2, '3'), util.format('%%', 1),
    util.format('%o', [1]), util.format(), util.isDeepStrictEqual({a: [1, {b: 2}]}, {a: [1, {b: 2}]}),
    util.isDeepStrictEqual([1], ['1']), util.types.isPromise(Promise.resolve()), util.types.isRegExp(/x/),
    util.types.isDate(new Date()), util.types.isMap(new Map()));
console.log(
    util.inspect(new Map([[{a: 1}, 'v']]), {showHidden: false}),
    util.inspect({get x() { return 5; }}, {getters: true}),
    util.inspect.custom === Symbol.for('nodejs.util.inspect.custom'),
    util.inspect({toString() { return 1; }}),
    util.inspect(Object.create({}, {h: {value: 1}}), {showHidden: true}));
const sleep = util.promisify((ms, cb) => setTimeout(() => cb(null, 'slept ' + ms), ms));
sleep(1).then(console.log);
util.promisify((cb) => cb(new Error('rejected')))().catch((e) => console.log(e.message));
function Base() {}
Base.prototype.hi = () => 'hi';
function Derived() {}
util.inherits(Derived, Base);
console.log(new Derived().hi(), Derived.super_ === Base, util.inspect(new Derived()));
class Temp {
  constructor(c) { this.c = c; }
  [util.inspect.custom](d, o, inspect) { return `Temp ${inspect(this.c, o)} ${o.stylize('x', 'special')}`; }
}
console.log(new Temp(20), [new Temp({deep: [1]})], util.inspect(new Temp(1)));
