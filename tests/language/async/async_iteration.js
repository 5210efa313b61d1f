const later = (v) => new Promise((r) => setTimeout(r, 1, v));
async function* numbers(n) {
  try {
    for (let i = 0; i < n; i++) {
      await later();
      yield i;
    }
  } finally {
    console.log('cleanup');
  }
}
(async () => {
  for await (const x of numbers(3)) console.log(x);
  for await (const x of numbers(9))
    if (x === 1) break;
  for await (const x of [later('a'), 'b', Promise.resolve('c')]) console.log(x);
  const g = numbers(2);
  console.log(await Promise.all([g.next(), g.next(), g.next(), g.next()]));
  try {
    for await (const x of numbers(2)) throw new Error('body');
  } catch (e) {
    console.log(e.message);
  }
  async function* failing() {
    yield 1;
    throw new Error('inside');
  }
  try {
    for await (const x of failing()) console.log(x);
  } catch (e) {
    console.log(e.message);
  }
  async function* delegates() {
    yield* numbers(2);
    yield* [later('z')];
    return 'r';
  }
  const d = delegates();
  for (let s; !(s = await d.next()).done;) console.log(s.value);
  const custom = {
    [Symbol.asyncIterator]() {
      let n = 0;
      return {
        next: async () => ({value: n++, done: n > 3}),
        return: async () => (console.log('returned'), {})
      };
    }
  };
  for await (const x of custom) console.log('custom', x);
  for await (const x of custom) break;
  console.log(Object.prototype.toString.call(numbers(1)), typeof numbers(1)[Symbol.asyncIterator], numbers);
  const h = numbers(5);
  console.log(await h.next(), await h.return('bye'), await h.next());
})();
