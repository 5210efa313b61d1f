function makeCounter(start) {
  let n = start;
  const log = [];
  return {inc: () => (log.push(n), ++n), dec: () => --n, log, get value() { return n; }};
}
const a = makeCounter(1), b = makeCounter(10);
a.inc();
a.inc();
b.dec();
console.log(a.value, b.value, a.log, b.log);
const adders = [1, 2, 3].map((x) => (y) => (z) => x + y + z);
console.log(adders.map((f) => f(10)(100)));
const once = (f) => {
  let done = false, r;
  return (...args) => (done ? r : ((done = true), (r = f(...args))));
};
const f = once((x) => {
  console.log('ran', x);
  return x * 2;
});
console.log(f(4), f(5));
let fns = {};
for (const k of ['x', 'y']) {
  let count = 0;
  fns[k] = () => `${k}${++count}`;
}
console.log(fns.x(), fns.x(), fns.y());
const counter = (() => {
  let c = 0;
  return {next: () => c++, reset() { c = 0; }};
})();
counter.next();
counter.next();
console.log(counter.next());
counter.reset();
console.log(counter.next());
function shadow(x) {
  {
    let x = 'inner';
    {
      let x = 'innermost';
      console.log(x);
    }
    console.log(x);
  }
  console.log(x);
}
shadow('param');
