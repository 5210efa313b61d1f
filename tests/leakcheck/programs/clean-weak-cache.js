// expect: clean
// Everything that is computed for an object is kept as long as the object, no longer.
'use strict';

const details = new WeakMap();

function describe(item) {
  let known = details.get(item);
  if (!known) {
    known = { title: 'item ' + item.id, parts: [item.id, item.id * 2, item.id * 3] };
    details.set(item, known);
  }
  return known.title.length;
}

let recent = [];
let id = 0;
let total = 0;
function tick() {
  for (let k = 0; k < 200; k++) {
    const item = { id: id++ };
    recent.push(item);
    total += describe(item) + describe(recent[0]);
  }
  recent = recent.slice(-150);
  if (id < 14000) setImmediate(tick);
  else console.log(total);
}
tick();
