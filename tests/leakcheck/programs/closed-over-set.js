// expect: leak seen | forgotten cache/collection | closed-over-set.js:6
// The container is a local variable of a factory, held by the method it returns.
'use strict';

function makeDeduplicator() {
  const seen = new Set();
  return { accept(record) { const key = record.source + ':' + record.id; if (seen.has(key)) return false; seen.add(key); return true; } };
}

const deduplicator = makeDeduplicator();
let accepted = 0;
let id = 0;
const timer = setInterval(() => {
  for (let k = 0; k < 250; k++) {
    if (deduplicator.accept({ source: 'queue-with-a-long-name', id: id >> 1 })) accepted++;
    id++;
  }
  if (id >= 12000) {
    clearInterval(timer);
    console.log(accepted);
  }
}, 1);
