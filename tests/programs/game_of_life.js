// Life twice: a typed array that wraps round, and a set of live cells without an edge.
class Torus {
  constructor(width, height) {
    Object.assign(
        this, {width, height, cells: new Uint8Array(width * height), next: new Uint8Array(width * height)});
  }
  place(pattern, x, y) {
    pattern.trim().split('\n').forEach((row, dy) => [...row.trim()].forEach((c, dx) => {
      if (c === '#') this.cells[((y + dy) % this.height) * this.width + ((x + dx) % this.width)] = 1;
    }));
    return this;
  }
  step() {
    const {width: w, height: h, cells, next} = this;
    for (let y = 0; y < h; y++) {
      const up = ((y + h - 1) % h) * w, here = y * w, down = ((y + 1) % h) * w;
      for (let x = 0; x < w; x++) {
        const l = (x + w - 1) % w, r = (x + 1) % w;
        const n = cells[up + l] + cells[up + x] + cells[up + r] + cells[here + l] + cells[here + r] +
            cells[down + l] + cells[down + x] + cells[down + r];
        next[here + x] = n === 3 || (n === 2 && cells[here + x]) ? 1 : 0;
      }
    }
    [this.cells, this.next] = [next, cells];
  }
  get population() { return this.cells.reduce((a, b) => a + b, 0); }
  toString() {
    const rows = [];
    for (let y = 0; y < this.height; y++)
      rows.push(Array.from(this.cells.subarray(y * this.width, (y + 1) * this.width), (c) => (c ? '#' : '.'))
                    .join(''));
    return rows.join('\n');
  }
}

const patterns = {
  glider: '.#.\n..#\n###',
  rPentomino: '.##\n##.\n.#.',
  blinker: '###',
  toad: '.###\n###.',
};

const torus = new Torus(16, 10).place(patterns.glider, 1, 1).place(patterns.blinker, 10, 5);
for (let generation = 0; generation < 4; generation++) torus.step();
console.log(String(torus), torus.population);

const wide = new Torus(48, 40).place(patterns.rPentomino, 20, 18);
const history = [];
for (let generation = 0; generation <= 100; generation++) {
  if (generation % 20 === 0) history.push([generation, wide.population]);
  wide.step();
}
console.log(history);

const key = (x, y) => `${x},${y}`;
function evolve(live) {
  const counts = new Map();
  for (const cell of live) {
    const [x, y] = cell.split(',').map(Number);
    for (let dx = -1; dx <= 1; dx++)
      for (let dy = -1; dy <= 1; dy++)
        if (dx || dy) {
          const k = key(x + dx, y + dy);
          counts.set(k, (counts.get(k) ?? 0) + 1);
        }
  }
  return new Set([...counts].filter(([k, n]) => n === 3 || (n === 2 && live.has(k))).map(([k]) => k));
}
let live = new Set();
patterns.rPentomino.split('\n').forEach(
    (row, y) => [...row].forEach((c, x) => c === '#' && live.add(key(x, y))));
const populations = [];
for (let generation = 0; generation < 60; generation++) {
  populations.push(live.size);
  live = evolve(live);
}
console.log(populations.join(' '));
const xs = [...live].map((c) => +c.split(',')[0]), ys = [...live].map((c) => +c.split(',')[1]);
console.log({left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys)});

// Periods: step until a state comes again.
for (const [name, pattern] of Object.entries(patterns).filter(([n]) => n !== 'rPentomino')) {
  const t = new Torus(8, 8).place(pattern, 2, 2);
  const seen = new Map();
  let generation = 0;
  while (!seen.has(t.toString())) {
    seen.set(t.toString(), generation++);
    t.step();
  }
  console.log(name.padEnd(8), 'period', generation - seen.get(t.toString()));
}
