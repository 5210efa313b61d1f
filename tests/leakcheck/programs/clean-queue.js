// expect: clean
// Work arrives in bursts and is worked off: the queue is long at times, and empty at others.
'use strict';

const queue = [];
let done = 0;
let produced = 0;

function produce() {
  for (let i = 0; i < 700; i++) queue.push({ id: produced++, data: ['job', 'number', String(produced)] });
}
function consume() {
  for (let i = 0; i < 300 && queue.length > 0; i++) {
    const job = queue.shift();
    done += job.data.join(' ').length > 0 ? 1 : 0;
  }
}

let turn = 0;
function tick() {
  if (turn % 3 === 0) produce();
  consume();
  turn++;
  if (turn < 75 || queue.length > 0) setImmediate(tick);
  else console.log(done, produced);
}
tick();
