// Graph algorithms on Map and Set: traversal, components, shortest paths, topological order, matching, spanning tree.
class Graph {
  #edges = new Map();
  static from(text) {
    const graph = new Graph();
    for (const [, a, b, w = '1'] of text.matchAll(/(\w+)-(\w+)(?::(\d+))?/g)) graph.connect(a, b, Number(w));
    return graph;
  }
  connect(a, b, weight, { directed = false } = {}) {
    this.#of(a).set(b, weight);
    directed ? this.#of(b) : this.#of(b).set(a, weight);
    return this;
  }
  #of(v) { return this.#edges.get(v) ?? this.#edges.set(v, new Map()).get(v); }
  get vertices() { return [...this.#edges.keys()]; }
  neighbours(v) { return this.#edges.get(v)?.keys() ?? [].values(); }
  weight(a, b) { return this.#edges.get(a)?.get(b) ?? Infinity; }
  * edges() { for (const [a, to] of this.#edges) for (const [b, w] of to) yield [a, b, w]; }
  * breadthFirst(start) {
    const seen = new Set([start]);
    for (const v of seen) { yield v; for (const n of this.neighbours(v)) seen.add(n); }
  }
  * depthFirst(v, seen = new Set()) {
    if (seen.has(v)) return;
    seen.add(v);
    yield v;
    for (const n of this.neighbours(v)) yield* this.depthFirst(n, seen);
  }
  components() {
    const left = new Set(this.vertices), out = [];
    while (left.size) {
      const [start] = left;
      const part = [...this.breadthFirst(start)];
      part.forEach((v) => left.delete(v));
      out.push(part.sort());
    }
    return out;
  }
}
class Heap {
  constructor(before) { this.items = []; this.before = before; }
  push(x) {
    const { items, before } = this;
    let i = items.push(x) - 1;
    for (let up; i > 0 && before(items[i], items[up = (i - 1) >> 1]); i = up) [items[i], items[up]] = [items[up], items[i]];
  }
  pop() {
    const { items, before } = this;
    if (items.length < 2) return items.pop();
    const top = items[0];
    items[0] = items.pop();
    for (let i = 0; ;) {
      let best = i;
      for (const child of [2 * i + 1, 2 * i + 2]) if (child < items.length && before(items[child], items[best])) best = child;
      if (best === i) return top;
      [items[i], items[best]] = [items[best], items[i]];
      i = best;
    }
  }
  get size() { return this.items.length; }
}
function dijkstra(graph, source) {
  const distance = new Map([[source, 0]]), previous = new Map(), done = new Set();
  const heap = new Heap(([a], [b]) => a < b);
  heap.push([0, source]);
  outer: while (heap.size) {
    const [d, v] = heap.pop();
    if (done.has(v)) continue outer;
    done.add(v);
    for (const n of graph.neighbours(v)) {
      const next = d + graph.weight(v, n);
      if (next >= (distance.get(n) ?? Infinity)) continue;
      distance.set(n, next); previous.set(n, v); heap.push([next, n]);
    }
  }
  return { distance, path: (to) => { const p = []; for (let v = to; v !== undefined; v = previous.get(v)) p.unshift(v); return p; } };
}
function topological(dependencies) {
  const order = [], state = {};
  const visit = (name, trail) => {
    if (state[name] === 'done') return;
    if (state[name] === 'busy') throw new Error(`cycle: ${[...trail.slice(trail.indexOf(name)), name].join(' -> ')}`);
    state[name] = 'busy';
    for (const d of dependencies[name] ?? []) visit(d, [...trail, name]);
    state[name] = 'done';
    order.push(name);
  };
  for (const name in dependencies) visit(name, []);
  return order;
}
class UnionFind extends Map {
  find(x) { const p = this.get(x) ?? x; if (p === x) return x; const root = this.find(p); this.set(x, root); return root; }
  union(a, b) { const [x, y] = [this.find(a), this.find(b)]; if (x !== y) this.set(x, y); return x !== y; }
}
const g = Graph.from('A-B:7 A-C:9 A-F:14 B-C:10 B-D:15 C-D:11 C-F:2 D-E:6 E-F:9 X-Y Y-Z:3');
console.log(g, g.vertices.join(''), [...g.edges()].length, g.components());
console.log([...g.breadthFirst('A')], [...g.depthFirst('A')]);
const { distance, path } = dijkstra(g, 'A');
console.log(distance, path('E'), path('A'), path('nowhere'));
console.log(topological({ app: ['ui', 'db'], ui: ['core'], db: ['core', 'log'], core: [], log: ['core'] }));
try { topological({ a: ['b'], b: ['c'], c: ['d'], d: ['b'] }); } catch ({ name, message }) { console.log(name, message); }
const uf = new UnionFind();
const tree = [...g.edges()].filter(([a, b]) => a < b).sort(([, , x], [, , y]) => x - y).filter(([a, b]) => uf.union(a, b));
console.log(tree, tree.reduce((s, [, , w]) => s + w, 0), uf);
const heap = new Heap((a, b) => a > b);
let seed = 12345;
for (let i = 0; i < 20; i++) heap.push(seed = (seed * 1103515245 + 12345) % 2147483648 % 1000);
const drained = []; while (heap.size) drained.push(heap.pop());
console.log(drained, drained.every((x, i, { [i - 1]: prev = Infinity }) => x <= prev));
const life = (cells) => {
  const counts = new Map();
  for (const cell of cells) { const [x, y] = cell.split(',').map(Number); for (const dx of [-1, 0, 1]) for (const dy of [-1, 0, 1]) if (dx || dy) { const k = `${x + dx},${y + dy}`; counts.set(k, (counts.get(k) || 0) + 1); } }
  return new Set([...counts].filter(([k, n]) => n === 3 || (n === 2 && cells.has(k))).map(([k]) => k));
};
let cells = new Set(['1,0', '2,1', '0,2', '1,2', '2,2']);
for (let i = 0; i < 4; i++) cells = life(cells);
console.log([...cells].sort(), cells.size);
