// Each download is watched by an interval. The download ends, the interval does not.
//
//   heaplab run --record=timers.heaprec demos/timers-never-cleared.js && heaplab leaks timers.heaprec
'use strict';

let finished = 0;
let checks = 0;

function download(number) {
  const chunks = [];
  for (let i = 0; i < 30; i++) chunks.push(`chunk ${i} of download ${number}`);
  const watch = setInterval(() => {
    checks++;
    if (chunks.length === 0) clearInterval(watch); // the mistake: chunks is never emptied
  }, 60000);
  finished++;
}

function work(turn) {
  for (let i = 0; i < 20; i++) download(turn * 20 + i);
  if (turn < 60) setImmediate(work, turn + 1);
  else {
    console.log(`${finished} downloads, ${checks} checks`);
    process.exit(0);
  }
}

work(0);
