// culprit: (thumbnails|index)
// kind: forgotten cache/collection
//
// An LRU cache of a linked list and an index. Eviction unlinks the oldest, and deletes it from the
// index under a key that is not the one it was stored with.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(203);

class Lru {
  constructor(limit) {
    this.limit = limit;
    this.size = 0;
    this.index = new Map();
    this.newest = null;
    this.oldest = null;
  }

  get({ id, width }) {
    const node = this.index.get(`${id}@${width}`);
    if (!node || node.dead) return undefined;
    this.unlink(node);
    this.link(node);
    return node.value;
  }

  set({ id, width }, value) {
    const node = { id, width, value, dead: false, newer: null, older: null };
    this.index.set(`${id}@${width}`, node);
    this.link(node);
    if (++this.size > this.limit) {
      const last = this.oldest;
      this.unlink(last);
      last.dead = true;
      this.index.delete(last.id);
      this.size--;
    }
  }

  link(node) {
    node.older = this.newest;
    if (this.newest) this.newest.newer = node;
    this.newest = node;
    if (!this.oldest) this.oldest = node;
  }

  unlink(node) {
    if (node.newer) node.newer.older = node.older; else this.newest = node.older;
    if (node.older) node.older.newer = node.newer; else this.oldest = node.newer;
    node.newer = node.older = null;
  }
}

const thumbnails = new Lru(150);
let rendered = 0;

function thumbnail(id, width) {
  const known = thumbnails.get({ id, width });
  if (known) return known;
  rendered++;
  const image = { width, height: Math.round(width * 0.6), pixels: new Uint8Array(256).fill(id & 255) };
  thumbnails.set({ id, width }, image);
  return image;
}

rounds(30, () => {
  for (let i = 0; i < 100; i++) thumbnail(traffic.int(4000), traffic.pick([64, 128, 256]));
});
