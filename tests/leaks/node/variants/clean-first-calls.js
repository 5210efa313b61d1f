// clean
//
// In each round something runs that never ran before, so that there is ever more compiled code,
// feedback and shapes, as in any service that is used in ever more ways; but no more data.
'use strict';

const rounds = require('../rounds');
const random = require('../traffic')(152);

const reports = {
  mean: (v) => v.reduce((a, b) => a + b, 0) / v.length,
  median(v) { const s = [...v].sort((a, b) => a - b); return s[s.length >> 1]; },
  range(v) { return Math.max(...v) - Math.min(...v); },
  variance(v) { const m = reports.mean(v); return reports.mean(v.map((x) => (x - m) ** 2)); },
  deviation(v) { return Math.sqrt(reports.variance(v)); },
  rms: (v) => Math.sqrt(v.reduce((a, b) => a + b * b, 0) / v.length),
  mode(v) { const n = {}; for (const x of v) n[x] = (n[x] || 0) + 1; return +Object.keys(n).sort((a, b) => n[b] - n[a])[0]; },
  odd: (v) => v.filter((x) => x % 2 === 1).length,
  rising(v) { let n = 0; for (let i = 1; i < v.length; i++) if (v[i] > v[i - 1]) n++; return n; },
  longest(v) { let best = 0; let run = 0; for (let i = 1; i < v.length; i++) { run = v[i] >= v[i - 1] ? run + 1 : 0; best = Math.max(best, run); } return best; },
  smooth(v) { let s = v[0]; for (const x of v) s = 0.9 * s + 0.1 * x; return s; },
  entropy(v) { const n = new Map(); v.forEach((x) => n.set(x, (n.get(x) || 0) + 1)); let e = 0; n.forEach((c) => { e -= (c / v.length) * Math.log2(c / v.length); }); return e; },
  histogram(v) { const bins = new Uint16Array(16); for (const x of v) bins[x >> 6]++; return Math.max(...bins); },
  quartile(v) { const m = reports.median(v); return reports.median(v.filter((x) => x < m)); },
  gini(v) { const s = [...v].sort((a, b) => a - b); let n = 0; let t = 0; s.forEach((x, i) => { n += (i + 1) * x; t += x; }); return (2 * n) / (s.length * t) - 1; },
  digits: (v) => v.map(String).join('').length,
  hash(v) { let h = 0; for (const x of v) h = (Math.imul(h, 31) + x) | 0; return h; },
  pairs(v) { let n = 0; for (let i = 0; i + 1 < v.length; i += 2) n += v[i] * v[i + 1]; return n; },
  peaks(v) { return v.filter((x, i) => x > (v[i - 1] || 0) && x > (v[i + 1] || 0)).length; },
  primes(v) { return v.filter((x) => { for (let d = 2; d * d <= x; d++) if (x % d === 0) return false; return x > 1; }).length; },
  text: (v) => JSON.stringify(v).length,
  groups(v) { return Object.keys(v.reduce((g, x) => { (g[x % 7] = g[x % 7] || []).push(x); return g; }, {})).length; },
  bits(v) { let n = 0; for (let x of v) while (x) { n += x & 1; x >>= 1; } return n; },
  even: (v) => v.every((x) => x % 2 === 0),
};
const names = Object.keys(reports);
const results = new Array(names.length).fill(null);

rounds(names.length, (round) => {
  const values = Array.from({ length: 400 }, () => random.int(1000));
  for (let i = 0; i <= round; i++) results[i] = Number(reports[names[i]](values));
}).then(() => console.log(results.length, results.every((r) => !Number.isNaN(r))));
