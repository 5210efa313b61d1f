function* basic() {
  const got = yield 1;
  console.log('got', got);
  try {
    yield 2;
  } catch (e) {
    console.log('caught', e);
    yield 'recovered';
  } finally {
    console.log('finally');
  }
  return 'end';
}
let g = basic();
console.log(g.next('ignored'), g.next('sent'), g.throw('oops'), g.next(), g.next());
g = basic();
console.log(g.return('early'), g.next());
g = basic();
g.next();
g.next();
console.log(g.return('late'), g.next());
g = basic();
try {
  g.throw(new Error('before start'));
} catch (e) {
  console.log(e.message, g.next());
}

// yield*
function* inner() {
  try {
    const x = yield 'i1';
    console.log('inner got', x);
    yield 'i2';
  } finally {
    console.log('inner finally');
  }
  return 'inner result';
}
function* outer() {
  const r = yield* inner();
  console.log('r =', r);
  yield* [10, 20];
  yield* 'ab';
  return 'done';
}
console.log([...outer()]);
g = outer();
g.next();
console.log(g.next('through'), g.return('stop'), g.next());
g = outer();
g.next();
try {
  g.throw(new Error('into inner'));
} catch (e) {
  console.log(e.message);
}

// A delegate without throw is closed.
function* delegating() {
  yield* {
    [Symbol.iterator]: () => ({
      next: () => ({value: 1, done: false}),
      return () {
        console.log('delegate closed');
        return {};
      }
    })
  };
}
g = delegating();
g.next();
try {
  g.throw(1);
} catch (e) {
  console.log(e.name, e.message);
}

// Infinite, lazy, composed.
function* naturals() {
  for (let n = 0;; n++) yield n;
}
function* take(n, it) {
  for (const x of it) {
    if (n-- <= 0) return;
    yield x;
  }
}
function* map(f, it) {
  for (const x of it) yield f(x);
}
function* filter(f, it) {
  for (const x of it)
    if (f(x)) yield x;
}
console.log([...take(5, map((x) => x * x, filter((x) => x % 2, naturals())))]);
function* tree(t) {
  if (t) {
    yield* tree(t.l);
    yield t.v;
    yield* tree(t.r);
  }
}
console.log([...tree({v: 2, l: {v: 1}, r: {v: 4, l: {v: 3}}})]);
function* permutations(list, n = list.length) {
  if (n <= 1)
    yield list.slice();
  else
    for (let i = 0; i < n; i++) {
      yield* permutations(list, n - 1);
      const j = n % 2 ? 0 : i;
      [list[n - 1], list[j]] = [list[j], list[n - 1]];
    }
}
console.log([...permutations(['a', 'b', 'c'])].map((p) => p.join('')).join());

// Objects: this, arguments, methods, prototypes.
class Tree {
  * [Symbol.iterator]() {
    yield this.v;
    yield arguments.length;
  }
  constructor() { this.v = 'v'; }
  static * s() { yield this.name; }
}
console.log([...new Tree()], [...Tree.s()]);
const gf = function* named() {};
console.log(
    gf() instanceof gf, Object.getPrototypeOf(gf()) === gf.prototype, gf().toString(), gf, gf(),
    typeof gf().next);
g = (function*() { yield this === undefined || this === globalThis; })();
console.log(g.next());
function* running() {
  try {
    self.next();
  } catch (e) {
    yield e.message;
  }
}
const self = running();
console.log(self.next());
// Yield as an operand, in arguments, in templates, in conditions.
function* operands() {
  const r = (yield 'a') + (yield 'b') * 2;
  return `${yield r}${[yield, yield]}`;
}
g = operands();
console.log([g.next(), g.next(1), g.next(2), g.next('x'), g.next('y'), g.next('z')].map((s) => s.value));
function* defaults(a = yield1()) { yield a; }
function yield1() { return 'default'; }
console.log([...defaults()], defaults.length);
try {
  (function*() { throw new Error('first step'); })().next();
} catch (e) {
  console.log(e.message);
}
// Many generators alive at once.
const many = Array.from({length: 1000}, (_, i) => (function*() {
                                          let s = i;
                                          while (true) s += yield s;
                                        })());
many.forEach((m) => m.next());
let total = 0;
for (let round = 1; round <= 3; round++)
  for (const m of many) total += m.next(round).value;
console.log(total);
