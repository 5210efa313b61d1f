// Matrices, N-queens three ways, primes, Mandelbrot, a small FFT: loops over numbers.
class Matrix {
  constructor(rows, cols, fill = () => 0) {
    this.rows = rows;
    this.cols = cols;
    this.data = new Float64Array(rows * cols);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < cols; j++) this.data[i * cols + j] = fill(i, j);
  }
  at(i, j) { return this.data[i * this.cols + j]; }
  times(other) {
    if (this.cols !== other.rows)
      throw new RangeError(`cannot multiply ${this.rows}x${this.cols} by ${other.rows}x${other.cols}`);
    const out = new Matrix(this.rows, other.cols);
    for (let i = 0; i < this.rows; i++)
      for (let k = 0; k < this.cols; k++) {
        const a = this.data[i * this.cols + k];
        for (let j = 0; j < other.cols; j++)
          out.data[i * other.cols + j] += a * other.data[k * other.cols + j];
      }
    return out;
  }
  transpose() { return new Matrix(this.cols, this.rows, (i, j) => this.at(j, i)); }
  trace() {
    let t = 0;
    for (let i = 0; i < this.rows; i++) t += this.at(i, i);
    return t;
  }
  static identity(n) { return new Matrix(n, n, (i, j) => Number(i === j)); }
  determinant() {
    const m =
        Array.from({length: this.rows}, (_, i) => Array.from({length: this.cols}, (_, j) => this.at(i, j)));
    let det = 1;
    for (let c = 0; c < this.cols; c++) {
      let pivot = c;
      for (let r = c + 1; r < this.rows; r++)
        if (Math.abs(m[r][c]) > Math.abs(m[pivot][c])) pivot = r;
      if (m[pivot][c] === 0) return 0;
      if (pivot !== c) {
        [m[pivot], m[c]] = [m[c], m[pivot]];
        det = -det;
      }
      det *= m[c][c];
      for (let r = c + 1; r < this.rows; r++) {
        const f = m[r][c] / m[c][c];
        for (let k = c; k < this.cols; k++) m[r][k] -= f * m[c][k];
      }
    }
    return det;
  }
}
const a = new Matrix(40, 40, (i, j) => Math.sin(i + 1) * Math.cos(j - 1)),
      bm = new Matrix(40, 40, (i, j) => ((i * 7 + j * 3) % 11) - 5);
console.log(
    a.times(bm).trace().toFixed(9), a.transpose().times(a).trace().toFixed(9),
    Matrix.identity(5).determinant(), bm.times(Matrix.identity(40)).at(3, 4));
console.log(
    new Matrix(3, 3, (i, j) => [[2, -1, 0], [1, 3, 2], [0, 5, -4]][i][j]).determinant().toFixed(6),
    new Matrix(2, 3, (i, j) => i + j));
try {
  a.times(new Matrix(2, 2));
} catch (e) {
  console.log(e.message);
}

// N-queens: bits, arrays, generator.
function queensBits(n) {
  const all = (1 << n) - 1;
  let count = 0;
  (function place(cols, left, right) {
    if (cols === all) {
      count++;
      return;
    }
    for (let free = all & ~(cols | left | right); free;) {
      const bit = free & -free;
      free ^= bit;
      place(cols | bit, (left | bit) << 1, (right | bit) >> 1);
    }
  })(0, 0, 0);
  return count;
}
function* queens(n, row = 0, placed = []) {
  if (row === n) {
    yield placed.slice();
    return;
  }
  for (let c = 0; c < n; c++) {
    if (placed.every((pc, pr) => pc !== c && Math.abs(pc - c) !== row - pr)) {
      placed.push(c);
      yield* queens(n, row + 1, placed);
      placed.pop();
    }
  }
}
console.log([4, 5, 6, 7, 8].map(queensBits), [...queens(6)]);
console.log(
    [...queens(8)].length,
    queens(8)
        .next()
        .value
        .map(
            (c) => '.'.repeat(c) + 'Q' +
                '.'.repeat(7 - c))
        .join('\n'));

function sieve(n) {
  const composite = new Uint8Array(n + 1), primes = [];
  for (let i = 2; i <= n; i++) {
    if (composite[i]) continue;
    primes.push(i);
    for (let j = i * i; j <= n; j += i) composite[j] = 1;
  }
  return primes;
}
const primes = sieve(50000);
console.log(primes.length, primes.slice(-5), primes.filter((p, i) => primes[i + 1] === p + 2).length);
const factor = (n) => {
  const f = [];
  for (let p = 2; p * p <= n; p++)
    while (n % p === 0) {
      f.push(p);
      n /= p;
    }
  return n > 1 ? [...f, n] : f;
};
console.log(factor(360360), factor(999999000001), factor(2 ** 40 - 1));

const shades = ' .:-=+*#%@';
for (let y = -1.2; y <= 1.2; y += 0.2) {
  let line = '';
  for (let x = -2; x <= 0.6; x += 0.05) {
    let zr = 0, zi = 0, n = 0;
    for (; n < 50 && zr * zr + zi * zi < 4; n++) [zr, zi] = [zr * zr - zi * zi + x, 2 * zr * zi + y];
    line += shades[Math.floor((n / 50) * (shades.length - 1))];
  }
  console.log(line.trimEnd());
}

function fft(re, im) {
  const n = re.length;
  if (n === 1) return [re, im];
  const even = fft(re.filter((_, i) => i % 2 === 0), im.filter((_, i) => i % 2 === 0));
  const odd = fft(re.filter((_, i) => i % 2), im.filter((_, i) => i % 2));
  const outRe = Array(n), outIm = Array(n);
  for (let k = 0; k < n / 2; k++) {
    const angle = (-2 * Math.PI * k) / n, c = Math.cos(angle), s = Math.sin(angle);
    const tr = c * odd[0][k] - s * odd[1][k], ti = c * odd[1][k] + s * odd[0][k];
    outRe[k] = even[0][k] + tr;
    outIm[k] = even[1][k] + ti;
    outRe[k + n / 2] = even[0][k] - tr;
    outIm[k + n / 2] = even[1][k] - ti;
  }
  return [outRe, outIm];
}
const N = 64,
      wave = Array.from(
          {length: N},
          (_, i) => Math.sin((2 * Math.PI * 5 * i) / N) + 0.5 * Math.cos((2 * Math.PI * 12 * i) / N));
const [re, im] = fft(wave, Array(N).fill(0));
console.log(re.map((r, i) => Math.hypot(r, im[i]))
                .map((m, i) => [i, Math.round(m)])
                .filter(([i, m]) => m > 1 && i < N / 2));
