console.log({a: {b: {c: {d: 1}}}, l: [[[[1]]]]}, [{a: {b: {c: {}}}}]);
console.log({
  a: {},
  b: [],
  c: '',
  d: 'it\'s',
  e: 'say "x"',
  f: `both ' and "`,
  g: 'new\nline',
  h: '\t\\\x00\u{1F600}é\x7f\u200b'
});
console.log(['it\'s', 'q"q', `b'"\``], 'top\nlevel', ['multi\nline']);
console.log({'quoted key': 1, valid_1: 2, $d: 3, '1a': 4, 12: 5, 'é': 6, '': 7, class: 8, 'a.b': 9});
// Breaking lines: width, number of entries, nesting.
console.log({first: 'aaaaaaaaaaaaaaaaaaaa', second: 'bbbbbbbbbbbbbbbbbbbbbbb', third: 'ccccccccccccccccc'});
console.log(
    {first: 'aaaaaaaaaaaaaaaaaaaa', second: 'bbbbbbbbbbbbbbbbbbbbbbb', third: 'cccccccccccccccccccc'});
console.log(
    {a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9, j: 10, k: 11, l: 12, m: 13, n: 14, o: 15, p: 16});
console.log({
  a: 1,
  b: 2,
  c: 3,
  d: 4,
  e: 5,
  f: 6,
  g: 7,
  h: 8,
  i: 9,
  j: 10,
  k: 11,
  l: 12,
  m: 13,
  n: 14,
  o: 15,
  p: 16,
  q: 17,
  r: 18,
  s: 19,
  t: 20,
  u: 21,
  v: 22,
  w: 23,
  x: 24,
  y: 25,
  z: 26,
  aa: 27
});
console.log([
  {id: 1, name: 'one', tags: ['a', 'b']}, {id: 2, name: 'two', tags: []},
  {id: 3, name: 'three', tags: ['x'], extra: {deep: {deeper: {deepest: 1}}}}
]);
console.log({list: Array.from({length: 12}, (_, i) => ({i}))});
console.log({
  method() {}, arrow: () => {}, klass: class K{}, sub: class extends Array{},
                                                                     gen: function*() {},
                                                                     async a() {},
                                                                     anon: (() => () => {})()
});
console.log(
    {get a() { return 1; }, set a(v) {}, get b() { return 2; }, set c(v) {}},
    [function foo() {}, class Bar {}]);
const circular = {
  name: 'c',
  self: null,
  list: []
};
circular.self = circular;
circular.list.push(circular, {up: circular});
console.log(circular);
const a = {
  n: 'a'
},
      b = {
        n: 'b',
        a
      };
a.b = b;
const arr = [a];
arr.push(arr);
console.log(a, arr);
const m = new Map();
m.set('me', m);
const st = new Set();
st.add(st);
console.log(m, st);
console.log(
    Object.create(null), Object.assign(Object.create(null), {x: 1}), Object.create({}),
    Object.create(Object.create(null)), Object.create(class Q {}.prototype));
class P {
  constructor() { this.x = 1; }
}
class Q extends P {
  #priv = 1;
  static s = 2;
  y = [1];
  get z() { return 1; }
}
console.log(
    new P(), new Q(), [new P()], Q, P, {P}, new (class {})(), new (class Foo {
      get[Symbol.toStringTag]() { return 'Bar'; }
    })(),
    class { static a = 1; });
function Old() { this.v = 1; }
console.log(
    new Old(), Old, Object.setPrototypeOf({a: 1}, P.prototype));
const odd = {
  constructor: 'not a function',
  a: 1
};
console.log(
    odd, {constructor: {name: 'fake'}}, {toString: () => 'no'}, {inspect() { return 'no'; }},
    {[Symbol.toStringTag]: 'Tag', z: 1});
console.log([undefined, null, NaN, -0, 0, true, 'x', Symbol('s'), 1.5, [], {}], undefined, null, -0, [-0]);
console.log(
    new Map([['k', {a: 1}], [{o: 1}, [1, 2]]]), new Set(['a', {b: 1}, [1]]), new Map(), new Set(),
    {m: new Map([[1, {deep: {deeper: {no: 1}}}]])}, new Map([
      ['long key number one', 'some long value'], ['long key number two', 'another long value'], ['x', 'y']
    ]));
console.log(
    [[]], [[], []], {a: []}, [{}], [[[]]], [[[[]]]], [[[{}]]], {a: {b: {c: {}}}}, {a: {b: {c: []}}},
    {a: {b: {c: new Map(), d: () => 1, e: new Date(0), f: /x/, g: new P(), h: new Set([1])}}});
