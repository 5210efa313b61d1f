const users = [{id: 1, n: 'a', g: 'x'}, {id: 2, n: 'b', g: 'y'}, {id: 3, n: 'c', g: 'x'}];
const byId = new Map(users.map((u) => [u.id, u]));
byId.get(2).n = 'changed';
console.log(users[1], byId);
const groups = users.reduce((m, u) => {
  (m[u.g] ||= []).push(u.n);
  return m;
}, {});
console.log(groups, Object.entries(groups).map(([k, v]) => `${k}=${v}`));
const wm = new WeakMap(users.map((u) => [u, {secret: u.id * 10}]));
console.log(users.map((u) => wm.get(u).secret));
const seen = new Set();
console.log([1, 2, 2, 3, 1].filter((x) => !seen.has(x) && seen.add(x)), seen);
const inv = Object.fromEntries(Object.entries({a: 1, b: 2}).map(([k, v]) => [v, k]));
console.log(inv);
const cache = new Map();
const fib = (n) => n < 2 ? n : cache.get(n) ?? (cache.set(n, fib(n - 1) + fib(n - 2)), cache.get(n));
console.log(fib(50), cache.size);
const m2 = new Map([[1, 'a']]);
m2.set(m2, 'self');
console.log(m2.get(m2), m2);
console.log(
    new Map([...new Map([['z', 1], ['y', 2]])].sort()), [...new Set([3, 1, 2])].sort(),
    new Set([[1], [1]]).size);
