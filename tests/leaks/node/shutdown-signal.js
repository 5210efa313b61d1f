// culprit: shutdown\b
// kind: listener
// needs: node (AbortController)
//
// Each operation can be cut short by the process's shutdown signal. Operations end; their abort
// listeners stay on the signal.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(37);

require('events').setMaxListeners(0);
const shutdown = new AbortController();

function cancellable(signal, start) {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new Error('aborted'));
      return;
    }
    signal.addEventListener('abort', () => reject(new Error('aborted')));
    start(resolve);
  });
}

class Repository {
  constructor(name) {
    this.name = name;
    this.cache = new Map();
    this.queries = 0;
  }

  find(criteria, { signal }) {
    this.queries++;
    const known = this.cache.get(criteria.id);
    if (known) return Promise.resolve(known);
    return cancellable(signal, (resolve) => {
      queueMicrotask(() => {
        const row = { ...criteria, tags: traffic.text(24).split(' '), score: traffic.int(100) };
        if (criteria.id < 200) this.cache.set(criteria.id, row);
        resolve(row);
      });
    });
  }
}

const items = new Repository('items');
let score = 0;

async function search(signal) {
  const row = await items.find({ id: traffic.int(5000), kind: traffic.word() }, { signal });
  score += row.score;
}

rounds(30, async () => {
  const operations = [];
  for (let i = 0; i < 50; i++) operations.push(search(shutdown.signal));
  await Promise.all(operations);
}).then(() => console.log(score > 0, items.queries, shutdown.signal.aborted));
