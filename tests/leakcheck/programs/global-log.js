// expect: leak globalThis.log | forgotten cache/collection | global-log.js:7
// No event loop at all: one long synchronous run.
'use strict';
let worked = 0;
// A log that nobody trims, on the global object.

globalThis.log = [];

function step(i) {
  const input = `input-${i}`.split('-').concat(['a', 'b', 'c']);
  worked += input.length;
  if (i % 2 === 0) log.push({ at: i, message: input.join('/') });
}

for (let i = 0; i < 15000; i++) step(i);
console.log(worked);
