let s = '';
for (let i = 0; i < 50; i++) s += String.fromCharCode(97 + (i % 26)) + (i % 10 ? '' : '-');
console.log(s, s.length);
let t = 'x';
for (let i = 0; i < 10; i++) t = t + t;
console.log(t.length, t.slice(-3), t === 'x'.repeat(1024));
const parts = [];
for (let i = 0; i < 5; i++) parts.push(`${i}:${i * i}`);
console.log(parts.join(' '), [...parts].reverse().join());
let u = 'é';
u += '😀';
u = u + 'a' + u;
console.log(u, u.length, u.indexOf('a'), u.slice(1, 3), u.slice(1, 3) === '😀');
const key = 'ab' +
    'cd',
      o = {
        abcd: 'found'
      };
console.log(
    o[key],
    o['a' +
      'bcd'],
    key in o, {
      ['ab' +
       'cd']: 1
    });
let k2 = '';
for (const c of 'abcd') k2 += c;
console.log(o[k2], new Set(['abcd']).has(k2), [k2].includes('abcd'), 'abcd' === k2, k2 < 'abce', `${k2}!`);
const big = 'abc'.repeat(1000), sub = big.substring(3, 9);
console.log(
    sub, sub + sub === 'abcabcabcabc', big.indexOf('ca', 2990), big.replaceAll('abc', 'x').length,
    big.split('b').length);
console.log(
    'a-b-c'.split('-').map((p) => p.toUpperCase()).join('+'), [...'wörld'].sort().join(''),
    'Hello'.split('').reverse().join(''), 'x,y;z'.split(/[,;]/));
