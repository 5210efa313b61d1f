// culprit: (^seen|^a variable at the top of top-level-map.js)$
// kind: forgotten cache/collection
// needs: node (a synchronous script, its snapshots are its own)
//
// A batch script without functions: everything happens at the top, before the event loop turns.
'use strict';

const v8 = require('v8');
const path = require('path');
const wish = /^(.*?)(?::(\d+))?$/.exec(process.env.HEAPLAB_SNAPSHOTS || '');
const count = Number(wish[2] || 3);
const seen = new Map();

for (let round = 1; round <= 30; round++) {
  for (let i = 0; i < 60; i++) {
    const id = round * 60 + i;
    seen.set(`row-${id}`, { id, fields: [`a${id}`, `b${id}`, `c${id}`], at: Date.now() });
  }
  for (let k = 1; k <= count; k++) {
    if (wish[1] && Math.round((30 * k) / count) === round) {
      v8.writeHeapSnapshot(path.join(wish[1], `s${k}.heapsnapshot`));
    }
  }
}
