// expect: leak lastBatch | unneeded reference | last-batch.js:
// Nothing grows: one big batch stays in a variable long after its use.
'use strict';

let lastBatch;

function parse(lines) {
  return lines.map((line, i) => ({ line, fields: line.split(','), number: i }));
}

function importAll() {
  const lines = [];
  for (let i = 0; i < 9000; i++) lines.push(`${i},name ${i},${i * 3}`);
  lastBatch = parse(lines);
  let sum = 0;
  for (const row of lastBatch) sum += Number(row.fields[2]);
  return sum;
}

console.log(importAll());

let requests = 0;
function serve() {
  for (let k = 0; k < 300; k++) {
    const query = { id: requests, words: ('a b c d ' + requests).split(' ') };
    requests += query.words.length > 4 ? 1 : 0;
  }
  if (requests < 24000) setImmediate(serve);
  else console.log(requests);
}
setImmediate(serve);
