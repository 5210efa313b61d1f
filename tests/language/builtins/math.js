console.log(
    Math.abs(-5), Math.abs('-3'), Math.abs(null), Math.abs(), Math.sign(-3), Math.sign(-0), Math.floor(-1.5),
    Math.ceil(-1.5), Math.round(-1.5), Math.round(2.5), Math.round(0.49999999999999994), Math.round(-0.2),
    Math.trunc(-4.7), Math.trunc(0.9));
console.log(
    Math.max(), Math.min(), Math.max(1, 'x'), Math.max(-0, 0), Math.min(0, -0), Math.max(1, 2, 3),
    Math.min(...[4, 2, 8]), Math.max(null, -1), Math.max([5]), Math.hypot(3, 4), Math.hypot(),
    Math.hypot(NaN, Infinity));
console.log(
    Math.sqrt(2), Math.cbrt(27), Math.pow(2, 0.5), Math.pow(0, 0), Math.pow(1, Infinity), (-8) ** (1 / 3),
    Math.exp(1), Math.expm1(1e-10), Math.log(10), Math.log2(8), Math.log10(1000), Math.log1p(1e-10),
    Math.log(0), Math.log(-1));
console.log(
    Math.sin(1), Math.cos(1), Math.tan(1), Math.asin(1), Math.acos(0.5), Math.atan(1), Math.atan2(1, -1),
    Math.atan2(0, -0), Math.sinh(1), Math.cosh(1), Math.tanh(1), Math.asinh(1), Math.acosh(2),
    Math.atanh(0.5));
console.log(
    Math.fround(5.5), Math.fround(5.05), Math.imul(0xffffffff, 5), Math.imul(3, 4), Math.clz32(1),
    Math.clz32(0), Math.clz32(-1), Math.PI, Math.E, Math.LN2, Math.LN10, Math.LOG2E, Math.LOG10E, Math.SQRT2,
    Math.SQRT1_2);
const randoms = Array.from({length: 1000}, Math.random);
console.log(
    randoms.every((r) => r >= 0 && r < 1), new Set(randoms).size > 990,
    Math.abs(randoms.reduce((a, b) => a + b) / 1000 - 0.5) < 0.1);
console.log(
    Math.toString(), typeof Math, Math[Symbol.toStringTag], Object.keys(Math), Math.max.length,
    Math.max.name);
// A seeded generator, as programs have it.
let seed = 42;
const rand = () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 4294967296;
};
console.log([rand(), rand(), rand()], Math.floor(rand() * 100));
const mulberry = (a) => () => {
  a |= 0;
  a = (a + 0x6d2b79f5) | 0;
  let t = Math.imul(a ^ (a >>> 15), 1 | a);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const m = mulberry(1);
console.log(m(), m(), m());
const gcd = (a, b) => (b ? gcd(b, a % b) : a);
console.log(gcd(1071, 462), [1, 2, 3, 4].reduce((v, x, i, {length}) => v + x / length, 0));
