const a = [3, 1, 2];
console.log(a.push(4, 5), a.pop(), a.unshift(0, 9), a.shift(), a, a.length);
console.log(
    a.splice(1, 2), a, a.splice(1, 0, 'x', 'y'), a, a.splice(-1), a, a.splice(0), a, [1, 2, 3].splice(),
    [1, 2, 3].splice(undefined), [1, 2].splice(0, undefined));
console.log(
    [1, 2, 3].reverse(), [1, , 3].reverse(), [1, 2, 3, 4, 5].fill(0, 1, -1), Array(3).fill({a: 1}),
    [1, 2, 3, 4, 5].copyWithin(0, 3), [1, 2, 3, 4, 5].copyWithin(1, 0, 3));
console.log(
    [10, 9, 1, 2].sort(), [10, 9, 1, 2].sort((x, y) => x - y), ['b', undefined, 'a', , 'c'].sort(),
    [3, undefined, 1].sort((x, y) => y - x), [true, false, null, 'x', 5].sort());
// Stability, and comparators of all kinds.
const people = Array.from({length: 50}, (_, i) => ({group: (i * 7) % 3, i}));
console.log(people.sort((p, q) => p.group - q.group).map((p) => `${p.group}:${p.i}`).join(' '));
console.log(
    [5, 2, 8, 1].sort((x, y) => (x < y ? -1 : 1)), [1, 2, 3].sort(() => 0), ['é', 'z', 'a', 'Z', '😀'].sort(),
    [3, 2, 1].sort((x, y) => `${x - y}`));
try {
  [1, 2].sort(5);
} catch (e) {
  console.log(e.message);
}
try {
  [2, 1].sort(() => {
    throw new Error('comparing');
  });
} catch (e) {
  console.log(e.message);
}
// length
const l = [1, 2, 3];
l.length = 1;
console.log(l);
l.length = 3;
console.log(l);
l[5] = 6;
console.log(l, l.length);
for (const bad of [-1, 1.5, 'x', 2 ** 32]) {
  try {
    l.length = bad;
  } catch (e) {
    console.log(e.name, e.message);
  }
}
try {
  new Array(-1);
} catch (e) {
  console.log(e.name, e.message);
}
console.log(
    new Array(3), new Array('3'), new Array(1, 2), Array(2).length, Array.of(7), Array.of(1, 2),
    Array.from('abc'), Array.from({length: 3}), Array.from([1, , 3]),
    Array.from({length: 2, 0: 'x'}, function(v, i) {
      return [this.k, v, i];
    }, {k: 'K'}), Array.from(new Map([[1, 2]])), Array.from(5), Array.isArray([]), Array.isArray({
      length: 0
    }));
// Copies that leave the original
const orig = [3, 1, 2];
console.log(
    orig.toSorted(), orig.toSorted((x, y) => y - x), orig.toReversed(), orig.toSpliced(1, 1, 'in', 'out'),
    orig.with(0, 'w'), orig.with(-1, 'last'), orig, [1, , 3].toReversed(), [, 1].toSorted());
try {
  orig.with(5, 0);
} catch (e) {
  console.log(e.name, e.message);
}
// Big and odd arrays
const big = [];
for (let i = 0; i < 10000; i++) big.unshift(i) > 9998 && big.push('end');
console.log(big.length, big[0], big[9999], big.at(-1), big.indexOf(5000));
const q = [];
for (let i = 0; i < 5000; i++) q.push(i);
let sum = 0;
while (q.length) {
  sum += q.shift();
  if (q.length % 2) q.pop();
}
console.log(sum);
const sparse = [];
sparse[4294967294] = 'last';
sparse[3] = 'three';
console.log(sparse.length, Object.keys(sparse), 2 in sparse);
const props = [1];
props.name = 'n';
props[-1] = 'neg';
props['01'] = 'x';
console.log(props, props.length, Object.keys(props), JSON.stringify(props));
const like = {
  length: 2,
  0: 'a',
  1: 'b'
};
console.log(
    Array.prototype.push.call(like, 'c'), like, Array.prototype.join.call('abc', '-'),
    Array.prototype.pop.call(like), like, Array.prototype.reverse.call(like),
    Array.prototype.splice.call(like, 0, 1), like);
const doubles = [1.5, 2, -0];
doubles[1] = 'now mixed';
doubles.push(NaN, Infinity);
console.log(doubles, doubles.includes(NaN), doubles.indexOf(NaN), doubles.includes(0));
