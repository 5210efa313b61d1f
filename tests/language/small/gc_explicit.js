let keep = [];
for (let round = 0; round < 5; round++) {
  for (let i = 0; i < 200; i++) keep.push({round, i, text: 'n' + i, list: [i, [i]]});
  gc();
  keep = keep.filter((x) => x.i % 3 === 0);
  gc();
}
console.log(
    keep.length, keep[0], keep.at(-1), keep.every((x) => x.text === 'n' + x.i && x.list[1][0] === x.i));
const m = new Map(keep.map((x, i) => [x, i]));
gc();
console.log(keep.every((x, i) => m.get(x) === i));
const s = 'built ' +
    'at ' +
    'run ' + keep.length;
gc();
console.log(s, typeof gc);
const fs = [1, 2, 3].map((x) => () => x * keep.length);
gc();
console.log(fs.map((f) => f()));
function* g() {
  const local = {v: 'kept'};
  yield 1;
  gc();
  yield local.v;
}
const it = g();
it.next();
gc();
console.log(it.next().value);
(async () => {
  const o = {v: 'async kept'};
  await null;
  gc();
  await new Promise((r) => setTimeout(r, 1));
  gc();
  console.log(o.v);
})();
