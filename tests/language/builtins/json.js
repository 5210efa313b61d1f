const data = {
  s: 'a"b\\c\n\u0001é😀\u2028',
  n: [0, -0, 1.5, 1e21, NaN, Infinity],
  b: [true, false, null],
  u: undefined,
  f() {},
  sym: Symbol('x'),
  d: new Date(86400000),
  nested: {empty: {}, list: [], deep: [[[1]]]},
  arr: [undefined, () => 1, Symbol('y')],
  boxed: [new Number(1), new String('s'), new Boolean(false)],
  map: new Map([[1, 2]]),
  re: /x/g
};
console.log(JSON.stringify(data));
console.log(JSON.stringify(data, null, 2));
console.log(
    JSON.stringify({a: [1, {b: 2}], c: {}}, null, '--'), JSON.stringify([1], null, 20),
    JSON.stringify({a: 1}, null, 'longer than ten'), JSON.stringify([[]], null, 1),
    JSON.stringify({a: 1}, null, ''));
console.log(
    JSON.stringify({a: 1, b: 2, c: {a: 3, d: 4}}, ['a', 'c']), JSON.stringify({1: 1, 2: 2}, [1]),
    JSON.stringify({a: 1, b: 'x', c: {n: 5}}, (k, v) => (typeof v === 'number' ? v * 2 : v)));
JSON.stringify({a: [7]}, function(k, v) {
  console.log(JSON.stringify(k), Array.isArray(this), typeof v);
  return v;
});
console.log(
    JSON.stringify({toJSON(k) { return {k, replaced: true}; }}),
    JSON.stringify({x: {toJSON(k) { return 'key ' + k; }}}), JSON.stringify([{toJSON: (k) => k}]),
    JSON.stringify({toJSON: 5}));
console.log(
    JSON.stringify(undefined), JSON.stringify(() => 1), JSON.stringify(null), JSON.stringify('x'),
    JSON.stringify(Symbol('z')), JSON.stringify(NaN), JSON.stringify({[Symbol('k')]: 1}),
    JSON.stringify(Object.create({inherited: 1})), JSON.stringify([, 1]), JSON.stringify('\ud800'),
    JSON.stringify({'\n': 1}));
// parse
console.log(
    JSON.parse('{"a":[1,2,{"b":null}],"c":"\\u0041\\n\\"\\/","d":-1.5e-3,"e":true}'), JSON.parse(' [ ] '),
    JSON.parse('"x"'), JSON.parse('-0'), JSON.parse('{"a":1,"a":2}'), JSON.parse('{"__proto__":5}'),
    JSON.parse('{"2":1,"1":2,"b":3}'), JSON.parse('1e5'), JSON.parse(null));
console.log(JSON.parse(
    '{"a":1,"b":{"c":[1,2,3]},"drop":0}',
    (k, v) =>
        (k === 'drop'              ? undefined :
             typeof v === 'number' ? v + 1 :
                                     v)));
JSON.parse('[1,{"k":2}]', function(k, v) {
  console.log(k, JSON.stringify(v), JSON.stringify(this));
  return v;
});
console.log(JSON.parse('"2020-01-01T00:00:00.000Z"', (k, v) => new Date(v)));
for (const bad
         of ['', '{', '[1,', '{"a"}', '{\'a\':1}', '[1,]', '{"a":1,}', 'undefined', '01', '1.', '.5', '+1',
             '"\n"', '"\\x"', '"\\u12"', 'tru', '[1 2]', 'nul', '{"a":1} x', '"unterminated', '\u00a01', '[',
             'NaN', '1e', '-', '{"a":tru}', 'abc', '{a:1}', '[1}', '{"a":1]']) {
  try {
    console.log('parsed', JSON.parse(bad));
  } catch (e) {
    console.log(e.name + ': ' + e.message);
  }
}
const circular = {
  name: 'c',
  list: []
};
circular.list.push({back: circular});
const other = {};
other.self = other;
class Node1 {
  constructor() { this.child = {up: this}; }
}
for (const c of [circular, other, new Node1()]) {
  try {
    JSON.stringify(c);
  } catch (e) {
    console.log(e.name + ': ' + e.message);
  }
}
try {
  JSON.stringify({get bad() { throw new Error('getter'); }});
} catch (e) {
  console.log(e.message);
}
const shared = {
  s: 1
};
console.log(
    JSON.stringify([shared, shared]), JSON[Symbol.toStringTag],
    JSON.stringify(JSON.parse(JSON.stringify(data))) === JSON.stringify(data));
let deep = '';
for (let i = 0; i < 500; i++) deep = `[${deep}]`;
console.log(JSON.stringify(JSON.parse(deep)) === deep);
const wide = JSON.stringify(Array.from({length: 2000}, (_, i) => ({id: i, name: 'n' + i, tags: ['a', 'b']})));
console.log(wide.length, JSON.parse(wide)[1999]);
