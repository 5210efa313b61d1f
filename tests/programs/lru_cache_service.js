// A page service with an LRU cache, statistics, and requests in a skewed distribution.
'use strict';

class LruCache {
  #map = new Map();
  #onEvict;
  constructor(capacity, onEvict = () => {}) {
    this.capacity = capacity;
    this.#onEvict = onEvict;
    this.hits = 0;
    this.misses = 0;
  }
  get size() {
    return this.#map.size;
  }
  get(key) {
    if (!this.#map.has(key)) {
      this.misses++;
      return undefined;
    }
    const value = this.#map.get(key);
    this.#map.delete(key);
    this.#map.set(key, value);
    this.hits++;
    return value;
  }
  set(key, value) {
    this.#map.delete(key);
    this.#map.set(key, value);
    if (this.#map.size > this.capacity) {
      const [oldest, evicted] = this.#map.entries().next().value;
      this.#map.delete(oldest);
      this.#onEvict(oldest, evicted);
    }
    return this;
  }
  *[Symbol.iterator]() {
    yield* this.#map;
  }
  get ratio() {
    return this.hits / (this.hits + this.misses || 1);
  }
}

// The same thing with a linked list, to compare.
class LinkedLru {
  constructor(capacity) {
    this.capacity = capacity;
    this.table = Object.create(null);
    this.head = { prev: null, next: null };
    this.tail = { prev: this.head, next: null };
    this.head.next = this.tail;
    this.size = 0;
  }
  unlink(node) {
    node.prev.next = node.next;
    node.next.prev = node.prev;
  }
  pushFront(node) {
    node.next = this.head.next;
    node.prev = this.head;
    this.head.next.prev = node;
    this.head.next = node;
  }
  get(key) {
    const node = this.table[key];
    if (!node) return undefined;
    this.unlink(node);
    this.pushFront(node);
    return node.value;
  }
  set(key, value) {
    let node = this.table[key];
    if (node) {
      node.value = value;
      this.unlink(node);
    } else {
      node = this.table[key] = { key, value };
      this.size++;
    }
    this.pushFront(node);
    if (this.size > this.capacity) {
      const last = this.tail.prev;
      this.unlink(last);
      delete this.table[last.key];
      this.size--;
    }
  }
  keys() {
    const result = [];
    for (let node = this.head.next; node !== this.tail; node = node.next) result.push(node.key);
    return result;
  }
}

function makeRandom(seed) {
  return () => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return seed / 0x7fffffff;
  };
}

const random = makeRandom(2024);
const evictions = [];
const cache = new LruCache(50, (key, page) => {
  if (evictions.length < 5) evictions.push(`${key} (${page.length} chars)`);
});
const linked = new LinkedLru(50);

function render(id) {
  const rows = Array.from({ length: (id % 7) + 1 }, (_, i) => `<tr><td>${id}</td><td>${i * id}</td></tr>`);
  return `<table>${rows.join('')}</table>`;
}

function handle(id) {
  const key = `page/${id}`;
  let page = cache.get(key);
  if (page === undefined) cache.set(key, (page = render(id)));
  if (linked.get(key) !== page) linked.set(key, page);
  return page;
}

let bytes = 0;
const perPage = {};
for (let request = 0; request < 20000; request++) {
  const id = Math.floor(random() ** 3 * 200);
  bytes += handle(id).length;
  perPage[id] = (perPage[id] ?? 0) + 1;
}

console.log('bytes served', bytes);
console.log('cache', cache.size, 'hits', cache.hits, 'misses', cache.misses, 'ratio', cache.ratio.toFixed(4));
console.log('first evictions', evictions);
const top = Object.entries(perPage)
  .sort(([a, x], [b, y]) => y - x || a - b)
  .slice(0, 5)
  .map(([id, count]) => ({ id: Number(id), count }));
console.table(top);
const ours = [...cache].map(([key]) => key).reverse();
console.log('both caches agree:', ours.join() === linked.keys().join(), ours.slice(0, 3));
