class Range {
  constructor(a, b) {
    this.a = a;
    this.b = b;
  }
  * [Symbol.iterator]() {
    for (let i = this.a; i < this.b; i++) yield i;
  }
  get[Symbol.toStringTag]() { return 'Range'; }
  [Symbol.toPrimitive](h) { return h === 'string' ? `${this.a}..${this.b}` : this.b - this.a; }
  static[Symbol.hasInstance](x) { return typeof x === 'object' && x !== null && 'a' in x; }
}
const r = new Range(1, 4);
console.log(
    [...r], `${r}`, r + 1, Object.prototype.toString.call(r), ({a: 1}) instanceof Range, Math.max(...r),
    Array.from(r, (x) => x * x));
console.log(r);
const [f, ...rest] = r;
console.log(f, rest, new Set(r), new Map([...r].map((x) => [x, x])));
class Conc {
  constructor(...a) {
    a.forEach((v, i) => this[i] = v);
    this.length = a.length;
    this[Symbol.isConcatSpreadable] = true;
  }
}
console.log([0].concat(new Conc(1, 2), [3], 4));
console.log(
    Symbol.iterator in Array.prototype, typeof Symbol.asyncIterator, Symbol('x').toString(),
    Object(Symbol('b')), Symbol.iterator.description);
const it = [1, 2][Symbol.iterator]();
console.log(
    it.next(), it.next(), it.next(), it[Symbol.iterator]() === it, Object.prototype.toString.call(it), it);
const m = new Map([['a', 1]]);
const e = m.entries();
console.log(e, e.next(), e.next(), Object.prototype.toString.call(e));
console.log('ab'[Symbol.iterator]().next(), Object.prototype.toString.call(''[Symbol.iterator]()));
const rep = {
  [Symbol.replace](s, r) { return `replaced ${s} with ${r}`; },
  [Symbol.split](s) {
    return ['custom split', s];
  },
  [Symbol.match](s) { return 'match ' + s; },
  [Symbol.search]() { return 42; }
};
console.log('str'.replace(rep, 'x'), 'str'.split(rep), 'str'.match(rep), 'str'.search(rep));
const counter = {
  n: 0,
  [Symbol.iterator]() {
    return {next: () => this.n < 3 ? {value: this.n++, done: false} : {value: undefined, done: true}};
  }
};
for (const x of counter) console.log(x);
console.log([...counter]);
try {
  for (const x of {[Symbol.iterator]: 1})
    ;
} catch (err) {
  console.log(err.message);
}
try {
  for (const x of {[Symbol.iterator]() { return 1; }})
    ;
} catch (err) {
  console.log(err.message);
}
try {
  for (const x of {[Symbol.iterator]() { return {}; }})
    ;
} catch (err) {
  console.log(err.message);
}
try {
  for (const x of {[Symbol.iterator]() { return {next() { return 1; }}; }})
    ;
} catch (err) {
  console.log(err.message);
}
try {
  Symbol() + '';
} catch (err) {
  console.log(err.message);
}
try {
  +Symbol();
} catch (err) {
  console.log(err.message);
}
try {
  new Symbol();
} catch (err) {
  console.log(err.message);
}
const sp = class extends Array {
  static get[Symbol.species]() { return Array; }
};
console.log(new sp(1, 2, 3).filter(Boolean).constructor.name);
console.log({ [Symbol('a')]: 1, [Symbol.for('b')]: {[Symbol()]: 2} });
console.log(
    [Symbol.iterator, Symbol('q')].map(String), Symbol('a') === Symbol('a'), typeof Symbol.for('x'),
    Object.keys({[Symbol('hid')]: 1}), JSON.stringify({[Symbol('hid')]: 1, s: Symbol('v')}));
console.log(
    Reflect.has({x: 1}, 'x'), Reflect.get({get x() { return this.y; }}, 'x', {y: 'recv'}),
    Reflect.set({}, 'a', 1), Reflect.apply(Math.max, null, [1, 2]),
    Reflect.getPrototypeOf([]) === Array.prototype, Reflect.deleteProperty({a: 1}, 'a'),
    Reflect.defineProperty({}, 'x', {value: 1}));
