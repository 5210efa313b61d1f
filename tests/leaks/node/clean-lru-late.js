// clean
//
// An LRU cache of large values that fills up only after the first third of the run, and is linked
// both ways.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(62);

function createLru(capacity) {
  const index = new Map();
  const anchor = { key: null, value: null };
  anchor.newer = anchor;
  anchor.older = anchor;

  function unlink(node) {
    node.newer.older = node.older;
    node.older.newer = node.newer;
  }

  function linkNewest(node) {
    node.older = anchor.older;
    node.newer = anchor;
    anchor.older.newer = node;
    anchor.older = node;
  }

  return {
    get(key) {
      const node = index.get(key);
      if (!node) return undefined;
      unlink(node);
      linkNewest(node);
      return node.value;
    },
    put(key, value) {
      const node = { key, value };
      index.set(key, node);
      linkNewest(node);
      if (index.size <= capacity) return;
      const oldest = anchor.newer;
      unlink(oldest);
      index.delete(oldest.key);
    },
    size: () => index.size,
  };
}

const tiles = createLru(260);

function renderTile(x, y) {
  const pixels = Buffer.alloc(8192, (x * 31 + y) & 255);
  return { x, y, pixels, legend: traffic.text(10) };
}

function tile(x, y) {
  const key = `${x}/${y}`;
  let found = tiles.get(key);
  if (!found) {
    found = renderTile(x, y);
    tiles.put(key, found);
  }
  return found;
}

let painted = 0;
rounds(30, () => {
  for (let i = 0; i < 18; i++) painted += tile(traffic.int(40), traffic.int(40)).pixels[0];
}).then(() => console.log(painted > 0, tiles.size()));
