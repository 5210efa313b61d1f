// Numbers: matrices on Float64Array, statistics, bit tricks, a PRNG, big products, an image as text.
class Matrix {
  constructor(rows, columns, data = new Float64Array(rows * columns)) { Object.assign(this, { rows, columns, data }); }
  static of(...lines) { return new Matrix(lines.length, lines[0].length, Float64Array.from(lines.flat())); }
  static identity(n) { return new Matrix(n, n).fill((i, j) => +(i === j)); }
  fill(f) { for (let i = 0; i < this.rows; i++) for (let j = 0; j < this.columns; j++) this.data[i * this.columns + j] = f(i, j); return this; }
  at(i, j) { return this.data[i * this.columns + j]; }
  times(other) {
    if (this.columns !== other.rows) throw new RangeError(`${this.rows}x${this.columns} times ${other.rows}x${other.columns}`);
    return new Matrix(this.rows, other.columns).fill((i, j) => { let s = 0; for (let k = 0; k < this.columns; k++) s += this.at(i, k) * other.at(k, j); return s; });
  }
  get transposed() { return new Matrix(this.columns, this.rows).fill((i, j) => this.at(j, i)); }
  power(n) { let result = Matrix.identity(this.rows), base = this; for (; n; n >>= 1, base = base.times(base)) if (n & 1) result = result.times(base); return result; }
  determinant() {
    const n = this.rows, m = this.data.slice(); let det = 1;
    for (let c = 0; c < n; c++) {
      let p = c; for (let r = c + 1; r < n; r++) if (Math.abs(m[r * n + c]) > Math.abs(m[p * n + c])) p = r;
      if (m[p * n + c] === 0) return 0;
      if (p !== c) { det = -det; for (let k = 0; k < n; k++) [m[p * n + k], m[c * n + k]] = [m[c * n + k], m[p * n + k]]; }
      det *= m[c * n + c];
      for (let r = c + 1; r < n; r++) { const f = m[r * n + c] / m[c * n + c]; for (let k = c; k < n; k++) m[r * n + k] -= f * m[c * n + k]; }
    }
    return det;
  }
  *[Symbol.iterator]() { for (let i = 0; i < this.rows; i++) yield this.data.subarray(i * this.columns, (i + 1) * this.columns); }
  toString() { return [...this].map((row) => Array.from(row, (x) => x.toFixed(2).padStart(8)).join('')).join('\n'); }
}
const m = Matrix.of([2, -1, 0], [1, 3, 5.5], [0, 4, -2]);
console.log(`${m}\n${m.transposed}`, m.determinant(), m);
console.log([...Matrix.of([1, 1], [1, 0]).power(70).data], [...m.times(Matrix.identity(3)).data].join());
try { m.times(Matrix.of([1, 2])); } catch (e) { console.log(`${e}`); }

function* xorshift(seed = 2463534242) { let x = seed >>> 0; for (;;) { x ^= x << 13; x ^= x >>> 17; x ^= x << 5; yield x >>> 0; } }
const take = (n, it) => Array.from({ length: n }, () => it.next().value);
const random = xorshift();
const samples = take(1000, random).map((x) => x / 2 ** 32);
const mean = samples.reduce((a, b) => a + b) / samples.length;
const histogram = new Uint16Array(10); for (const s of samples) histogram[s * 10 | 0]++;
console.log(mean, histogram, Math.max(...samples), Math.min(...samples), take(3, xorshift(1)));
const sorted = Float64Array.from(samples).sort();
console.log(sorted[500], sorted.subarray(0, 3), sorted.every((x, i) => !i || x >= sorted[i - 1]), sorted.findIndex((x) => x > 0.25), sorted.lastIndexOf(sorted[7]));

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => { for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1; return n; });
const crc = (text) => (~Buffer.from(text).reduce((c, byte) => crcTable[(c ^ byte) & 255] ^ (c >>> 8), -1)) >>> 0;
console.log(crc('123456789').toString(16), crc('').toString(16), crc('héllo wörld'));
const bits = (n) => { let c = 0; for (n >>>= 0; n; n &= n - 1) c++; return c; };
console.log([0, 1, -1, 255, 2 ** 31, 2 ** 32 + 3].map(bits), Math.clz32(1), Math.imul(0xffffffff, 5), (0x12345678 >>> 8 & 0xff).toString(16), ~~-7.9, -7 >> 1, -7 >>> 28, 1 << 31, 5 & -2 | 8 ^ 3);

const buffer = new ArrayBuffer(16), view = new DataView(buffer);
view.setFloat32(0, Math.PI); view.setInt16(4, -2, true); view.setUint32(8, 0xdeadbeef); view.setFloat64(8, -0.1, true);
console.log(new Uint8Array(buffer), view.getFloat32(0), view.getInt16(4), view.getUint16(4, true), view.getFloat64(8, true), new Int32Array(buffer, 4, 2));
console.log(new Int8Array([127, 128, 255, -129]), new Uint8ClampedArray([300, -5, 1.5, 2.5, NaN]), new Float32Array([0.1, 1e40]), Uint16Array.of(65537, -1), new Uint8Array(new Set([1, 2])));
const b = new Uint8Array(buffer); b.set([9, 8, 7], 2); b.copyWithin(0, 2, 5); b.fill(1, -4, -2);
console.log(b.slice(0, 6), b.join('-'), [...b.entries()].slice(0, 2), b.indexOf(7), b.includes(200), b.at(-1), b.map((x) => x * 2).reverse()[0], Object.prototype.toString.call(b), b.byteOffset, b.buffer === buffer);
let art = '';
for (let y = -1.1; y <= 1.1; y += 0.2) { for (let x = -2; x <= 0.6; x += 0.05) { let a = 0, c = 0, n = 0; for (; n < 50 && a * a + c * c < 4; n++) [a, c] = [a * a - c * c + x, 2 * a * c + y]; art += ' .:-=+*#%@'[n / 5 | 0] ?? '@'; } art += '\n'; }
console.log(art);
console.log(Array.from({ length: 25 }, (_, n) => { let f = 1; for (let i = 2; i <= n; i++) f *= i; return f; }).slice(-6), 0.1 + 0.2, 1 / 3, 1e21 + 1, 2 ** 53 + 1, 5e-324, 1.7976931348623157e308 * 10, -1 / Infinity, 123456789 * 987654321, 0.000001, 1e-7, 100 / 3, 4.35 * 100, 1.1 + 2.2);
console.log(Math.sinh(1), Math.cbrt(27), Math.log2(8), Math.log1p(1e-10), Math.expm1(1e-10), Math.atan2(1, -1), Math.fround(5.05), Math.trunc(-4.7), Math.sign(-3), Math.hypot(1, 2, 3), Math.tanh(0.5), Math.acosh(2));
