console.log(
    [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6, 7], Array.from({length: 30}, (_, i) => i),
    Array.from({length: 101}, (_, i) => i * 3));
console.log(Array.from({length: 120}, (_, i) => 'item' + i));
console.log(
    Array.from({length: 27}, (_, i) => 'x'.repeat(i % 7)), Array.from({length: 10}, (_, i) => i * 1.25 - 3),
    Array.from({length: 8}, (_, i) => [i]), Array.from({length: 20}, (_, i) => i % 2 === 0));
console.log(['apple', 'banana', 'cherry', 'dragonfruit', 'elderberry', 'fig', 'grape', 'honeydew melon']);
console.log(
    ['a long string that takes quite some room', 'another long string that takes some room', 'third']);
console.log(
    [1, , 3],
    [
      ,
      ,
    ],
    [1, , , 4], new Array(5), [undefined, , null], Object.assign([1, 2], {prop: 'x', 5: 6}),
    Object.assign([], {a: 1}));
console.log([1.0, -1, 100, 1000, 10000, 100000, 1e6, 1e7, 2, 3, 4, 5, 6, 7, 8]);
console.log([[1, 2, [3, 4, [5, [6]]]], {a: [1, {b: [1, {c: 1}]}]}]);
console.log(
    Array.from({length: 7}, () => ({})), Array.from({length: 3}, () => Array(3).fill(0)), Array(7).fill('ab'),
    Array(7).fill(null), Array(7).fill(undefined));
console.log({matrix: [[1, 0, 0], [0, 1, 0], [0, 0, 1]], long: Array.from({length: 50}, (_, i) => i)});
console.log([
  'x', 1, true, null, undefined, {a: 1}, [2], () => {}, Symbol('q'), new Date(0), /r/,
  new Error('in array').message
]);
console.log(
    [['name', 'alice'], ['age', 30]], Object.entries({a: 1, b: 2}),
    [['long enough strings to break', 'the line after seventy-two chars'], ['a', 'b']]);
console.log(
    Array.from({length: 200}, (_, i) => i).map((x) => (x % 3 ? x : 'f' + x)),
    ['日本', '한국어', '😀', 'é', 'abc', 'x', 'y', 'z']);
console.log(
    new Set(Array.from({length: 110}, (_, i) => i)),
    new Map(Array.from({length: 105}, (_, i) => [i, 'v' + i])));
console.log(
    Array.from({length: 26}, (_, i) => String.fromCharCode(97 + i)),
    Array.from({length: 10}, (_, i) => -i * 111), [0.1, 0.22, 0.333, 4.4444, 5, 66, 777]);
console.log('x'.repeat(200), ['y'.repeat(100)], {z: 'z'.repeat(90)});
console.log(
    [new Map([[1, 2]]), new Set([1]), [[]], new (class A { x = 1 })()],
    Object.fromEntries(Array.from({length: 30}, (_, i) => ['key' + i, i])));
console.log(
    ['a', 'b'].concat(Array(3)), [[], {}, 'end'],
    [
      ,
      'x',
      ,
    ],
    Array.from('The quick brown fox jumps over the lazy dog'.split(' ')));
