// The classic: two functions made in one call share its variables. The one that is kept needs only
// `number`; it keeps `previous` alive too, because the other function uses that. So every step
// holds all steps before it.
//
//   heaplab run --record=closures.heaprec demos/closures-keep-variables.js && heaplab leaks closures.heaprec
'use strict';

let current = null;

function replace(number) {
  const previous = current;
  const unused = () => {
    if (previous) return previous.text;
    return '';
  };
  current = {
    text: `state ${number} ${'x'.repeat(200)}`,
    describe() {
      return number;
    },
  };
  return unused.length;
}

let steps = 0;

function work(turn) {
  for (let i = 0; i < 60; i++) {
    replace(turn * 60 + i);
    steps += current.describe() >= 0 ? 1 : 0;
  }
  if (turn < 60) setImmediate(work, turn + 1);
  else console.log(`${steps} steps`);
}

work(0);
