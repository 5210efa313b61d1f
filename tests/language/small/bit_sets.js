class BitSet {
  constructor(n) { this.words = new Uint32Array(Math.ceil(n / 32)); }
  add(i) {
    this.words[i >>> 5] |= 1 << (i & 31);
    return this;
  }
  has(i) { return (this.words[i >>> 5] & (1 << (i & 31))) !== 0; }
  delete(i) { this.words[i >>> 5] &= ~(1 << (i & 31)); }
  get size() {
    let n = 0;
    for (let w of this.words)
      while (w) {
        w &= w - 1;
        n++;
      }
    return n;
  }
  * [Symbol.iterator]() {
    for (let i = 0; i < this.words.length * 32; i++)
      if (this.has(i)) yield i;
  }
}
const b = new BitSet(100);
[0, 31, 32, 63, 99].forEach((i) => b.add(i));
b.delete(32);
console.log([...b], b.size, b.has(31), b.has(32), b);
const grid = Array.from({length: 3}, () => new Uint8Array(4));
grid[1][2] = 300;
console.log(grid, grid.map((r) => r.join(' ')).join('\n'));
const f = new Float32Array([0.1, 0.2]);
console.log(f[0] === 0.1, f[0].toFixed(3), new Float64Array(f));
const view = new DataView(new ArrayBuffer(8));
view.setFloat64(0, 1.5);
console.log([...new Uint8Array(view.buffer)].map((x) => x.toString(16).padStart(2, '0')).join(''));
