const o = {
  a: 1,
  nested: {b: [1, 2, {c: 3}]},
  d: new Date(0),
  m: new Map([[1, {x: 1}]]),
  s: new Set([1])
};
const shallow = {...o}, viaJson = JSON.parse(JSON.stringify(o));
console.log(shallow.nested === o.nested, viaJson);
function clone(v, seen = new Map()) {
  if (v === null || typeof v !== 'object') return v;
  if (seen.has(v)) return seen.get(v);
  if (v instanceof Date) return new Date(+v);
  if (v instanceof Map) {
    const m = new Map();
    seen.set(v, m);
    v.forEach((x, k) => m.set(clone(k, seen), clone(x, seen)));
    return m;
  }
  if (v instanceof Set) return new Set([...v].map((x) => clone(x, seen)));
  const c = Array.isArray(v) ? [] : Object.create(Object.getPrototypeOf(v));
  seen.set(v, c);
  for (const k of Reflect.ownKeys(v)) c[k] = clone(v[k], seen);
  return c;
}
o.self = o;
const copy = clone(o);
console.log(copy, copy.self === copy, copy.nested.b[2] !== o.nested.b[2]);
copy.nested.b[2].c = 99;
console.log(o.nested.b[2].c, Object.is(copy.m.get(1), o.m.get(1)));
const merge = (a, b) => Object.entries(b).reduce(
    (r, [k, v]) => ({...r, [k]: v && typeof v === 'object' && !Array.isArray(v) ? merge(r[k] ?? {}, v) : v}),
    a);
console.log(merge({a: {x: 1, y: {z: 2}}, k: [1]}, {a: {y: {w: 3}}, k: [2], n: null}));
