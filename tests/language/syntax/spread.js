console.log([...[1, 2], ...'hi', ...new Set([3, 3]), ...new Map([[1, 2]]), ...(function* () { yield 9; })()]);
console.log({ ...{ a: 1, b: 2 }, b: 3, ...{ c: 4 }, ...null, ...undefined, ...5, ...'xy', ...[7] });
const base = { get g() { return 'evaluated'; }, [Symbol('s')]: 1 };
const copy = { ...base };
console.log(copy, Object.getOwnPropertyDescriptor(copy, 'g'));
console.log({ ...Object.create({ inherited: 1 }) }, { __proto__: { p: 1 }, ...{ q: 2 } }.p);
const holes = [1, , 3];
console.log([...holes], 1 in [...holes], holes);
const original = { inner: { n: 1 } };
const shallow = { ...original };
shallow.inner.n = 2;
console.log(original);
console.log([...[]], { ...[] }, [...[undefined]], [...'']);
const conditional = (flag) => ({ always: 1, ...(flag && { extra: 2 }) });
console.log(conditional(true), conditional(false));
class K { constructor(...a) { this.a = a; } }
console.log(new K(...[1, 2], 3, ...'z'));
const big = Array.from({ length: 50000 }, (_, i) => i);
console.log([...big, ...big].length, Math.max(...big), String.fromCharCode(...[104, 105]));
for (const bad of [() => [...5], () => [...{}], () => [...undefined], () => [...null]]) {
  try {
    bad();
  } catch (e) {
    console.log(e.name, e.message);
  }
}
const setters = { set a(v) { console.log('never called'); } };
console.log({ ...setters, a: 1 }, Object.assign({}, setters));
console.log(((a, b) => a + b)(...[1, 2]), [].concat(...[[1], [2, [3]]]));
const args = [];
args.push(...args, ...[1]);
args.push(...args, ...args);
console.log(args);
