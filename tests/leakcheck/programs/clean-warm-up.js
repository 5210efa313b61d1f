// expect: clean
// Tables are built while the first requests come in; from then on they are used, and do not grow.
'use strict';

const cities = new Map();
const byLetter = {};

function city(number) {
  const name = 'city' + (number % 2500);
  let entry = cities.get(name);
  if (!entry) {
    entry = { name, number, visits: 0, neighbours: [number - 1, number + 1] };
    cities.set(name, entry);
    const letter = name[name.length - 1];
    (byLetter[letter] = byLetter[letter] || []).push(entry);
  }
  entry.visits++;
  return entry;
}

let n = 0;
let found = 0;
function tick() {
  for (let k = 0; k < 250; k++) {
    const entry = city(n * 17);
    const answer = { to: entry.name, text: ['welcome', 'to', entry.name].join(' ') };
    found += answer.text.length;
    n++;
  }
  if (n < 15000) setImmediate(tick);
  else console.log(found, cities.size);
}
tick();
