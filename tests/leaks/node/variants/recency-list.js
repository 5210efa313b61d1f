// culprit: recency\b|newest\b|oldest\b
// kind: forgotten cache/collection|closure|unneeded reference|large object
//
// An LRU cache with a limit, and its map keeps to it. The doubly linked list of recency does not:
// what is evicted from the map stays in the list.
'use strict';
const rounds = require('../rounds');
const random = require('../traffic')(111);

class RecencyList {
  constructor() { this.newest = null; this.oldest = null; }

  touch(node) {
    if (this.newest === node) return node;
    this.detach(node);
    node.older = this.newest;
    if (this.newest) this.newest.newer = node;
    this.newest = node;
    if (!this.oldest) this.oldest = node;
    return node;
  }

  detach(node) {
    if (node.newer) node.newer.older = node.older;
    if (node.older) node.older.newer = node.newer;
    if (this.oldest === node && node.newer) this.oldest = node.newer;
    node.newer = null;
    node.older = null;
  }
}

class ThumbnailCache {
  constructor(limit) {
    this.limit = limit;
    this.nodes = new Map();
    this.recency = new RecencyList();
  }

  fetch(key, make) {
    let node = this.nodes.get(key);
    if (!node) {
      node = { key, value: make(key), newer: null, older: null };
      this.nodes.set(key, node);
      this.evict();
    }
    return this.recency.touch(node).value;
  }

  evict() {
    // Goes by the order of the map, and forgets the list.
    while (this.nodes.size > this.limit) this.nodes.delete(this.nodes.keys().next().value);
  }
}

const thumbnails = new ThumbnailCache(150);
const make = (key) => ({ key, rows: Array.from({ length: 6 }, () => random.hex(32)), size: [32, 32] });

let area = 0;
rounds(30, () => {
  for (let i = 0; i < 80; i++) area += thumbnails.fetch(`pic-${random.int(3000)}`, make).size[0];
}).then(() => console.log(area > 0, thumbnails.nodes.size));
