// Run with --expose-gc.
const wm = new WeakMap(), ws = new WeakSet();
const key = {
  name: 'key'
};
wm.set(key, 'value').set(() => {}, 1);
ws.add(key);
console.log(
    wm.get(key), wm.has(key), wm.has({}), wm.get(5), ws.has(key), ws.has('x'), wm.delete({}), ws.delete(key),
    ws.has(key), wm, ws, typeof wm.size);
for (const f
         of [() => wm.set('x', 1), () => ws.add(5), () => wm.set(null, 1), () => new WeakRef(5),
            () => new WeakMap([[1, 2]]), () => WeakMap(), () => new FinalizationRegistry(),
            () => new FinalizationRegistry(() => {}).register(5),
            () => {
              const o = {};
              new FinalizationRegistry(() => {}).register(o, o);
            },
            () => WeakMap.prototype.get.call({}, 1),
            () => new FinalizationRegistry(() => {}).unregister(1)]) {
  try {
    console.log(f());
  } catch (e) {
    console.log(e.name + ': ' + e.message);
  }
}
let target = {big: new Array(1000).fill('x')};
const ref = new WeakRef(target);
const kept = {}, keptRef = new WeakRef(kept);
console.log(ref.deref() === target, ref.deref().big.length, String(ref), ref instanceof WeakRef);
const finalized = [];
const registry =
    new FinalizationRegistry((held) => finalized.push(typeof held === 'object' ? held.held : held));
registry.register(target, 'target');
(() => {
  for (let i = 0; i < 3; i++) registry.register({i}, {held: i});
  const token = {};
  registry.register({}, 'unregistered', token);
  console.log(registry.unregister(token), registry.unregister(token));
})();
// Ephemerons: the value holds its key, and dies with it.
let chainEnd;
(() => {
  let k = {};
  chainEnd = new WeakRef(k);
  for (let i = 0; i < 10; i++) {
    const next = {i};
    wm.set(k, {back: k, next});
    k = next;
  }
})();
// A live key keeps the chain alive.
const root = {};
let last = root;
for (let i = 0; i < 100; i++) {
  const next = {i};
  wm.set(last, next);
  last = next;
}
last = null;
target = null;
const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
(async () => {
  await sleep(5);
  gc();
  await sleep(5);
  gc();
  await sleep(20);
  console.log(ref.deref(), keptRef.deref() === kept, chainEnd.deref());
  console.log(finalized.sort());
  let steps = 0;
  for (let k = root; wm.has(k); k = wm.get(k)) steps++;
  console.log(steps, wm.get(key));
})();
