// SPDX-License-Identifier: MIT
// Runs a program in rounds, and writes heap snapshots of it between them if it is asked to:
//
//   HEAPLAB_SNAPSHOTS=dir:count    writes dir/s1.heapsnapshot … dir/s<count>.heapsnapshot
//
// spread evenly, the last one after the last round. Without the variable the rounds just run. With
//
//   HEAPLAB_TURNS=timer
//
// it is as messy as in a service that nobody prepared: the rounds are timers', nothing but they leads
// to the program, snapshots are taken in the middle of one, unevenly, and nobody called gc().
'use strict';

const path = require('path');

const messy = process.env.HEAPLAB_TURNS === 'timer';
const turn = () => new Promise((resolve) => (messy ? setTimeout(resolve, 0) : setImmediate(resolve)));

// The rounds after which a snapshot is due, as round -> file.
function plan(total) {
  const due = new Map();
  const wish = /^(.*?)(?::(\d+))?$/.exec(process.env.HEAPLAB_SNAPSHOTS || '');
  if (wish[1] === '') return due;
  const count = Math.min(total, Number(wish[2] || 3));
  for (let k = 1; k <= count; k++) {
    const part = messy ? (k / count) ** 1.6 : k / count;
    due.set(Math.max(k, Math.round(total * part)), path.join(wish[1], `s${k}.heapsnapshot`));
  }
  return due;
}

// Garbage is gone and finalizers have run before the picture is taken, as far as that can be had.
async function snapshot(file) {
  if (!messy && typeof globalThis.gc === 'function') {
    globalThis.gc();
    await turn();
    globalThis.gc();
  }
  require('v8').writeHeapSnapshot(file);
}

// What the process serves, and keeps until it ends, as a server keeps its request handler.
let serving = null;

// `work(i)` for i = 0 … total - 1, each in a turn of its own. What leaks may be a timer, so the
// process is ended when the caller has had its say.
async function rounds(total, work) {
  const due = plan(total);
  if (!messy) serving = work;
  for (let i = 0; i < total; i++) {
    await turn();
    await work(i);
    if (due.has(i + 1)) await snapshot(due.get(i + 1));
  }
  setImmediate(() => setImmediate(() => process.exit(process.exitCode || 0)));
}

module.exports = rounds;
