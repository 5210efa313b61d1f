// Only the file's own frames, and only its base name.
const clean = (e) => e.stack.split('\n').filter((l) => !/^\s+at (node:|Module|Object\.Module|Function\.exec|.*\(node:)/.test(l)).map((l) => l.replace(/\(?\/[^)]*\//g, (m) => (m[0] === '(' ? '(' : '')).replace(/Module\._compile.*/, '')).join('\n');
function inner(x) {
  throw new Error('deep ' + x);
}
const arrow = (x) => inner(x);
class C {
  method() { return arrow(1); }
  static stat() { return new C().method(); }
  get prop() { return C.stat(); }
  constructor(go) { if (go) this.prop; }
}
const obj = { m() { new C(true); }, ['comp' + 1]: function () { obj.m(); } };
function tryIt(f) { try { f(); } catch (e) { console.log(clean(e)); } }
tryIt(() => obj.comp1());
tryIt(function named() { null.x; });
tryIt(() => [1].map((x) => undefinedThing));
tryIt(() => [3, 1].sort(function cmp() { throw new TypeError('in sort'); }));
tryIt(() => JSON.parse('{"a":', null));
tryIt(() => 'x'.replace(/x/, () => inner('replace')));
new Promise(inner).catch((e) => console.log(clean(e).replace(/deep .*/, "deep resolver")));
tryIt(() => new Map([[1, 2]]).forEach(inner));
tryIt(() => `${{ toString() { return inner('toString'); } }}`);
tryIt(() => { const [a] = (function* gen() { yield inner('generator'); })(); });
new Promise((_, reject) => reject(new Error('async'))).catch((e) => console.log(clean(e)));
async function asyncOuter() { await asyncInner(); }
async function asyncInner() { await null; throw new Error('after await'); }
asyncOuter().catch((e) => console.log(clean(e)));
setTimeout(function timer() { tryIt(() => { throw new RangeError('in timer'); }); }, 1);
Error.stackTraceLimit = 2;
tryIt(() => arrow('limited'));
Error.stackTraceLimit = 10;
function recurse(n) { return n ? recurse(n - 1) : inner('recursion'); }
tryIt(() => recurse(20));
const e = new Error('made here'); e.message = 'changed'; e.name = 'Changed';
console.log(clean(e));
tryIt(() => { class MyError extends Error { constructor(m) { super(m); this.name = 'MyError'; } } throw new MyError('mine'); });
tryIt(() => { throw Object.assign(new Error('multi\nline'), {}); });
tryIt(() => eval2());
function f({ a: { b } } = {}) {}
tryIt(() => f());
tryIt(() => { let x = {
  y: 1 };
  x.z
    .w
    .q(); });
