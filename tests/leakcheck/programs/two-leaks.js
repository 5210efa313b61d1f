// expect: leak images | * | two-leaks.js:
// expect: leak names | * | two-leaks.js:
// Two leaks of different cost: the costlier first.
'use strict';

const names = [];
const images = new Map();
let n = 0;

function tick() {
  for (let k = 0; k < 60; k++) {
    names.push('visitor number ' + n + ' of the day');
    images.set(n, new Uint8Array(1500));
    n++;
  }
  let sum = 0;
  for (let k = 0; k < 300; k++) sum += ('x' + k).length;
  if (n < 3000) setImmediate(tick);
  else console.log(names.length, images.size, sum);
}
tick();
