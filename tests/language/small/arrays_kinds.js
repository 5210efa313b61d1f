const a = [1, 2, 3]; a.push(1.5); a.push('s'); a[10] = null; console.log(a, a.length);
const b = []; b[2] = 'x'; b[0] = 'y'; console.log(b, b.length, b[1]); b.length = 1; console.log(b);
const c = [0.5]; c[1] = 2; c[0] = undefined; console.log(c, c.map((x) => typeof x));
const d = Array(4); d[1] = 1; console.log(d, d.findIndex((x) => x === undefined), d.map(() => 'm'), d.fill(0));
const e = [3, 4]; e.x = 1; e[-1] = 2; e['2'] = 5; e[1.5] = 6; console.log(e, e.length, Object.keys(e));
const f = [1, 2, 3, 4, 5]; f[1e6] = 'far'; console.log(f.length, Object.keys(f), f.slice(0, 6).length); f.length = 2; console.log(f);
const g = Object.freeze([1, { n: 2 }]); try { 'use strict'; g[0] = 9; g[1].n = 3; } catch {} console.log(g);
const h = [1, 2, 3]; Object.defineProperty(h, 1, { get: () => 'getter', enumerable: true }); console.log(h[1], h.map(String), h);
const nested = [[1, [2]], [[3], 4]]; nested[0][1].push(9); nested.push(nested[0]); console.log(nested, nested[2] === nested[0]);
