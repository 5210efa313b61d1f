const [a, , b = 2, ...rest] = [1, 'skipped', undefined, 4, 5];
console.log(a, b, rest);
const { x, y: renamed, z = 'dz', ...others } = { x: 1, y: 2, p: 3, q: 4 };
console.log(x, renamed, z, others);
const { nested: { deep: [, second] = [] } = {}, 'quoted-key': quoted, 5: five, ['com' + 'puted']: comp } = {
  nested: { deep: [1, 2] }, 'quoted-key': 'q', 5: 'five', computed: 'c',
};
console.log(second, quoted, five, comp);

// Swap, into properties, into elements, into members of calls.
let m = 1, n = 2;
[m, n] = [n, m];
const o = { list: [] };
[o.first, o.list[1], ...o.rest] = 'abcde';
({ a: o.a, b: o['b' + 1] = 'def' } = { a: 'A' });
console.log(m, n, o);
const get = () => o;
[get().called] = ['yes'];
console.log(o.called);

// Value of the expression is the right side.
const source = [1, 2, 3];
let p;
console.log(([p] = source) === source, p, ({ length: p } = source) === source, p);

// Defaults only for undefined, evaluated lazily; null and 0 are values.
let evaluated = 0;
const lazy = () => ++evaluated;
const [d1 = lazy(), d2 = lazy(), d3 = lazy(), d4 = lazy()] = [null, 0, undefined];
console.log(d1, d2, d3, d4, evaluated);
const { k1 = 1, k2 = k1 + 1, k3 = (() => k2 * 2)() } = {};
console.log(k1, k2, k3);

// Strings, maps, sets, generators; only as much as needed, then closed.
const [c1, c2] = '😀x';
console.log(c1, c2);
for (const [key, { v }] of new Map([['k', { v: 1 }]])) console.log(key, v);
function* counting() {
  try {
    for (let i = 0; ; i++) yield i;
  } finally {
    console.log('closed');
  }
}
const [g0, g1] = counting();
console.log(g0, g1);
const [] = counting();

// Parameters, arrow parameters, loops, catch.
const f = ({ a, b: [c] = [9] } = {}, [d, { e } = { e: 'E' }] = []) => [a, c, d, e];
console.log(f(), f({ a: 1, b: [2] }, [3, { e: 4 }]));
console.log([[1, 2], [3, 4]].map(([l, r]) => l * r), [{ n: 1 }].map(({ n, ...r }) => [n, r]));
for (const { length } of ['a', 'bb']) console.log(length);
for (let [i, j] = [0, 3]; i < j; i++, j--) console.log(i, j);

// Primitives have properties too.
const { length, [0]: initial } = 'word';
const { toFixed } = 5;
console.log(length, initial, typeof toFixed);

// Errors name what failed.
const attempts = [
  () => { const { q } = null; },
  () => { const { q } = undefined; },
  () => { const {} = null; },
  () => { const [q] = {}; },
  () => { const [q] = 5; },
  () => { const [q] = null; },
  () => { const { q: { r } } = {}; },
  () => { const obj = {}; const { s: { t } } = obj; },
  () => { (({ q }) => q)(); },
  () => { (([q]) => q)(); },
  () => { const obj = {}; const [q] = obj; },
  () => { const obj = { a: 1 }; const [q] = obj.a; },
  () => { let z; ({ z } = null); },
];
for (const attempt of attempts) {
  try {
    attempt();
    console.log('no error');
  } catch (e) {
    console.log(e.name + ': ' + e.message);
  }
}

// Getters run once each and in order; symbols and rest.
const traced = { get one() { console.log('get one'); return 1; }, get two() { console.log('get two'); return 2; } };
const { two, one } = traced;
const sym = Symbol('sym');
const { [sym]: viaSymbol, ...noSymbol } = { [sym]: 's', kept: 1 };
console.log(viaSymbol, noSymbol);
const { [sym]: _, ...r2 } = Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true }, hid: { value: 1 } });
console.log(r2);
