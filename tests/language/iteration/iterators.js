class Range {
  constructor(from, to, log = []) { Object.assign(this, {from, to, log}); }
  [Symbol.iterator]() {
    let i = this.from;
    const {to, log} = this;
    return {
      next() { return i < to ? {value: i++, done: false} : {value: 'end', done: true}; },
      return (v) {
        log.push('return');
        return {value: v, done: true};
      },
      [Symbol.iterator]() { return this; },
    };
  }
}
const r = new Range(0, 4);
console.log(
    [...r], Array.from(r, (x) => x * x), Math.max(...r), new Set(r),
    Object.fromEntries([...r].map((x) => ['k' + x, x])));
const closers = {
  breaks: (it) => {
    for (const x of it)
      if (x === 1) break;
  },
  returns: (it) => {
    for (const x of it) return x;
  },
  throws: (it) => {
    try {
      for (const x of it) throw new Error('inside');
    } catch (e) {
      it.log.push(e.message);
    }
  },
  destructures: (it) => {
    const [a] = it;
  },
  destructuresAll: (it) => {
    const [...a] = it;
  },
  destructuresPast: (it) => {
    const [a, b, c, d, e] = it;
  },
  completes: (it) => {
    for (const x of it)
      ;
  },
  continues: (it) => {
    for (const x of it) continue;
  },
  labelled: (it) => {
    o: for (;;) {
      for (const x of it) break o;
    }
  },
  mapCtor: (it) => {
    try {
      new Map(it);
    } catch (e) {
      it.log.push(e.message);
    }
  },
  from: (it) => {
    try {
      Array.from(it, () => {
        throw new Error('mapper');
      });
    } catch (e) {
      it.log.push(e.message);
    }
  },
};
for (const [name, f] of Object.entries(closers)) {
  const it = new Range(0, 4);
  f(it);
  console.log(name, it.log);
}
// The error of the body wins over the error of return().
const nasty = {
  [Symbol.iterator]: () =>
      ({next: () => ({value: 1, done: false}), return () { throw new Error('from return'); }})
};
for (const f
         of [() => {
           for (const x of nasty) throw new Error('from body');
         },
            () => {
              for (const x of nasty) break;
            },
            () => {
              const [q] = nasty;
            }]) {
  try {
    f();
  } catch (e) {
    console.log(e.message);
  }
}
// Bad iterators.
const bads = [
  {[Symbol.iterator]: 5}, {[Symbol.iterator]: () => 5}, {[Symbol.iterator]: () => ({})},
  {[Symbol.iterator]: () => ({next: () => 5})}
];
for (const bad of bads) {
  try {
    for (const x of bad)
      ;
  } catch (e) {
    console.log(e.name, e.message);
  }
}
// Built-in iterators.
const it = [1, 2][Symbol.iterator]();
console.log(
    it.next(), it.next(), it.next(), it[Symbol.iterator]() === it, it[Symbol.toStringTag],
    Object.prototype.toString.call(it));
console.log(
    [...['a', 'b'].entries()], [...['a', 'b'].keys()], [...[, 'x'].keys()], [...'h😀i'],
    [...new Map([[1, 2]]).keys()]);
const m = new Map([['a', 1], ['b', 2]]);
const mi = m[Symbol.iterator]();
mi.next();
console.log(
    [...mi], mi.next(), m.entries().toString(), new Set([1]).values()[Symbol.toStringTag],
    'x'[Symbol.iterator]()[Symbol.toStringTag]);
console.log(
    [].values().__proto__ === [][Symbol.iterator]().__proto__, typeof[].values().return,
    Array.prototype[Symbol.iterator] === Array.prototype.values);
// Patching an array's iterator is seen by spread.
const patched = [1, 2, 3];
patched[Symbol.iterator] = function*() { yield 'patched'; };
console.log([...patched], Array.from(patched), Math.max(...[1, 2]));
const arrayLike = {
  length: 2,
  0: 'a',
  1: 'b',
  [Symbol.iterator]: Array.prototype[Symbol.iterator]
};
console.log([...arrayLike]);
