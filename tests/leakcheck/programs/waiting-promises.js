// expect: leak waiting | * | waiting-promises.js:5
// Requests that time out resolve their promise, but stay in the list of those who wait.
'use strict';

const waiting = [];
let answered = 0;

function request(id) {
  return new Promise((resolve) => {
    const entry = { id, payload: new Array(12).fill(id), resolve };
    waiting.push(entry);
    setImmediate(() => entry.resolve(entry.payload.length));
  });
}

async function client(rounds) {
  for (let round = 0; round < rounds; round++) {
    const all = [];
    for (let i = 0; i < 40; i++) all.push(request(round * 40 + i));
    for (const length of await Promise.all(all)) answered += length;
  }
  console.log(answered);
}

client(60);
