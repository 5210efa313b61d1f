// expect: clean
// A big table, loaded once, that every request reads: data in use, not a leak.
'use strict';

const prices = [];
for (let i = 0; i < 8000; i++) prices.push({ article: 'article ' + i, cents: (i * 31) % 9973, tags: ['t' + (i % 9)] });
const index = new Map(prices.map((price) => [price.article, price]));

let sum = 0;
let n = 0;
function tick() {
  for (let k = 0; k < 250; k++) {
    const price = index.get('article ' + ((n * 7919) % 8000));
    const line = { text: price.article + ': ' + price.cents, tag: price.tags[0] };
    sum += line.text.length;
    n++;
  }
  if (n < 16000) setImmediate(tick);
  else console.log(sum);
}
tick();
