// clean
//
// An LRU cache of a linked list and an index, right.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(258);

class Lru {
  constructor(limit) { this.limit = limit; this.index = new Map(); this.root = {}; this.root.next = this.root.prev = this.root; }
  link(node) { node.next = this.root.next; node.prev = this.root; node.next.prev = node; this.root.next = node; }
  unlink(node) { node.prev.next = node.next; node.next.prev = node.prev; }
  get(key) {
    const node = this.index.get(key);
    if (!node) return undefined;
    this.unlink(node);
    this.link(node);
    return node.value;
  }
  set(key, value) {
    const node = { key, value, next: null, prev: null };
    this.index.set(key, node);
    this.link(node);
    if (this.index.size > this.limit) {
      const last = this.root.prev;
      this.unlink(last);
      this.index.delete(last.key);
    }
  }
}

const images = new Lru(200);
rounds(30, () => {
  for (let i = 0; i < 150; i++) {
    const key = `image-${traffic.int(5000)}`;
    if (!images.get(key)) images.set(key, { key, pixels: new Uint8Array(300), tags: traffic.text(4).split(' ') });
  }
});
