// Memory that climbs and falls: a batch job builds a big index for each batch, uses it, and lets go
// of it. Nothing leaks, however much it may look like it on the way up.
//
//   heaplab run --expose-gc --memory=climb.jsonl demos/climb-and-fall.js && heaplab memory climb.jsonl
'use strict';

function buildIndex(batch) {
  const index = new Map();
  for (let i = 0; i < 6000; i++) {
    const key = `${batch}:${(i * 7919) % 6007}`;
    index.set(key, { key, batch, words: [`word${i % 100}`, `word${i % 77}`] });
  }
  return index;
}

function query(index, batch) {
  let found = 0;
  for (let i = 0; i < 6000; i += 3) {
    const entry = index.get(`${batch}:${i}`);
    if (entry && entry.words[0].length > 4) found++;
  }
  return found;
}

let index = null;
let found = 0;

function work(batch) {
  index = buildIndex(batch);
  found += query(index, batch);
  index = null;
  if (batch < 12) setImmediate(work, batch + 1);
  else {
    if (typeof gc === 'function') gc();
    console.log(`12 batches, ${found} entries found`);
  }
}

work(1);
