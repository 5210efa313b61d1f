class List {
  constructor() {
    this.head = null;
    this.size = 0;
  }
  add(v) {
    this.head = {v, next: this.head};
    this.size++;
    return this;
  }
  * [Symbol.iterator]() {
    for (let n = this.head; n; n = n.next) yield n.v;
  }
  reverse() {
    let p = null;
    for (let n = this.head; n;) {
      const next = n.next;
      n.next = p;
      p = n;
      n = next;
    }
    this.head = p;
    return this;
  }
}
const l = new List().add(1).add(2).add(3);
console.log([...l], [...l.reverse()], l);
class Tree {
  constructor(v) { this.v = v; }
  insert(v) {
    const side = v < this.v ? 'l' : 'r';
    if (this[side])
      this[side].insert(v);
    else
      this[side] = new Tree(v);
    return this;
  }
  * [Symbol.iterator]() {
    if (this.l) yield* this.l;
    yield this.v;
    if (this.r) yield* this.r;
  }
  get depth() { return 1 + Math.max(this.l?.depth ?? 0, this.r?.depth ?? 0); }
}
const t = new Tree(50);
for (let i = 0, x = 7; i < 200; i++, x = (x * 37 + 11) % 101) t.insert(x);
console.log([...t].length, [...t].slice(0, 5), t.depth > 5, new Tree(2).insert(1).insert(3));
const ring = [];
for (let i = 0; i < 5; i++) ring.push({i});
ring.forEach((n, i) => {
  n.next = ring[(i + 1) % 5];
  n.prev = ring[(i + 4) % 5];
});
let at = ring[0];
for (let i = 0; i < 12; i++) at = at.next;
console.log(at.i, at.prev.i);
class Queue {
  #a = [];
  #b = [];
  push(x) { this.#a.push(x); }
  shift() {
    if (!this.#b.length)
      while (this.#a.length) this.#b.push(this.#a.pop());
    return this.#b.pop();
  }
}
const q = new Queue();
q.push(1);
q.push(2);
console.log(q.shift());
q.push(3);
console.log(q.shift(), q.shift(), q.shift(), q);
