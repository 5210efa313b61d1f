const s = 'Hello, World';
console.log(
    s.length, s[0], s.at(-1), s.charAt(1), s.charAt(99) === '', s.charCodeAt(0), s.charCodeAt(99),
    s.codePointAt(0), s.indexOf('o'), s.indexOf('o', 5), s.indexOf(''), s.lastIndexOf('o'),
    s.lastIndexOf('o', 4), s.indexOf('z'), s.includes('World'), s.startsWith('Hell'),
    s.startsWith('World', 7), s.endsWith('ld'), s.endsWith('Hello', 5));
console.log(
    s.slice(-5), s.slice(2, -2), s.slice(5, 2) === '', s.substring(5, 2), s.substring(-3, 4), s.substr(-5, 3),
    s.substr(2), s.toUpperCase(), s.toLowerCase(), s.split(', '), s.split(''), s.split(), s.split('l', 2),
    ''.split(''), ''.split(','), 'a,b,'.split(','), 'abc'.split('', 2));
console.log(
    '|' +
        '  x \n\t'.trim() + '|',
    '|' +
        '  x '.trimStart() + '|',
    '|' +
        '  x '.trimEnd() + '|',
    '5'.padStart(3, '0'), 'x'.padEnd(5, 'ab') + '|', 'abc'.padStart(2), 'x'.padStart(4), 'ab'.repeat(3),
    'x'.repeat(0) === '', '\ufeff\u00a0 x\u2003'.trim());
console.log(
    'a-b-c'.replace('-', '+'), 'a-b-c'.replaceAll('-', '+'), 'abc'.replace('b', '[$&$`$\'$$]'),
    'aaa'.replaceAll('a', (m, i) => m + i), 'x'.replace('x', () => '$&'), 'abc'.replace('', '_'),
    'abc'.replaceAll('', '_'), 'a'.concat('b', 1, null), 'abc'.localeCompare('abd'), 'b'.localeCompare('a'),
    'a'.localeCompare('a'));
// Unicode
const u = 'a😀é\u0301한';
console.log(
    u.length, [...u].length, u.codePointAt(1), u.charCodeAt(1), u.at(1).length,
    String.fromCodePoint(128512, 97), String.fromCharCode(0xd83d, 0xde00), u.split(''), [...u]);
console.log(
    'é'.normalize('NFD').length, 'e\u0301'.normalize() === 'é', 'ﬁ'.normalize('NFKC'), 'straße'.toUpperCase(),
    'İ'.toLowerCase().length, 'ΑΣ'.toLowerCase(), 'ÀÉ'.toLowerCase(), 'ñ'.toUpperCase(),
    '\ud800'.isWellFormed(), 'x\udc00'.toWellFormed());
console.log(
    '😀' === '\u{1F600}', '\u{1F600}'.charCodeAt(1).toString(16), 'z' < 'é',
    '\ud83d' +
        '\ude00',
    '日本語'.slice(1), '日本語'.indexOf('語'), encodeURIComponent('a b&ü😀/'),
    decodeURIComponent('%C3%BC%F0%9F%98%80'), encodeURI('http://x.y/ü?q=1&r=a b'), decodeURI('%41%2F'),
    escape === undefined ? '' : escape('ü b'), unescape('%FC%20'));
for (const f
         of [() => decodeURIComponent('%'), () => decodeURIComponent('%C3'),
            () => encodeURIComponent('\ud800'), () => 'x'.repeat(-1), () => 'x'.repeat(Infinity),
            () => 'abc'.startsWith(/a/), () => 'abc'.includes(/a/), () => 'a'.replaceAll(/a/, ''),
            () => 'a'.normalize('X'), () => String.fromCodePoint(-1), () => String.fromCodePoint(0x110000),
            () => String.prototype.trim.call(null), () => 'a'.matchAll(/a/),
            () => String.prototype.at.call(undefined), () => String.raw()]) {
  try {
    console.log(f());
  } catch (e) {
    console.log(e.name + ': ' + e.message);
  }
}
// As objects, comparison, concatenation
const boxed = new String('boxed');
console.log(
    boxed, boxed.length, boxed[0], typeof boxed, boxed == 'boxed', boxed === 'boxed', boxed + '!',
    Object.keys(boxed), boxed instanceof String, 'prim' instanceof String, {s: new String('')});
boxed.extra = 1;
console.log(
    boxed, JSON.stringify({boxed}), Object.getOwnPropertyDescriptor('ab', 0),
    Object.getOwnPropertyDescriptor('ab', 'length'));
let rope = '';
for (let i = 0; i < 20000; i++) rope += i % 10;
console.log(
    rope.length, rope.slice(9995, 10005), rope.lastIndexOf('9'), rope.split('0').length,
    rope === '0123456789'.repeat(2000));
let front = '';
for (let i = 0; i < 3000; i++) front = String.fromCharCode(97 + (i % 26)) + front;
console.log(front.slice(0, 5), front.length, [...front].reverse().join('') === [...front].reverse().join(''));
const halves = rope.slice(0, 7) + rope.slice(7, 10);
console.log(halves === '0123456789', new Map([[halves, 'found']]).get('0123456789'), {[halves]: 1});
console.log(
    'abc' < 'abd', 'abc' < 'ab', '' < 'a', 'a' + 1 + 2, 1 + 2 + 'a', 'x'.constructor === String,
    'length' in Object('x'), 'abc'[1.5], 'abc'['1'], 'abc'[-1]);
console.log(
    'a\nb'.split('\n'), 'tEST'.charAt(0).toUpperCase() + 'tEST'.slice(1).toLowerCase(),
    'camelCaseString'.replace(/[A-Z]/g, (c) => '_' + c.toLowerCase()), 'x'.anchor === undefined,
    'a\0b'.length, JSON.stringify('\u2028\ud800"\\\n\x07'));
console.log(
    'abcabc'.search('c'), 'abcabc'.search(/[bc]/), 'a1b2'.match(/\d/g), 'abc'.match('b').index,
    'é'.localeCompare('f'), ['b', 'a', 'C', 'ä'].sort((x, y) => x.localeCompare(y)), 'abc'.valueOf(),
    String(Symbol('q')), String(-0), String([null]), `${[undefined, 1]}`);
console.log(
    isNaN('x'), isFinite('5'), parseInt('42px'), parseInt('0x1f'), parseInt('101', 2), parseInt('z', 36),
    parseInt(''), parseInt('  -7.9'), parseFloat('3.14abc'), parseFloat('.5'), parseFloat('-Infinityx'),
    parseFloat('1e3x'), parseFloat('x'), Number('12px'), Number(''), Number(' 12\n'), Number('1_000'),
    Number([5]), Number(new Date(5)), parseInt(null), parseInt('123', 37), parseInt(1e21),
    parseInt(0.0000005));
