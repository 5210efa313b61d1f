const [a, , b = 5, ...rest] = [1, 2, undefined, 4, 5];
console.log(a, b, rest);
const {x, y: {z = 3, ...inner} = {}, ...others} = {
  x: 1,
  y: {w: 4, q: 5},
  m: 6,
  n: 7
};
console.log(x, z, inner, others);
let p = 1, q = 2;
[p, q] = [q, p];
console.log(p, q);
const o = {};
[o.a, o['b']] = [1, 2];
({v: o.c, w: o.d = 'dflt'} = {v: 3});
console.log(o);
const key = 'dyn';
const {[key]: dynamic, [`${key}2`]: missing = 'none'} = {
  dyn: 'value'
};
console.log(dynamic, missing);
const [c1, c2, c3] = 'h😀i';
console.log(c1, c2, c3);
const {length, 0: first} = ['zero'];
console.log(length, first);
function f([a, [b, c] = [1, 2]], {d = a, e: {g} = { g: b }}) { return [a, b, c, d, g]; }
console.log(f([9], {}), f([1, [2, 3]], {d: 4, e: {g: 5}}));
const log = [];
const src = {
  get a() {
    log.push('a');
    return undefined;
  },
  get b() {
    log.push('b');
    return 2;
  }
};
const {b: bb = log.push('never'), a: aa = (log.push('default'), 1)} = src;
console.log(aa, bb, log);
for (const {id, tags: [t]} of [{id: 1, tags: ['x']}, {id: 2, tags: []}]) console.log(id, t);
const [[], {}] = [[1], 2];
console.log('empty patterns');
const iter = {
  i: 0,
  closed: 0,
  [Symbol.iterator]() { return this; },
  next() { return {value: this.i++, done: false}; },
  return () {
    this.closed++;
    return {};
  }
};
const [i0, i1] = iter;
console.log(i0, i1, iter.closed);
const fin = {
  n: 0,
  [Symbol.iterator]() { return this; },
  next() { return {done: this.n++ >= 1, value: 'v'}; },
  return () {
    console.log('not called');
    return {};
  }
};
const [f0, f1, f2] = fin;
console.log(f0, f1, f2);
try {
  const {a} = null;
} catch (e) {
  console.log(e.message);
}
try {
  const {a} = undefined;
} catch (e) {
  console.log(e.message);
}
try {
  const [z] = {};
} catch (e) {
  console.log(e.message);
}
try {
  const [z] = null;
} catch (e) {
  console.log(e.message);
}
try {
  (({a: {b}}) => b)({});
} catch (e) {
  console.log(e.message);
}
let chain;
const res = ([chain] = [7, 8]);
console.log(chain, res);
const {toString, ...noProto} = {
  own: 1
};
console.log(typeof toString, noProto);
const fnDefault = {
  f = function() {},
  g = () => {},
  h = class {}
} = {};
({fff: globalThis.tmp = () => {}} = {});
console.log(globalThis.tmp.name);
const {f: nf = () => {}} = {};
console.log(nf.name);
const [m = 1, n = m + 1, oo = n + 1] = [];
console.log(m, n, oo);
try {
  throw {code: 5, nested: {msg: 'hi'}};
} catch ({code, nested: {msg}}) {
  console.log(code, msg);
}
const {'quoted-key': qk, 1: one} = {
  'quoted-key': 'Q',
  1: 'I'
};
console.log(qk, one);
const swap = [1, 2, 3];
[swap[0], swap[2]] = [swap[2], swap[0]];
console.log(swap);
const {...copy} = [1, 2];
console.log(copy);
const [...chars] = 'abc';
console.log(chars);
