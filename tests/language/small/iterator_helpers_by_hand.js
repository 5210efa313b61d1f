const lazy = (it) => ({
  map: (f) => lazy((function*() {
    for (const x of it) yield f(x);
  })()),
  filter: (f) => lazy((function*() {
    for (const x of it)
      if (f(x)) yield x;
  })()),
  take: (n) => lazy((function*() {
    let i = 0;
    if (n > 0)
      for (const x of it) {
        yield x;
        if (++i >= n) return;
      }
  })()),
  reduce: (f, a) => {
    for (const x of it) a = f(a, x);
    return a;
  },
  [Symbol.iterator]: () => it[Symbol.iterator]()
});
function* nat() {
  let i = 0;
  try {
    while (true) yield i++;
  } finally {
    console.log('closed at', i);
  }
}
console.log([...lazy(nat()).filter((x) => x % 3 === 0).map((x) => x * x).take(4)]);
console.log(lazy(nat()).take(10).reduce((a, b) => a + b, 0));
function* zip(...its) {
  const iters = its.map((i) => i[Symbol.iterator]());
  while (true) {
    const rs = iters.map((i) => i.next());
    if (rs.some((r) => r.done)) return;
    yield rs.map((r) => r.value);
  }
}
console.log([...zip([1, 2, 3], 'ab', new Set([true, false, null]))]);
const chunk = (n) => function*(it) {
  let c = [];
  for (const x of it) {
    c.push(x);
    if (c.length === n) {
      yield c;
      c = [];
    }
  }
  if (c.length) yield c;
};
console.log([...chunk(2)([1, 2, 3, 4, 5])]);
const it = nat();
console.log(it.next().value, it.return('r'), it.next());
function* flat(a, d = Infinity) {
  for (const x of a)
    if (Array.isArray(x) && d > 0)
      yield* flat(x, d - 1);
    else
      yield x;
}
console.log([...flat([1, [2, [3, [4]]]])], [...flat([1, [2, [3]]], 1)]);
