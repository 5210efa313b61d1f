console.log(
    /a(b)?(c)?/.exec('xab'), 'abc'.match(/z/), /(?<year>\d{4})-(?<month>\d\d)/.exec('on 2020-12-01').groups,
    'x'.match(/(?<n>x)|(?<m>y)/).groups.m);
console.log(
    '2020-12'.replace(/(?<y>\d+)-(?<m>\d+)/, '$<m>/$<y> $2$1 $10 $$ $0'),
    'abc'.replace(/(b)(x)?/, (m, p1, p2, off, str) => [m, p1, p2, off, str].join('|')),
    'aBc'.replace(/b/i, '[$&]'), 'x-y'.replace(/(?<l>\w)-(?<r>\w)/, (...a) => JSON.stringify(a.at(-1))));
const g = /o/g;
console.log(
    g.exec('foo').index, g.lastIndex, g.exec('foo').index, g.lastIndex, g.exec('foo'), g.lastIndex,
    g.test('o'), g.lastIndex);
const y = /a/y;
console.log(
    y.test('ba'), y.lastIndex, (y.lastIndex = 1, y.test('ba')), y.lastIndex, 'aab'.replace(/a/gy, 'x'),
    'baa'.replace(/a/gy, 'x'), 'a,b'.split(/,/y));
console.log(
    [...'a1b22'.matchAll(/([a-z])(\d+)/g)].map((m) => [m[0], m[1], m[2], m.index]), 'aaa'.match(/a/g),
    'abc'.match(/(?:)/g), 'a b  c'.split(/\s+/), 'a1b2c'.split(/(\d)/), 'abc'.split(/(?:)/),
    'a,b;c'.split(/[,;]/, 2), ''.split(/x/), ''.split(/(?:)/), 'AbC'.split(/(?=[A-Z])/),
    'test'.split(/(t)(x)?/));
// Look-around, back references, greediness, anchors, multiline, dotall
console.log(
    'price: $42'.match(/(?<=\$)\d+/)[0], '42px 43em'.match(/\d+(?=em)/)[0], 'foobar'.match(/foo(?!baz)/)[0],
    'xb ab'.match(/(?<!a)b/).index, /(a)\1/.test('aa'), /(?<q>['"]).*?\k<q>/.exec('say "hi\'" x')[0],
    '<<a>>'.match(/<(.+?)>/)[1], 'aaa'.match(/a{2}/)[0], 'aaaa'.match(/a{2,3}?/)[0], 'a\nb'.match(/^b$/m)[0],
    /a.b/.test('a\nb'), /a.b/s.test('a\nb'), /\bfoo\b/.test('a foo b'), /[^]/.test('\n'), /[]/.test('x'));
console.log(
    /\u{1F600}/u.test('😀'), /^.$/.test('😀'), /^.$/u.test('😀'), '😀x'.match(/./gu),
    /[😀]/u.exec('😀')[0].length, /\p{L}+/u.exec('12héé3')[0], /\p{Lu}/u.test('a'),
    /\p{Script=Greek}/u.test('α'), 'ÀB'.match(/[à]/i)[0], /\w/.test('é'), /\s/.test('\u00a0'),
    /[\d\-x]/.exec('-')[0], /\x41\u0042\cJ/.test('AB\n'), /\//.source, new RegExp('/').source,
    new RegExp('').source, String(new RegExp('a/b\n', 'gi')));
const r = /x/dgimsuy;
console.log(
    r.flags, r.global, r.sticky, r.unicode, r.dotAll, r.multiline, r.hasIndices, r.ignoreCase,
    /a(?<n>b)/d.exec('xab').indices[1], /a(?<n>b)/d.exec('xab').indices.groups.n, new RegExp(r, 'g').flags,
    new RegExp(/x/i).flags, RegExp('x') instanceof RegExp, /x/ === /x/, r);
for (const bad
         of ['(', '[', '*', 'a{2,1}', '\\', '(?<n>a)(?<n>b)', '(?<1>a)', '[z-a]', 'a**', ')', '(?<=a)+(',
             '\\k<x>(?<y>)', '+', '(?', '{1}', '(?<a']) {
  try {
    new RegExp(bad);
    console.log('fine', bad);
  } catch (e) {
    console.log(e.name + ': ' + e.message);
  }
}
for (const [p, f] of [['x', 'gg'], ['x', 'q'], ['\\p{Foo}', 'u'], ['{', 'u'], ['\\-', 'u'], [']', 'u']]) {
  try {
    new RegExp(p, f);
    console.log('fine', p, f);
  } catch (e) {
    console.log(e.name + ': ' + e.message);
  }
}
console.log(
    /a|ab/.exec('abc')[0], /((a)|(ab))((c)|(bc))/.exec('abc'), /(z)((a+)?(b+)?(c))*/.exec('zaacbbbcac'),
    /(?=(a+))a*b\1/.exec('baaabac'), /(.*?)a(?!(a+)b\2c)\2(.*)/.exec('baaabaac'), /(a*)*/.exec('b'),
    /(?:a|b)+?c/.exec('ababc')[0], /\0/.test('\0'), /[\b]/.test('\b'), /a{,2}/.test('a{,2}'), /x{/.test('x{'),
    /\8/.test('8'));
// Custom protocol, lastIndex, state
class Upper {
  [Symbol.replace](s, r2) { return s.toUpperCase() + r2; }
  [Symbol.split](s) { return ['custom', s]; }
}
console.log('abc'.replace(new Upper(), '!'), 'abc'.split(new Upper()));
const e = /(\d+)/g;
let m, found = [];
while ((m = e.exec('a1b22c333'))) found.push(m[1] + '@' + m.index + '-' + e.lastIndex);
console.log(
    found, Object.keys(/x/.exec('x')), /x/.exec('x').input, e.toString(), 'aXbX'.lastIndexOf('X'),
    'x'.search(/y/), e.lastIndex);
console.log(
    'a.b*c'.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'The Quick'.replace(/quick/i, (w) => w.toUpperCase()),
    '  a b '.replace(/^\s+|\s+$/g, ''), 'aaa'.replace(/a/g, (_, i) => i),
    '1234567.89'.replace(/\B(?=(\d{3})+(?!\d))/g, ','), 'one two'.replace(/(\w+) (\w+)/, '$2 $1'),
    'x'.replace(/x/, '$1$'), 'abc'.replace(/(?<L>b)/, '[$<L>$<M>]'), 'abc'.replaceAll(/[ac]/g, '-'));
const email = /^[\w.+-]+@[\w-]+\.[\w.]+$/, date = /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
console.log(
    email.test('a.b@c.org'), email.test('a@b'), date.exec('2024-02-30').slice(1),
    'k1=v1&k2=v2'.split('&').map((p) => p.split('=')), 'a-b_c d'.split(/[-_ ]/));
console.log(
    /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test('192.168.1.255'),
    'x'.repeat(30).match(/^(x+)+$/)[0].length, 'aaaa'.replace(/(?<=a)a/g, 'b'),
    'tel: 555-1234'.match(/(\d{3})-(\d{4})/).slice(0, 3), /a/[Symbol.match]('cat'),
    RegExp.prototype.toString.call(/a/g), Object.prototype.toString.call(/a/));
