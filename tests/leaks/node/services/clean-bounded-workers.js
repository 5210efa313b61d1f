// clean
//
// Jobs with at most ten at a time; results are awaited and dropped, a few summaries are kept.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(260);

class Semaphore {
  constructor(count) { this.count = count; this.queue = []; }
  async enter() { if (this.count > 0) this.count--; else await new Promise((go) => this.queue.push(go)); }
  leave() { if (this.queue.length) this.queue.shift()(); else this.count++; }
}

const gate = new Semaphore(10);
const summaries = { count: 0, words: new Map() };

async function job(id) {
  await gate.enter();
  try {
    const rows = traffic.text(20).split(' ').map((word) => ({ id, word }));
    await null;
    for (const row of rows) summaries.words.set(row.word, (summaries.words.get(row.word) || 0) + 1);
    summaries.count++;
    return rows;
  } finally {
    gate.leave();
  }
}

rounds(30, async (round) => {
  await Promise.all(Array.from({ length: 60 }, (_, i) => job(round * 60 + i)));
});
