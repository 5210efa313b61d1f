// Trees built and dropped: binary trees, a red-black tree, a treap, a trie, a rope.
class Node {
  constructor(left, right) {
    this.left = left;
    this.right = right;
  }
  check() { return 1 + (this.left ? this.left.check() + this.right.check() : 0); }
}
const build = (depth) => (depth === 0 ? new Node(null, null) : new Node(build(depth - 1), build(depth - 1)));
const maxDepth = 11;
console.log(`stretch tree of depth ${maxDepth + 1}\t check: ${build(maxDepth + 1).check()}`);
const longLived = build(maxDepth);
for (let depth = 4; depth <= maxDepth; depth += 2) {
  const iterations = 1 << (maxDepth - depth + 2);
  let check = 0;
  for (let i = 0; i < iterations; i++) check += build(depth).check();
  console.log(`${iterations}\t trees of depth ${depth}\t check: ${check}`);
}
console.log(`long lived tree of depth ${maxDepth}\t check: ${longLived.check()}`);

const RED = 0, BLACK = 1;
class RedBlack {
  root = null;
  size = 0;
  insert(key, value) {
    const put = (n) => {
      if (!n) {
        this.size++;
        return {key, value, color: RED, left: null, right: null};
      }
      if (key < n.key)
        n = this.balance({...n, left: put(n.left)});
      else if (key > n.key)
        n = this.balance({...n, right: put(n.right)});
      else
        n = {...n, value};
      return n;
    };
    this.root = {...put(this.root), color: BLACK};
    return this;
  }
  balance(n) {
    const red = (x) => x && x.color === RED;
    const make = (a, x, b, y, c, z, d) => ({
      key: y.key,
      value: y.value,
      color: RED,
      left: {...x, color: BLACK, left: a, right: b},
      right: {...z, color: BLACK, left: c, right: d}
    });
    if (n.color === BLACK) {
      const {left: l, right: r} = n;
      if (red(l) && red(l.left)) return make(l.left.left, l.left, l.left.right, l, l.right, n, r);
      if (red(l) && red(l.right)) return make(l.left, l, l.right.left, l.right, l.right.right, n, r);
      if (red(r) && red(r.left)) return make(l, n, r.left.left, r.left, r.left.right, r, r.right);
      if (red(r) && red(r.right)) return make(l, n, r.left, r, r.right.left, r.right, r.right.right);
    }
    return n;
  }
  * [Symbol.iterator]() {
    const walk = function*(n) {
      if (n) {
        yield* walk(n.left);
        yield [n.key, n.value];
        yield* walk(n.right);
      }
    };
    yield* walk(this.root);
  }
  depth(n = this.root) { return n ? 1 + Math.max(this.depth(n.left), this.depth(n.right)) : 0; }
  valid(n = this.root) {
    if (!n) return 1;
    if (n.color === RED && (n.left?.color === RED || n.right?.color === RED)) return -1;
    const l = this.valid(n.left), r = this.valid(n.right);
    return l < 0 || l !== r ? -1 : l + n.color;
  }
}
const rb = new RedBlack();
for (let i = 0, k = 1; i < 2000; i++, k = (k * 75 + 74) % 65537) rb.insert(k, i);
const keys = [...rb].map(([k]) => k);
console.log(
    rb.size, keys.length, keys.every((k, i) => !i || keys[i - 1] < k), rb.depth() <= 22, rb.valid() > 0,
    [...rb].slice(0, 3));

let seed = 5;
const random = () => (seed = (seed * 69069 + 1) >>> 0);
const merge = (a, b) =>
    (!a            ? b :
         !b        ? a :
         a.p > b.p ? ((a.r = merge(a.r, b)), a) :
                     ((b.l = merge(a, b.l)), b));
const split = (t, k) => {
  if (!t) return [null, null];
  if (t.k < k) {
    const [a, b] = split(t.r, k);
    t.r = a;
    return [t, b];
  }
  const [a, b] = split(t.l, k);
  t.l = b;
  return [a, t];
};
let treap = null, live = 0;
for (let i = 0; i < 6000; i++) {
  const k = random() % 1500;
  let [a, b] = split(treap, k), hit;
  [hit, b] = split(b, k + 1);
  if (hit)
    live--;
  else {
    hit = {k, p: random(), l: null, r: null};
    live++;
    treap = merge(merge(a, hit), b);
    continue;
  }
  treap = merge(a, b);
}
const count = (t) => (t ? 1 + count(t.l) + count(t.r) : 0);
console.log(live, count(treap));

class Trie {
  children = {};
  insert(word) {
    let t = this;
    for (const c of word) t = t.children[c] ??= new Trie();
    t.end = true;
  }
  * words(prefix = '') {
    if (this.end) yield prefix;
    for (const c of Object.keys(this.children).sort()) yield* this.children[c].words(prefix + c);
  }
}
const trie = new Trie();
for (const w of 'mark sweep marker marking swept slot slots sleep object objects'.split(' ')) trie.insert(w);
console.log([...trie.words()].join(' '), trie.children.s);
