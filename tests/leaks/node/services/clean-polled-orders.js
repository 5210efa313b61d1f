// clean
//
// Orders are polled by intervals that are cleared, and the same module has a cache with a limit.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(255);

const prices = new Map();
const open = [];

function priceOf(article) {
  let price = prices.get(article);
  if (!price) {
    price = { article, amount: traffic.int(10000), history: traffic.text(6).split(' ') };
    prices.set(article, price);
    if (prices.size > 400) prices.delete(prices.keys().next().value);
  }
  return price;
}

function track(order) {
  order.timer = setInterval(() => priceOf(order.lines[0]), 3600e3);
  open.push(order);
  if (open.length > 50) clearInterval(open.shift().timer);
}

rounds(30, (round) => {
  for (let i = 0; i < 40; i++) {
    const order = { id: round * 40 + i, lines: traffic.text(5).split(' ') };
    order.total = order.lines.reduce((sum, line) => sum + priceOf(`${line}-${traffic.int(3000)}`).amount, 0);
    track(order);
  }
});
