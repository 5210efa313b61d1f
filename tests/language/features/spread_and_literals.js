const arr = [1, 2]; console.log([...arr, ...'ab', ...new Set([3, 3]), ...new Map([[1, 2]])]);
console.log({ ...{ a: 1, b: 2 }, b: 3, ...null, ...undefined, ...'hi', ...[9] });
const name = 'dyn', val = 5; console.log({ name, val, ['k' + 1]: 1, [Symbol.iterator]: 2, 'quoted': 3, 4: 5, m() { return 1; }, async am() {}, *gm() {}, async *agm() {}, get g() { return 1; }, set g(v) {} });
console.log({ __proto__: { inherited: 1 }, own: 2 }.inherited, Object.keys({ __proto__: null, a: 1 }), { ['__proto__']: 1 });
console.log([, 1, , 2, ,].length, [, 1, , 2, ,], [1, 2, 3,].length, 1 in [, 1], 0 in [, 1]);
console.log(`a${1 + 1}b${'c'}${[1, 2]}${{}}`, `multi
line`, `esc\n\t\x41\u0042\u{43}`, `nested ${`inner ${1}`}`);
function tag(s, ...v) { return s.raw.join('|') + '#' + s.join('|') + '#' + v.join(); } console.log(tag`x${1}\n${2}y`, tag``, String.raw`\n${5}\t`);
const same = () => tag2``; function tag2(s) { return s; } console.log(same() === same(), Object.isFrozen(same()));
console.log('\x41\u{1F600}\0\b'.length, 'line1\
continued', "it's", 'say "hi"', '\'');
console.log(Math.max(...[1, 2], ...[5, 4]), [...[...[...[1]]]]);
const getterSpread = { get x() { console.log('getter ran'); return 1; } }; const cp = { ...getterSpread }; console.log(Object.getOwnPropertyDescriptor(cp, 'x'));
class K { constructor() { this.a = 1; } get b() { return 2; } } console.log({ ...new K }, Object.assign({}, new K));
console.log(JSON.stringify({ 10: 'c', b: 1, 2: 'a', a: 2, '-1': 0, '01': 9 }));
console.log([..."👨‍👩‍👧"].length, Array.from('añb'), [...[undefined, null]]);
console.log(((...a) => a)(...[1, 2], 3, ...[]), new Array(...[3]).length, new Date(...[2020, 0, 1]).getFullYear());
try { console.log([...5]); } catch (e) { console.log(e.message); }
try { f(...undefined); function f() {} } catch (e) { console.log(e.message.slice(0, 60)); }
var undefinedVar; console.log({ undefinedVar, n: null }, [undefined, null]);
console.log({ a: 1, a: 2 }, { a: { b: { c: {} } } }, [[[]]], [{}], [[[[1]]]]);
console.log(1e3.toString(), (5).toFixed(1), 5..toString(), 0.1.toFixed(20), 1.0, 100, 1e100, 0xFFFFFFFF, -1e-10);
console.log(/a+/gi.source, /[/]/.test('/'), 10 / 2 / 5);
;[1].forEach((x) => console.log(x))
const asi = 1
const asi2 = asi
++n2
var n2; console.log(asi, asi2, n2)
