const s = Symbol('desc'), t = Symbol('desc'), u = Symbol();
console.log(
    s === t, s.toString(), s.description, u.description, u.toString(), typeof s, String(s), [s], {[s]: s});
console.log(
    Symbol.for('app') === Symbol.for('app'), Symbol.keyFor(Symbol.for('app')), Symbol.keyFor(s),
    Symbol.iterator.toString());
const o = {
  [s]: 1,
  plain: 2,
  [t]: {nested: true}
};
console.log(
    o, Object.keys(o), Object.getOwnPropertySymbols(o), s in o, o[s], JSON.stringify(o),
    Object.assign({}, o)[s]);
class Temp {
  get[Symbol.toStringTag]() { return 'Temp!'; }
  [Symbol.toPrimitive](h) { return h === 'number' ? 36.6 : h; }
}
console.log(String(new Temp()), +new Temp(), Object.prototype.toString.call(new Temp()), new Temp());
console.log(
    Object(s) == s, Object(s) === s, typeof Object(s), Object(s).description, Object.getOwnPropertyNames(o));
for (const f
         of [() => new Symbol(), () => s + '', () => +s, () => `${s}`, () => Symbol.keyFor('x'),
            () => s * 2]) {
  try {
    console.log(f());
  } catch (e) {
    console.log(e.name + ': ' + e.message);
  }
}
const spreadable = {
  length: 2,
  0: 'x',
  1: 'y',
  [Symbol.isConcatSpreadable]: true
};
console.log([1].concat(spreadable), [1].concat({length: 1, 0: 'no'}).length);
console.log(!s, !!s, s ? 'truthy' : 'falsy', s == s, [s].includes(s), new Map([[s, 1]]).get(s), Boolean(s));
console.log([
  'iterator', 'asyncIterator', 'hasInstance', 'toPrimitive', 'toStringTag', 'species', 'match', 'split'
].map((n) => Symbol[n].description));
s.ignored = 1;
console.log(
    s.ignored, Symbol('with space'), Symbol(''), Symbol(undefined), Symbol(null), Symbol(1.5),
    Symbol.for('').description);
