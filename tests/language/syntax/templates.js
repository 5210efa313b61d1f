const name = 'world', n = 3;
console.log(`hello ${name}! ${n * 2} ${`nested ${n + `${n}`}`} ${[1, 2]} ${{}} ${null} ${undefined}`);
console.log(`line one
  line two\ttab \u0041 \x42 \u{1F600} \\ \` \${not}`);
console.log(`$ $$ ${'$'} {} }{`);
function tag(strings, ...values) { return JSON.stringify({cooked: strings, raw: strings.raw, values}); }
console.log(tag`a${1}b\n${2}c`);
console.log(tag`no values`, tag``, tag`${1}`);
console.log(tag`\unicode and \xerxes and ${1} \u{110000}`);
console.log(String.raw`a\nb${1}\t`, String.raw({raw: 'xyz'}, 1, 2, 3));
const same = () => ((s) => s) `x${1}`;
console.log(same() === same(), Object.isFrozen(same()), Object.isFrozen(same().raw), Array.isArray(same()));
const o = {
  t(s) { return this.k + s[0]; },
  k: 'K'
};
console.log(o.t`ag`, o['t'] `ag2`);
const curry = (s) => (s2) => s[0] + s2[0];
console.log(curry`a` `b`);
const order = [];
const note = (x) => (order.push(x), x);
console.log(
    `${note(1)}${{
      toString() {
        order.push('toString');
        return 'S';
      }
      , valueOf() {
        order.push('valueOf');
        return 5;
      }
    }}${note(2)}`,
    order);
console.log('' + {valueOf() { return 5; }, toString() { return 'S'; }}, `${new Date(0).toISOString()}`);
try {
  `${Symbol('x')}`;
} catch (e) {
  console.log(e.name, e.message);
}
console.log(`\r\n`.length, `a\
b`);
