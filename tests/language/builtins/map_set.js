const m = new Map([['a', 1], ['b', 2]]);
console.log(
    m.set('c', 3) === m, m.get('a'), m.get('zz'), m.has('b'), m.delete('b'), m.delete('b'), m.size, m);
m.set('a', 'updated').set('b', 'at the end');
console.log([...m], [...m.keys()], [...m.values()], m.forEach((v, k, self) => console.log(k, v, self === m)));
// Keys of every kind; SameValueZero.
const o = {}, f = () => {}, s = Symbol();
const kinds = new Map([
  [NaN, 'nan'], [0, 'zero'], ['0', 'string'], [o, 'object'], [f, 'function'], [s, 'symbol'], [null, 'null'],
  [undefined, 'undefined'], [true, 'true'], [1.5, 'double']
]);
console.log(
    kinds.get(NaN), kinds.get(-0), kinds.get('0'), kinds.get(o), kinds.get({}), kinds.get(f), kinds.get(s),
    kinds.get(null), kinds.get(undefined), kinds.get(), kinds.get(true), kinds.get(3 / 2),
    Object.is([...new Map([[-0, 1]]).keys()][0], 0));
// Mutation while iterating.
const log = [];
const mm = new Map([[1, 'x'], [2, 'y'], [3, 'z']]);
for (const [k] of mm) {
  log.push(k);
  if (k === 1) mm.delete(2), mm.set(4, 'added');
  if (k === 3) mm.delete(1), mm.set(1, 'again');
  if (log.length > 10) break;
}
console.log(log, mm);
const cleared = new Set([1, 2, 3]);
const seen = [];
for (const x of cleared) {
  seen.push(x);
  if (x === 2) {
    cleared.clear();
    cleared.add(9);
  }
}
console.log(seen, cleared);
const grow = new Set([1]);
for (const x of grow)
  if (x < 200) {
    grow.add(x + 1);
    grow.delete(x);
  }
console.log(grow);
const it = new Map([[1, 1], [2, 2]]).entries();
it.next();
it.next();
console.log(it.next(), it.next());
const forEachLog = [];
const fm = new Map([[1, 1]]);
fm.forEach((v, k) => {
  forEachLog.push(k);
  if (k < 5) fm.set(k + 1, 0);
});
console.log(forEachLog);
// Sets
const a = new Set([1, 2, 3, 2, 1]), b = new Set('hello');
console.log(
    a, b, a.has(2), a.add(4) === a, a.delete(9), a.size, [...a].filter((x) => b.has(x)), [...a.entries()][0],
    a.keys === a.values, new Set(), new Set(null), new Set([NaN, NaN, 0, -0]));
console.log(a.forEach(function(v, k, self) {
  if (v === 1) console.log(v === k, self === a, this.t);
}, {t: 'this'}));
// Many entries: grows and shrinks and keeps the order.
const big = new Map();
for (let i = 0; i < 20000; i++) big.set('k' + (i * 7919) % 20011, i);
for (let i = 0; i < 20000; i += 3) big.delete('k' + (i * 7919) % 20011);
let sum = 0, previous = -1, ordered = true;
for (const [, v] of big) {
  sum += v;
  ordered &&= v > previous;
  previous = v;
}
console.log(big.size, sum, ordered, big.get('k' + 7919), big.has('k0'));
for (const f2
         of [() => Map(), () => new Map(5), () => new Map([1]), () => new Set(5),
            () => Map.prototype.get.call({}, 1), () => Set.prototype.add.call(new Map(), 1),
            () => Object.getOwnPropertyDescriptor(Map.prototype, 'size').get.call({}),
            () => new Map([[1, 2]]).forEach(5), () => Map.prototype.size]) {
  try {
    console.log(f2());
  } catch (e) {
    console.log(e.name + ': ' + e.message);
  }
}
console.log(
    new Map([[{k: 1}, new Map([[1, new Set([[1, 2]])]])]]), new Map([[m, 'self key']]).get(m),
    Object.fromEntries(new Map([['x', {y: 1}]])), new Map(Object.entries({q: 1})), String(new Map()),
    JSON.stringify(new Set([1])), Map.name, Map.length, m.constructor === Map,
    m[Symbol.iterator] === m.entries);
const words = 'the cat the dog the end'.split(' ');
const counts = words.reduce((c, w) => c.set(w, (c.get(w) || 0) + 1), new Map());
console.log([...counts].sort(([p, x], [q, y]) => y - x || (p < q ? -1 : 1)));
const objs = Array.from({length: 3000}, (_, i) => ({i}));
const byObject = new Map(objs.map((x) => [x, x.i]));
if (globalThis.gc) gc();
console.log(objs.every((x) => byObject.get(x) === x.i), byObject.size);
