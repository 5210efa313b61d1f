const o = {
  _v: 1,
  get v() { return this._v; },
  set v(x) { this._v = x * 2; }
};
o.v = 5;
console.log(o.v, o);
Object.defineProperty(o, 'hidden', {value: 42});
console.log(o.hidden, Object.keys(o), o.propertyIsEnumerable('hidden'), JSON.stringify(o));
'use strict';
o.hidden = 1;
console.log(o.hidden, Object.getOwnPropertyDescriptor(o, 'hidden'), Object.getOwnPropertyDescriptor(o, 'v'));
(function() {
'use strict';
for (const f
         of [() => {
           o.hidden = 2;
         },
            () => {
              delete o.hidden;
            },
            () => {
              Object.freeze([1])[0] = 2;
            },
            () => {
              ({get x() { return 1; }}).x = 2;
            },
            () => {
              Object.defineProperty(o, 'hidden', {value: 2});
            },
            () => {
              undefined.x = 1;
            },
            () => {
              'str'.x = 1;
            },
            () => {
              Object.preventExtensions({}).a = 1;
            },
            () => {
              'abc'.length = 1;
            },
            () => {
              'abc'[0] = 'x';
            }]) {
  try {
    f();
    console.log('no error');
  } catch (e) {
    console.log(e.name + ': ' + e.message);
  }
}
})();
const fr = Object.freeze({a: 1, n: {b: 2}});
fr.a = 9;
fr.z = 1;
fr.n.b = 3;
console.log(fr, Object.isFrozen(fr), Object.isSealed(fr), Object.isExtensible(fr));
const se = Object.seal({a: 1});
se.a = 2;
se.b = 3;
delete se.a;
console.log(se, Object.isSealed(se), Object.isFrozen(se));
const ne = Object.preventExtensions({a: 1});
ne.b = 1;
delete ne.a;
console.log(ne, Object.isExtensible(ne), Object.isFrozen(ne));
const proto = {
  greet() { return 'hi ' + this.name; }
};
const child = Object.create(proto, {name: {value: 'kid', enumerable: true}});
console.log(
    child.greet(), Object.getPrototypeOf(child) === proto, proto.isPrototypeOf(child),
    child.hasOwnProperty('greet'), Object.hasOwn(child, 'name'));
console.log(
    Object.entries({a: 1, b: [2]}), Object.fromEntries([['x', 1], ['y', 2]]), Object.values('ab'),
    Object.assign({a: 1}, {b: 2}, null, {a: 3}));
console.log(
    Object.getOwnPropertyNames('ab'), Object.getOwnPropertyNames([1]),
    Reflect.ownKeys({b: 1, a: 2, 1: 3, [Symbol('s')]: 4}));
console.log(Object.getOwnPropertyDescriptors({get a() { return 1; }, b: 2}));
console.log(
    Object.is(NaN, NaN), Object.is(0, -0), Object.is('a', 'a'), Object.prototype.toString.call(null),
    Object.prototype.toString.call([]), Object.prototype.toString.call({[Symbol.toStringTag]: 'Custom'}));
const setp = {};
Object.setPrototypeOf(setp, {inherited: 1});
console.log(setp.inherited, setp.__proto__.inherited);
setp.__proto__ = Array.prototype;
console.log(setp instanceof Array, Array.isArray(setp));
let log = [];
const lazy = {
  get once() {
    Object.defineProperty(this, 'once', {value: 'cached'});
    log.push('computed');
    return this.once;
  }
};
lazy.once;
lazy.once;
console.log(log, lazy.once);
const v = {
  valueOf() { return 42; },
  toString() { return 'str'; }
};
console.log(v + 1, `${v}`, v > 41, v == 42, [v] + '', String(v), v * 2);
const tp = {
  [Symbol.toPrimitive](hint) { return hint === 'number' ? 7 : hint; }
};
console.log(+tp, `${tp}`, tp + '');
console.log(Object.entries(Object.create({inh: 1}, {own: {value: 1, enumerable: true}, non: {value: 2}})));
const sym = Symbol('desc');
const so = {
  [sym]: 1,
  [Symbol.for('reg')]: 2
};
console.log(
    so[sym], sym.toString(), sym.description, Symbol.for('reg') === Symbol.for('reg'),
    Symbol.keyFor(Symbol.for('reg')), Object.getOwnPropertySymbols(so).length, so);
try {
  Object.defineProperty(Object.freeze({}), 'x', {value: 1});
} catch (e) {
  console.log(e.message);
}
try {
  Object.defineProperty({}, 'x', {get: 5});
} catch (e) {
  console.log(e.message);
}
try {
  const a = {};
  const b = {__proto__: a};
  a.__proto__ = b;
} catch (e) {
  console.log(e.message);
}
const many = {};
for (let i = 0; i < 100; i++) many['key' + i] = i;
for (let i = 0; i < 100; i += 2) delete many['key' + i];
console.log(Object.keys(many).length, many.key51, many.key50, Object.keys(many).slice(0, 3));
many.key0 = 'again';
console.log(Object.keys(many).at(-1));
const big = {};
for (let i = 0; i < 2000; i++) big['p' + i] = i;
console.log(Object.keys(big).length, big.p1999);
const nums = {
  5: 'e',
  1: 'a',
  b: 'x',
  3: 'c',
  a: 'y'
};
console.log(nums, Object.keys(nums));
delete nums[3];
nums[2] = 'b';
console.log(JSON.stringify(nums));
console.log(Object.groupBy, typeof structuredClone);
const inh = Object.create({set x(v) { this._x = v; }});
inh.x = 5;
console.log(inh, Object.keys(inh));
const ro = Object.create(Object.defineProperty({}, 'r', {value: 1, writable: false}));
ro.r = 2;
console.log(ro.r);
for (const k in Object.create({z: 1}, {a: {value: 1, enumerable: true}})) console.log(k);
console.log(({}).constructor === Object, Object.keys(Object.prototype));
