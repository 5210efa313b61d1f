// Dijkstra with a binary heap, A* on a maze, union-find, topological order.
class PriorityQueue {
  #heap = [];
  #less;
  constructor(less = (a, b) => a < b) { this.#less = less; }
  get size() { return this.#heap.length; }
  push(item) {
    const h = this.#heap;
    let i = h.push(item) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.#less(h[i], h[parent])) break;
      [h[i], h[parent]] = [h[parent], h[i]];
      i = parent;
    }
  }
  pop() {
    const h = this.#heap, top = h[0], last = h.pop();
    if (h.length) {
      h[0] = last;
      for (let i = 0;;) {
        let smallest = i;
        for (const child of [2 * i + 1, 2 * i + 2])
          if (child < h.length && this.#less(h[child], h[smallest])) smallest = child;
        if (smallest === i) break;
        [h[i], h[smallest]] = [h[smallest], h[i]];
        i = smallest;
      }
    }
    return top;
  }
}

class Graph {
  constructor() { this.edges = new Map(); }
  link(from, to, weight) {
    for (const [a, b] of [[from, to], [to, from]]) {
      if (!this.edges.has(a)) this.edges.set(a, []);
      this.edges.get(a).push({to: b, weight});
    }
    return this;
  }
  dijkstra(start) {
    const distance = new Map([[start, 0]]), previous = new Map(), done = new Set();
    const queue = new PriorityQueue((a, b) => a.d < b.d);
    queue.push({node: start, d: 0});
    while (queue.size) {
      const {node, d} = queue.pop();
      if (done.has(node)) continue;
      done.add(node);
      for (const {to, weight} of this.edges.get(node) ?? []) {
        const candidate = d + weight;
        if (candidate < (distance.get(to) ?? Infinity)) {
          distance.set(to, candidate);
          previous.set(to, node);
          queue.push({node: to, d: candidate});
        }
      }
    }
    return {
      distance,
      path: (to) => {
        const p = [];
        for (let n = to; n !== undefined; n = previous.get(n)) p.unshift(n);
        return p;
      }
    };
  }
}
const cities = new Graph()
                   .link('Oslo', 'Bergen', 463)
                   .link('Oslo', 'Trondheim', 494)
                   .link('Bergen', 'Stavanger', 210)
                   .link('Oslo', 'Stavanger', 552)
                   .link('Trondheim', 'Tromsø', 1094)
                   .link('Bergen', 'Trondheim', 630);
const fromBergen = cities.dijkstra('Bergen');
console.log(fromBergen.distance, fromBergen.path('Tromsø'), fromBergen.path('Oslo'));

const big = new Graph();
let seed = 7;
const rnd = (n) => ((seed = (seed * 1664525 + 1013904223) % 4294967296), Math.floor((seed / 4294967296) * n));
for (let i = 1; i < 1500; i++)
  for (let k = 0; k < 3; k++) big.link(i, rnd(i), 1 + rnd(100));
const far = big.dijkstra(0);
const [farthest, cost] = [...far.distance].reduce((best, e) => (e[1] > best[1] ? e : best));
console.log(
    far.distance.size, farthest, cost, far.path(farthest).length,
    [...far.distance.values()].reduce((a, b) => a + b));

// A maze by random walk, solved by A*.
const W = 31, H = 15, grid = Array.from({length: H}, () => Array(W).fill('█'));
const stack = [[1, 1]];
grid[1][1] = ' ';
while (stack.length) {
  const [x, y] = stack.at(-1);
  const ways = [[2, 0], [-2, 0], [0, 2], [0, -2]].filter(
      ([dx, dy]) =>
          grid[y + dy]?.[x + dx] === '█' && x + dx > 0 && x + dx < W - 1 && y + dy > 0 && y + dy < H - 1);
  if (!ways.length) {
    stack.pop();
    continue;
  }
  const [dx, dy] = ways[rnd(ways.length)];
  grid[y + dy / 2][x + dx / 2] = grid[y + dy][x + dx] = ' ';
  stack.push([x + dx, y + dy]);
}
const goal = [W - 2, H - 2], id = ([x, y]) => y * W + x,
      guess = ([x, y]) => Math.abs(goal[0] - x) + Math.abs(goal[1] - y);
const open = new PriorityQueue((a, b) => a.f < b.f || (a.f === b.f && id(a.at) < id(b.at)));
const came = {
  [id([1, 1])]: null
},
      cost2 = {
        [id([1, 1])]: 0
      };
open.push({at: [1, 1], f: guess([1, 1])});
let visited = 0;
for (let current; open.size && (current = open.pop()); visited++) {
  const [x, y] = current.at;
  if (id(current.at) === id(goal)) break;
  for (const next of [[x + 1, y], [x - 1, y], [x, y + 1], [x, y - 1]]) {
    if (grid[next[1]][next[0]] === '█') continue;
    const g = cost2[id([x, y])] + 1;
    if (g < (cost2[id(next)] ?? Infinity)) {
      cost2[id(next)] = g;
      came[id(next)] = [x, y];
      open.push({at: next, f: g + guess(next)});
    }
  }
}
for (let at = goal; at; at = came[id(at)]) grid[at[1]][at[0]] = '·';
console.log(grid.map((r) => r.join('')).join('\n'), visited, cost2[id(goal)]);

function kruskal(n, edges) {
  const parent = Array.from({length: n}, (_, i) => i);
  const find = (i) => (parent[i] === i ? i : (parent[i] = find(parent[i])));
  return edges.sort((a, b) => a[2] - b[2]).filter(([a, b]) => {
    const ra = find(a), rb = find(b);
    parent[ra] = rb;
    return ra !== rb;
  });
}
const edges = Array.from({length: 400}, () => [rnd(60), rnd(60), rnd(1000)]);
const tree = kruskal(60, edges);
console.log(tree.length, tree.reduce((s, [, , w]) => s + w, 0));

function topological(tasks) {
  const order = [], state = {};
  const visit = (task, trail) => {
    if (state[task] === 'done') return;
    if (state[task] === 'open')
      throw new Error(`cycle: ${[...trail.slice(trail.indexOf(task)), task].join(' -> ')}`);
    state[task] = 'open';
    for (const dep of tasks[task] ?? []) visit(dep, [...trail, task]);
    state[task] = 'done';
    order.push(task);
  };
  Object.keys(tasks).forEach((t) => visit(t, []));
  return order;
}
console.log(topological(
    {test: ['build', 'lint'], build: ['configure'], lint: [], deploy: ['test'], configure: ['fetch']}));
try {
  topological({a: ['b'], b: ['c'], c: ['a']});
} catch (e) {
  console.log(e.message);
}
