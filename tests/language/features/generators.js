function* basic() {
  const x = yield 1;
  console.log('got', x);
  const y = yield x * 2;
  return y;
}
const g = basic();
console.log(g.next('ignored'), g.next(5), g.next('end'), g.next());
console.log([...(function*() {
  yield* [1, 2];
  yield* 'ab';
  const r = yield* (function*() {
              yield 'i';
              return 'ret';
            })();
  yield r;
})()]);
function* fin() {
  try {
    yield 1;
    yield 2;
  } finally {
    console.log('cleanup');
    yield 'from finally';
  }
}
const f = fin();
console.log(f.next(), f.return('r'), f.next(), f.next());
const t = (function*() {
  try {
    yield 1;
  } catch (e) {
    console.log('caught', e);
    yield 'recovered';
  }
})();
t.next();
console.log(t.throw('err'), t.next());
for (const x of fin()) {
  console.log(x);
  break;
}
function* fib() {
  let [a, b] = [0, 1];
  while (true) {
    yield a;
    [a, b] = [b, a + b];
  }
}
const take = function*(n, it) {
  let i = 0;
  for (const v of it) {
    if (i++ >= n) return;
    yield v;
  }
};
console.log([...take(10, fib())]);
const obj = {
  * [Symbol.iterator]() { yield* Object.entries(this); },
  a: 1,
  b: 2
};
console.log([...obj]);
class Tree {
  constructor(v, l, r) {
    this.v = v;
    this.l = l;
    this.r = r;
  }
  * [Symbol.iterator]() {
    if (this.l) yield* this.l;
    yield this.v;
    if (this.r) yield* this.r;
  }
}
console.log([...new Tree(2, new Tree(1), new Tree(4, new Tree(3)))]);
const [d1, d2] = fib();
console.log(d1, d2);
function* defaults(a = yield_(), b = 2) { yield [a, b]; }
function yield_() { return 'dflt'; }
console.log(defaults().next().value);
const unstarted = basic();
console.log(unstarted.return(7), unstarted.next());
try {
  basic().throw(new Error('early'));
} catch (e) {
  console.log(e.message);
}
function* inExpr() {
  const r = [yield 'a', (yield 'b') + (yield 'c'), {k: yield 'd'}, `${yield 'e'}`];
  console.log(r);
}
const ie = inExpr();
for (let i = 0; i < 6; i++) ie.next(i);
function* inCall() { console.log(Math.max(yield, yield, 3)); }
const ic = inCall();
ic.next();
ic.next(10);
ic.next(20);
function* cond() {
  if (yield 'q')
    yield 'yes';
  else
    yield 'no';
  for (let i = 0; i < (yield 'n'); i++) yield i;
  while (yield 'more?')
    ;
  switch (yield 'sw') {
    case 1:
      yield 'one';
  }
}
const cg = cond();
console.log([undefined, true, 0, 2, 0, 2, 1, 1, 1, false, 1].map((v) => cg.next(v).value));
function* delegate() {
  try {
    yield* inner();
  } finally {
    console.log('outer finally');
  }
}
function* inner() {
  try {
    yield 1;
    yield 2;
  } finally {
    console.log('inner finally');
  }
}
const dg = delegate();
dg.next();
console.log(dg.return('done'));
const nt = delegate();
nt.next();
try {
  nt.throw(new Error('thrown in'));
} catch (e) {
  console.log(e.message);
}
const it = {
  [Symbol.iterator]() {
    let i = 0;
    return {
      next: () => ({value: i, done: i++ > 2}),
      return () {
        console.log('closed');
        return {};
      }
    };
  }
};
console.log([...it], Math.max(...it), new Set(it).size, Object.fromEntries([...it].map((v) => ['k' + v, v])));
for (const v of it) {
  if (v === 1) break;
}
try {
  for (const v of it) throw new Error('x');
} catch (e) {
  console.log(e.message);
}
console.log(Object.prototype.toString.call(g), g[Symbol.iterator]() === g, typeof g.next, g instanceof basic);
const gen3 = (function*() { yield this.x; }).call({x: 'this'});
console.log(gen3.next().value);
const lazyMap = function*(f, it) {
  for (const v of it) yield f(v);
};
const lazyFilter = function*(f, it) {
  for (const v of it)
    if (f(v)) yield v;
};
console.log([...take(3, lazyFilter((x) => x % 2, lazyMap((x) => x * 3, fib())))]);
try {
  const r = (function*() {
    r.next();
    yield 1;
  })();
  r.next();
} catch (e) {
  console.log(e.name, e.message);
}
function* args() {
  yield arguments.length;
  yield* arguments;
}
console.log([...args('p', 'q')]);
const [h, ...tail] = take(4, fib());
console.log(h, tail);
