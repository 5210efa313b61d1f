// expect: leak state | forgotten cache/collection | copied-list.js:
// Immutable style: the list is replaced by a longer copy each time, so no object ever grows.
'use strict';

let state = { events: [], version: 0 };

function reduce(event) {
  state = { events: [...state.events, event], version: state.version + 1 };
}

let total = 0;
function tick() {
  for (let k = 0; k < 10; k++) {
    reduce({ type: 'click', x: state.version % 640, y: state.version % 480, tags: ['a', 'b', 'c', 'd'] });
    total += state.events.length;
  }
  if (state.version < 900) setImmediate(tick);
  else console.log(total);
}
tick();
