const o = {
  a: 1,
  b: {c: 2}
};
console.log(
    Object.keys(o), Object.values(o), Object.entries(o), Object.fromEntries([['x', 1], ['y', 2]]),
    Object.fromEntries(new Map([['m', 1]])));
console.log(Object.assign({}, o, null, undefined, 'ab', [9], {a: 2}), Object.assign([1, 2], [3]));
const frozen = Object.freeze({n: 1, inner: {m: 1}});
frozen.n = 2;
frozen.inner.m = 2;
frozen.x = 1;
delete frozen.n;
console.log(
    frozen, Object.isFrozen(frozen), Object.isSealed(frozen), Object.isExtensible(frozen), Object.isFrozen(5),
    Object.isFrozen({}));
const sealed = Object.seal({n: 1});
sealed.n = 2;
sealed.x = 1;
delete sealed.n;
console.log(sealed, Object.isSealed(sealed), Object.isFrozen(sealed));
const fixed = Object.preventExtensions([1]);
fixed[1] = 2;
fixed[0] = 5;
console.log(fixed, Object.isExtensible(fixed));
(function() {
'use strict';
for (const f
         of [() => {
           frozen.n = 3;
         },
            () => {
              frozen.y = 1;
            },
            () => delete sealed.n, () => fixed.push(1), () => Object.freeze([1]).push(2),
            () => {
              Object.freeze([3, 1]).sort();
            },
            () => Object.freeze([1]).pop(), () => Object.setPrototypeOf(frozen, {}),
            () => Object.defineProperty(frozen, 'n', {value: 9}), () => Object.defineProperty(5, 'a', {}),
            () => Object.defineProperty({}, 'a', 5),
            () => Object.defineProperty({}, 'a', {get() {}, value: 1}),
            () => Object.defineProperty({}, 'a', {get: 5}), () => Object.create(5),
            () => Object.setPrototypeOf({}, 5), () => Object.keys(null), () => Object.fromEntries(5),
            () => Object.fromEntries([1]), () => Object.entries(undefined),
            () => {
              const a = {}, b = Object.create(a);
              Object.setPrototypeOf(a, b);
            }]) {
  try {
    console.log(f());
  } catch (e) {
    console.log(e.name + ': ' + e.message);
  }
}
})();
const d = Object.defineProperty({}, 'hidden', {value: 1});
console.log(
    d, d.hidden, Object.keys(d), Object.getOwnPropertyDescriptor(d, 'hidden'), Object.getOwnPropertyNames(d),
    'hidden' in d);
Object.defineProperties(d, {
  v: {value: 2, enumerable: true, writable: true},
  acc: {get() { return this.v * 10; }, set(x) { this.v = x; }, enumerable: true, configurable: true}
});
d.acc = 4;
console.log(d, d.acc, Object.getOwnPropertyDescriptors(d));
console.log(
    Object.getPrototypeOf([]) === Array.prototype, Object.getPrototypeOf('s') === String.prototype,
    Object.getPrototypeOf(Object.create(null)));
console.log(
    Object.hasOwn(o, 'a'), Object.hasOwn(o, 'toString'), o.hasOwnProperty('a'), o.propertyIsEnumerable('a'),
    Object.prototype.isPrototypeOf.call(Array.prototype, []));
const bare = Object.create(null, {x: {value: 1, enumerable: true}});
console.log(bare, 'toString' in bare, Object.keys(bare));
console.log(
    Object(1), Object('s'), Object(true), Object(null), new Object({same: 1}), Object.is(Object(o), o));
console.log(
    String({}), String([]), String([1, [2, 3]]), String(null), String(() => 1),
    `${Object.create({toString: () => 'inherited'})}`);
console.log(
    {}.toString(), Object.prototype.toString.call(null), Object.prototype.toString.call(undefined),
    Object.prototype.toString.call([]), Object.prototype.toString.call(() => 0),
    Object.prototype.toString.call(/x/), Object.prototype.toString.call(new Date(0)),
    Object.prototype.toString.call(1), Object.prototype.toString.call(new Error()),
    Object.prototype.toString.call(new Map()), Object.prototype.toString.call(Math),
    Object.prototype.toString.call(JSON), Object.prototype.toString.call(globalThis));
console.log(
    o.valueOf() === o, [1, 2].toLocaleString(), ({}).constructor === Object,
    o.__proto__ === Object.prototype);
const chain = Object.create(Object.create({deep: 1}));
chain.__proto__.__proto__.deep = 2;
console.log(chain.deep, chain.__proto__.hasOwnProperty('deep'));
console.log(
    Object.entries({z: 1, 1: 'x', a: 2, 0: 'y'}), Object.getOwnPropertyNames('hey'),
    Object.getOwnPropertyNames([1, 2]));
console.log(
    Reflect.ownKeys({b: 1, a: 2, [Symbol.iterator]: 3, 5: 4}), Reflect.has({x: 1}, 'x'),
    Reflect.get({get a() { return this.z; }}, 'a', {z: 'receiver'}));
console.log(
    Reflect.apply(Math.max, null, [1, 5, 2]), Reflect.construct(Array, [3]).length,
    Reflect.set(frozen, 'n', 1), Reflect.defineProperty(frozen, 'q', {}), Reflect.deleteProperty(frozen, 'n'),
    Reflect.getPrototypeOf([]) === Array.prototype);
