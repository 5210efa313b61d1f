const a = [1, 2, 3, 4, 5], h = [1, , 3];
console.log(
    a.map((x, i, all) => x * i + all.length), a.filter((x) => x % 2), a.reduce((s, x) => s + x),
    a.reduce((s, x) => s + x, 'r'), a.reduceRight((s, x) => s + x, ''), a.find((x) => x > 2),
    a.findIndex((x) => x > 2), a.findLast((x) => x < 4), a.findLastIndex((x) => x > 9), a.some((x) => x > 4),
    a.every((x) => x > 4), [].every(() => false), [].some(() => true));
console.log(
    a.slice(1, 3), a.slice(-2), a.slice(), a.slice(3, 1), a.slice(undefined, 2), a.slice('1', '3'), a.at(-1),
    a.at(9), a.indexOf(3), a.indexOf(3, -2), a.lastIndexOf(5), a.lastIndexOf(1, -5), a.includes(4), a.join(),
    a.join('-'), [null, undefined, [1, [2]], {}].join());
console.log(
    [1, [2, [3, [4, [5]]]]].flat(), [1, [2, [3, [4, [5]]]]].flat(Infinity), [1, , [2, , 3]].flat(),
    a.flatMap((x) => (x % 2 ? [x, [x]] : [])), [1].concat(2, [3], [[4]], h));
const visited = [];
a.forEach((x, i) => {
  visited.push(x);
  if (i === 0) a.push('added');
  if (i === 1) a.pop();
});
console.log(visited, a);
// Holes
console.log(
    h.map((x) => x * 2), h.filter(() => true), h.forEach((x) => console.log('visit', x)),
    h.reduce((s, x) => s + x), h.indexOf(undefined), h.includes(undefined), h.find((x) => x === undefined),
    h.findIndex((x) => x === undefined), h.join('-'), h.every((x) => x), h.some((x) => x === undefined),
    Object.keys(h), [...h.keys()], [...h.entries()], [...h], h.concat([, 1]), h.slice(1), h.flat(),
    JSON.stringify(h), 1 in h, h.length,
    [
      ,
      ,
    ].length,
    [
      1,
      ,
    ].length);
Array.prototype[1] = 'from prototype';
console.log(h[1], h.map((x) => x), [0, , 2].join());
delete Array.prototype[1];
// this argument, non-callables, empties
console.log(
    a.map(function(x) { return this.k + x; }, {k: 'k'}), a.filter(Boolean).length,
    ['1', '2', '3'].map(Number), ['1', '2', '3'].map(parseInt), [3, 0, 'x', '', null].filter(Boolean));
for (const f
         of [() => [].reduce((x) => x), () => [1].map(), () => [1].map('x'), () => [1].forEach({}),
            () => [].find(null), () => Array.prototype.map.call(null, (x) => x), () => Array.from([1], 5),
            () => [].flatMap(), () => [1].reduce(undefined)]) {
  try {
    console.log(f());
  } catch (e) {
    console.log(e.name + ': ' + e.message);
  }
}
console.log(
    [NaN].indexOf(NaN), [NaN].includes(NaN), [-0].includes(0), [[1]].includes([1]),
    ['a'].concat('b', ['c'])[1]);
const cyc = [1];
cyc.push(cyc);
console.log(cyc.join(), String(cyc), cyc);
console.log(
    [3, 1, 2].toString(), [1, 2, 3].keys().next(), Array.prototype.concat.length, [].concat.name,
    [1.5, -0, 1e21].join(' '), [[], [[]], [null]].toString() === ',,');
const matrix = [[1, 2], [3, 4], [5, 6]];
console.log(matrix[0].map((_, c) => matrix.map((r) => r[c])), matrix.map((r) => [...r].reverse()));
console.log(
    Array.prototype.slice.call({length: 3, 0: 'x', 2: 'z'}), Array.prototype.includes.call('abc', 'b'),
    Array.from({length: 5}, (_, i) => i ** 2).filter((x) => x % 2 === 0));
console.log(
    [...'ab'].entries().next().value, Array.prototype.indexOf.call({length: 2, 1: 5}, 5),
    [1, 2, 3].lastIndexOf(3, undefined), [1, 2, 3].indexOf(1, 5));
class Sub extends Array {
  sum() { return this.reduce((x, y) => x + y, 0); }
}
const sub = Sub.from([1, 2, 3]);
console.log(sub, sub.length, sub.sum(), Sub.of(1), sub[0], Array.from(sub));
