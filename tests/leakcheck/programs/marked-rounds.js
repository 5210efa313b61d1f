// expect: leak results | forgotten cache/collection | marked-rounds.js:6
// The program marks its rounds: the checkpoints at the marks are what is compared.
'use strict';
const { performance } = require('perf_hooks');

const results = [];

function round(number) {
  const scratch = [];
  for (let i = 0; i < 500; i++) scratch.push({ i, square: i * i, text: 'n' + i });
  for (let i = 0; i < 200; i++) results.push({ number, value: scratch[i].square, label: 'r' + i });
}

for (let number = 1; number <= 10; number++) {
  round(number);
  performance.mark('round');
}
console.log(results.length);
