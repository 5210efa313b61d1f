const numbers = [0, -0, 1, -1, 0.1, 0.5, 1.005, 123.456, 1e21, 1e-7, 1.5e300, 5e-324, 123456789012345680000, 0.000001, 1e-6 / 3, 2 ** 53, 1 / 3, 100, 255, -255.5, NaN, Infinity, -Infinity, 4294967296, 1.7976931348623157e308, 25, 1e20, 123e-20];
for (const n of numbers) console.log(n, String(n), n + '', JSON.stringify(n), n.toFixed(2), n.toPrecision(3), n.toExponential(2), n.toExponential(), n.toString(2).slice(0, 60), n.toString(16).slice(0, 40), n.toString(36).slice(0, 30));
console.log((1.005).toFixed(2), (1.45).toFixed(1), (8.345).toFixed(2), (0.5).toFixed(0), (1.5).toFixed(0), (2.5).toFixed(0), (-1.5).toFixed(0), (1e21).toFixed(2), (0).toFixed(5), (123.456).toFixed(10), (0.000001).toFixed(7), (1.23e-10).toFixed(2), (-0.0000001).toFixed(2), (1000000000000000128).toFixed(0), (0.1).toFixed(20));
console.log((123.456).toPrecision(4), (0.00001).toPrecision(1), (123456).toPrecision(2), (1e21).toPrecision(3), (0).toPrecision(4), (1.25).toPrecision(2), (1.35).toPrecision(2), (99.99).toPrecision(3), (1e-7).toPrecision(2), (5).toPrecision());
console.log((255).toString(16), (255).toString(2), (-255).toString(36), (0.5).toString(2), (0.1).toString(3), (3.14159).toString(8), (1e21).toString(7), (2 ** 60).toString(32));
for (const f of [() => (1).toFixed(101), () => (1).toFixed(-1), () => (1).toPrecision(0), () => (1).toPrecision(101), () => (1).toString(1), () => (1).toString(37), () => (1).toExponential(-1), () => Number.prototype.toString.call('x'), () => Number.prototype.toFixed.call({})]) {
  try { console.log(f()); } catch (e) { console.log(e.name + ': ' + e.message); }
}
console.log(Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, Number.MAX_VALUE, Number.MIN_VALUE, Number.EPSILON, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN);
console.log(Number.isInteger(5.0), Number.isInteger('5'), Number.isSafeInteger(2 ** 53), Number.isFinite('5'), isFinite('5'), Number.isNaN('x'), isNaN('x'), Number.parseFloat === parseFloat, Number.parseInt('0b1'), Number(), Number(null), Number(undefined), Number('  0x10 '), Number('1e1000'), Number(false), Number('-'), Number('Infinity'), Number('infinity'));
console.log(new Number(5), typeof new Number(5), new Number(5) + 1, new Number(-0), [new Number(NaN)], new Boolean(false), !!new Boolean(false), new Number(3).toFixed(1));
console.log(0.1 * 3, 0.7 + 0.1, 1.1 + 2.2, 9007199254740993, 1e16 + 1, 4.35 * 100, 1.15.toFixed(1), 0.1 + 0.7, 1 / 3 * 3, 1e23, 1.0000000000000002, 123456.789e3, 0xffffffff, 1e300 * 1e10, 5e-324 / 2);
console.log((1234567.891).toLocaleString(), (0.5).toLocaleString(), (1e6).toLocaleString('en-US'), (-1234.5).toLocaleString(), (NaN).toLocaleString());
console.log(5..constructor.name, (5).valueOf(), 1 .toString(), [10, 1, 3].map(String), [1.0, 2.50, -3e-10]);
let x = 1;
for (let i = 0; i < 70; i++) x *= 2;
console.log(x, x - 1, x / 3, x % 1000, x | 0, x >>> 0, (x + 4096 * 5) >>> 12);
let smi = 2147483640;
for (let i = 0; i < 12; i++) smi++;
console.log(smi, -smi, smi | 0, ~smi, smi >> 1, smi >>> 1, smi & 0xff, smi % 2, smi * smi);
let neg = -1073741820;
for (let i = 0; i < 8; i++) neg--;
console.log(neg, neg - 1, -neg, neg * 2, neg * 4, 0 / -neg, Object.is(0 * neg, -0), Object.is(-1 % 1, -0), Object.is(Math.round(-0.4), -0));
