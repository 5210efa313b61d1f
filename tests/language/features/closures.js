const fs = [];
for (let i = 0; i < 3; i++) fs.push(() => i);
console.log(fs.map((f) => f()));
const vs = [];
for (var j = 0; j < 3; j++) vs.push(() => j);
console.log(vs.map((f) => f()));
const ks = [];
for (const k of ['a', 'b']) ks.push(() => k);
console.log(ks.map((f) => f()));
const mut = [];
for (let i = 0; i < 3; i++) {
  mut.push(() => i++);
}
console.log(mut.map((f) => f()), mut.map((f) => f()));
function counter() {
  let n = 0;
  return {inc: () => ++n, dec: () => --n, get value() { return n; }};
}
const c1 = counter(), c2 = counter();
c1.inc();
c1.inc();
c2.dec();
console.log(c1.value, c2.value);
function make() {
  const list = [];
  let w = 0;
  while (w < 3) {
    let captured = w * 10;
    list.push(() => captured++);
    w++;
  }
  return list;
}
const made = make();
console.log(made[0](), made[0](), made[1](), made[2]());
const memo = (f, cache = new Map()) => (x) =>
    cache.has(x) ? cache.get(x) : (cache.set(x, f(x)), cache.get(x));
let computed = 0;
const sq = memo((x) => (computed++, x * x));
console.log(sq(4), sq(4), sq(5), computed);
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
const compose = (...f) => (x) => f.reduceRight((v, g) => g(v), x);
console.log(compose((x) => x + 1, (x) => x * 2)(5));
let late;
{
  let hidden = 1;
  late = () => hidden++;
}
console.log(late(), late());
function params(a, b) {
  const get = () => [a, b];
  a = 'new';
  return get;
}
console.log(params(1, 2)());
const loops = [];
for (let i = 0, f = () => i; i < 2; i++) loops.push(f);
console.log(loops.map((f) => f()));
for (let i = 0; i < 2; i++) {
  setTimeout(() => console.log('timeout', i), 0);
}
(function iife(n) {
  if (n) {
    console.log('iife', n);
    iife(n - 1);
  }
})(2);
function deep(n) { return n === 0 ? () => 'bottom' : () => deep(n - 1)(); }
console.log(deep(50)());
const tryCatch = [];
for (const v of [1, 2]) {
  try {
    throw v;
  } catch (e) {
    tryCatch.push(() => e + v);
  }
}
console.log(tryCatch.map((f) => f()));
switch (1) {
  case 1:
    let s = 5;
    var sf = () => s;
    s = 6;
}
console.log(sf());
class Capture {
  constructor(v) {
    this.get = () => [this.v, v, new.target.name];
    this.v = v * 2;
  }
}
console.log(new Capture(2).get());
