const k = 'key', x = 1;
const o = {
  x,
  k: 2,
  [k + 1]: 3,
  'a-b': 4,
  5: 'five',
  1.5: 'frac',
  method(a) { return a; },
  get g() { return this._g ?? 'unset'; },
  set g(v) { this._g = v; },
  async am() {},
  * gm() { yield 1; },
  async * agm() {},
  if: 'reserved',
  get: 'get',
  set: 'set',
  async: 'async',
  static: 1,
  await: 2,
  new: 3,
  of: 4,
};
console.log(o);
o.g = 'set!';
console.log(o.g, o.if, o.get, [...o.gm()], o['1.5'], o[5]);
// Order: integer keys ascending, then strings as created, then symbols.
const ordered = {
  b: 1,
  2: 'two',
  a: 2,
  1: 'one',
  [Symbol('s')]: 's',
  '-1': 'neg',
  '01': 'lead',
  4294967295: 'max',
  4294967294: 'idx'
};
ordered[0] = 'zero';
ordered.c = 3;
delete ordered.b;
ordered.b = 'again';
console.log(ordered, Object.keys(ordered), JSON.stringify(ordered));
console.log(Reflect.ownKeys(ordered));
// Duplicates, __proto__
console.log(
    {a: 1, b: 2, a: 3}, {__proto__: null}, {['__proto__']: 1},
    {'__proto__': Array.prototype} instanceof Array);
const __proto__ = 5;
console.log({__proto__}, Object.keys({__proto__: null, z: 1}));
// Accessors inherited, overridden, defined.
const base = {
  get v() { return 'base ' + this.n; },
  set v(w) { this.n = w; }
};
const child = Object.create(base);
child.v = 1;
console.log(child.v, Object.keys(child), child);
Object.defineProperty(child, 'v', {get: () => 'own', configurable: true, enumerable: true});
console.log(child.v, child, Object.getOwnPropertyDescriptor(base, 'v'));
delete child.v;
console.log(child.v);
const half = {
  get only() { return 1; }
};
half.only = 2;
console.log(half.only, Object.getOwnPropertyDescriptor(half, 'only').set);
// Many properties and deletions.
const big = {};
for (let i = 0; i < 200; i++) big['p' + i] = i;
for (let i = 0; i < 200; i += 2) delete big['p' + i];
big.p0 = 'back';
console.log(
    Object.keys(big).length, Object.keys(big).slice(-2), big.p199, big.p2, Object.values(big).slice(0, 3));
const sparse = {};
sparse[1000000] = 1;
sparse[5] = 2;
sparse['7'] = 3;
console.log(sparse, Object.entries(sparse));
console.log(Object.keys('ab'), Object.entries([7, 8]), Object.keys(function f(a) {}));
