// Arithmetic
console.log(7 / 2, 7 % 3, -7 % 3, 7 % -3, -0 % 5, 5.5 % 2, 2 ** 10, 2 ** -1, (-2) ** 3, 2 ** 3 ** 2);
console.log(0.1 + 0.2, 1 / 0, -1 / 0, 0 / 0, 5 % 0, Infinity % 5, 5 % Infinity, 2 ** 53 + 1, 1e308 * 10);
console.log(2147483647 + 1, -2147483648 - 1, 1073741824 * 2, 1073741823 + 1, -1073741824 - 1, 65536 * 65536, 0 * -1, -(0));
console.log(1 + '2', '3' * '4', '5' - 2, +'  12  ', +'', +'x', +'0x1f', +'0b101', +'0o17', +'1e3', +[], +[5], +{}, +null, +undefined, +true);
console.log([] + {}, [] + [], 1 + null, 1 + undefined, 'a' + null, true + true, [1, 2] + [3]);
// Bits
console.log(5 & 3, 5 | 3, 5 ^ 3, ~5, 1 << 31, 1 << 32, -1 >> 1, -1 >>> 0, -1 >>> 28, 2 ** 32 | 0, 2 ** 31 | 0, 1.9 | 0, -1.9 | 0, NaN | 0, '7' | 0);
console.log(5 >>> 33, 1e20 | 0, ~~'12.7', 0xff & -256, 1 << -1, 4294967295 >> 0, 4294967296.5 >>> 0);
// Comparison
console.log(1 < 2, '10' < '9', '10' < 9, 'a' < 'b', null >= 0, null > 0, null == 0, undefined == null, undefined >= undefined, NaN <= NaN);
console.log('b' > 'a', 'B' > 'a', [2] > 1, 'é' > 'z', '😀' > '\uffff', new Date(5) > new Date(3));
console.log(1 == '1', 0 == '', null == false, [] == false, [] == '', [1] == 1, '1,2' == [1, 2], NaN == NaN, NaN != NaN, ({}) == '[object Object]');
console.log(0 === -0, Object.is(0, -0), Object.is(NaN, NaN), 'a' === 'a', ({}) === ({}), true == 1, true == '1', true == 'true');
// Update and assignment
let a = 5;
console.log(a++ + ++a, a, a-- - --a, a, -a, +a, !a, !!a);
a += 2; a -= 1; a *= 3; a /= 2; a %= 5; a **= 2; a <<= 2; a >>= 1; a >>>= 0; a |= 1; a &= 7; a ^= 2;
console.log(a);
let s = 'x';
s += 1; s += null; s += [2]; s++;
console.log(s);
const o = { n: 1, s: '5', get k() { return 'n'; } };
console.log(o.n++, ++o.n, o['n'] += 10, o[o.k] *= 2, o.s++, o.s, o.missing++, o.missing);
const arr = [1, 2, 3];
let i = 0;
arr[i++] += 10;
arr[i++]++;
console.log(arr, i);
// Order of evaluation
const log = [];
const v = (x, r = x) => (log.push(x), r);
v('a', 1) + v('b', 2) * v('c', 3);
({ f() {} })[v('key', 'f')](v('arg1'), v('arg2'));
(v('left', {}))[v('prop')] = v('right');
v('x', false) && v('y'); v('p', 1) || v('q'); v(1) ? v('then') : v('else');
console.log(log.join());
// typeof, void, delete, in, comma
console.log(typeof 1, typeof 'a', typeof true, typeof undefined, typeof null, typeof {}, typeof [], typeof (() => 1), typeof class {}, typeof Symbol(), typeof /x/, typeof nope);
console.log(void 0, void 'x', (1, 2, 3), 'a' in { a: 1 }, 0 in [1], 'length' in [], 1 in [1], 'toString' in {});
const d = { a: 1, b: 2 };
console.log(delete d.a, d, delete d.zzz, delete [].length, typeof delete d.b);
(() => {
  'use strict';
  for (const f of [() => delete Object.freeze({ q: 1 }).q, () => delete [].length, () => { Object.freeze([1])[0] = 2; }, () => { 'abc'.length = 1; }, () => { 'abc'[0] = 'x'; }, () => { undefined.x = 1; }, () => { (5).x = 1; }, () => 'a' in 'abc', () => { ({ get a() { return 1; } }).a = 2; }, () => { Object.preventExtensions({}).n = 1; }, () => { Object.defineProperty({}, 'w', { value: 1 }).w = 2; }]) {
    try {
      console.log(f());
    } catch (e) {
      console.log(e.name + ': ' + e.message);
    }
  }
})();
// Conversion hooks
const hooked = { valueOf: () => 42, toString: () => 'str' };
console.log(hooked + 1, `${hooked}`, hooked * 2, hooked + '', [hooked] + '', hooked > 41, hooked == 42, hooked == 'str');
const prim = { [Symbol.toPrimitive](hint) { return hint; } };
console.log(`${prim}`, prim + '', +prim, prim * 1, prim == 'default', [prim].join());
for (const f of [() => +{ valueOf: () => ({}), toString: () => ({}) }, () => 1 + Symbol(), () => +Symbol(), () => Symbol() + '', () => `${{ [Symbol.toPrimitive]: () => ({}) }}`, () => +{ [Symbol.toPrimitive]: 5 }, () => null.x, () => undefined(), () => (void 0).y()]) {
  try {
    console.log(f());
  } catch (e) {
    console.log(e.name + ': ' + e.message);
  }
}
// Automatic semicolons, numeric literals, strings
let q = 1
let r = q
++q
console.log(q, r)
const asi = () => {
  return
  1
}
console.log(asi(), 0xFF, 0b11, 0o17, 1_000_000, .5, 5., 1e-7, 0x1F.toString(2), 1..toFixed(1), 017, 089)
console.log('\x41\u0042\u{43}\103\0'.length, 'a\
b', "it's", 'say "hi"', '\v\f\b'.length, '\u2028'.length)
var \u0061bc = 'escaped identifier', $ = 1, _ = 2, ünï = 3
console.log(abc, $ + _ + ünï)
if (true) ; else console.log('never')
;[1, 2].forEach((x) => console.log(x))
