const area = (s) => {
  switch (s.kind) {
    case 'circle':
      return Math.PI * s.r ** 2;
    case 'rect': {
      const {w, h = w} = s;
      return w * h;
    }
    case 'tri':
      return (s.b * s.h) / 2;
    default:
      throw new TypeError(`unknown shape: ${s.kind ?? 'none'}`);
  }
};
for (const s
         of [{kind: 'circle', r: 2}, {kind: 'rect', w: 2}, {kind: 'rect', w: 2, h: 3},
             {kind: 'tri', b: 3, h: 5}, {kind: 'blob'}, {}]) {
  try {
    console.log(s, area(s));
  } catch (e) {
    console.log(e.message);
  }
}
const match = (v, ...cases) => {
  for (const [p, f] of cases)
    if (typeof p === 'function' ? p(v) : p === v) return f(v);
};
console.log([5, 'x', null, [], 42].map(
    (v) => match(
        v, [42, () => 'answer'], [Number.isInteger, (n) => `int ${n}`], [Array.isArray, () => 'array'],
        [(s) => typeof s === 'string', (s) => `str ${s}`], [() => true, String])));
const Maybe = {
  some: (v) => ({map: (f) => Maybe.some(f(v)), or: () => v}),
  none: {map: () => Maybe.none, or: (d) => d}
};
console.log(Maybe.some(2).map((x) => x * 5).or(0), Maybe.none.map((x) => x).or('default'));
