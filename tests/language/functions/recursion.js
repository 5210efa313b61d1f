const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2));
console.log(fib(20));
function ackermann(m, n) {
  if (m === 0) return n + 1;
  return n === 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}
console.log(ackermann(2, 6));
const isEven = (n) => n === 0 || isOdd(n - 1), isOdd = (n) => n !== 0 && isEven(n - 1);
console.log(isEven(1000), isOdd(1000));

// Endless recursion is an error that can be caught, and the program goes on.
function endless(n) {
  return endless(n + 1) + 1;
}
for (let i = 0; i < 3; i++) {
  try {
    endless(0);
  } catch (e) {
    console.log(e instanceof RangeError, e.name, e.message);
  }
}
class Chain {
  get next() {
    return this.next;
  }
}
const kinds = {
  getter: () => new Chain().next,
  constructor: () => { class A { constructor() { new A(); } } new A(); },
  callback: () => { const f = () => [1].map(f); f(); },
  sorting: () => { const f = () => [2, 1].sort(f); f(); },
  toString: () => { const o = { toString() { return '' + this; } }; return `${o}`; },
  valueOf: () => { const o = { valueOf() { return +this; } }; return +o; },
  spread: () => { const f = (...a) => f(...a); f(1, 2); },
  bound: () => { const f = () => f.bind(null)(); f(); },
  apply: () => { const f = () => f.apply(null, []); f(); },
  iterator: () => { const o = { [Symbol.iterator]() { return [...this]; } }; [...o]; },
  replace: () => { const f = () => 'a'.replace(/a/, f); f(); },
  json: () => { const o = { toJSON() { return JSON.stringify(o); } }; JSON.stringify(o); },
  forEach: () => { const f = () => new Map([[1, 1]]).forEach(f); f(); },
  generator: () => { function* g() { yield* g(); } [...g()]; },
};
for (const [name, f] of Object.entries(kinds)) {
  try {
    f();
    console.log(name, 'ended');
  } catch (e) {
    console.log(name, e instanceof RangeError, e.message);
  }
}

// Deep but finite.
let list = null;
for (let i = 0; i < 5000; i++) list = { next: list };
const depth = (l) => (l === null ? 0 : 1 + depth(l.next));
console.log(depth(list));
