let a = 0, b = 1;
for (let i = 0; i < 80; i++) [a, b] = [b, a + b];
console.log(a, a % 10, a / 2);
let h = 0;
for (const c of 'hash me please') h = ((h << 5) - h + c.charCodeAt(0)) | 0;
console.log(h, h >>> 0, (h >>> 0).toString(16));
let f = 1;
for (let i = 1; i <= 25; i++) f *= i;
console.log(f, Math.log2(f).toFixed(6));
let x = 1;
while (x + 1 !== x) x *= 2;
console.log(x, 2 ** 53 === x);
let pi = 0;
for (let k = 0; k < 2000; k++) pi += (k % 2 ? -1 : 1) / (2 * k + 1);
console.log((pi * 4).toFixed(10));
let n = 27, steps = 0;
while (n !== 1) {
  n = n % 2 ? 3 * n + 1 : n / 2;
  steps++;
}
console.log(steps);
let s = 0;
for (let i = 0.1; i < 1; i += 0.1) s += i;
console.log(s);
let r = 123456789;
for (let i = 0; i < 5; i++) {
  r ^= r << 13;
  r ^= r >>> 17;
  r ^= r << 5;
  console.log(r, r >>> 0);
}
let bits = 0;
for (let i = 0; i < 32; i++)
  if ((1 << i) & 0xaaaaaaaa) bits++;
console.log(bits, 1 << 30, 1 << 31, (1 << 31) >>> 0, 5 / 0 | 0, 2 ** 32 >> 0, -5 >> 1, -5 >>> 30, ~-1);
