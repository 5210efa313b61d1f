// culprit: (timer|interval|poll)
// kind: timer
//
// Orders are polled until they are shipped, by an interval that is cleared only on one of two ways.
// The same module has a cache, with a limit.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(215);

const prices = new Map();

function priceOf(article) {
  let price = prices.get(article);
  if (!price) {
    price = { article, amount: traffic.int(10000), currency: 'EUR', history: traffic.text(6).split(' ') };
    prices.set(article, price);
    if (prices.size > 400) prices.delete(prices.keys().next().value);
  }
  return price;
}

function track(order) {
  const timer = setInterval(() => {
    order.polled++;
    if (order.state === 'cancelled') clearInterval(timer);
    if (order.state === 'shipped') priceOf(order.lines[0]);
  }, 3600e3);
}

rounds(30, (round) => {
  for (let i = 0; i < 40; i++) {
    const order = { id: round * 40 + i, lines: traffic.text(5).split(' '), state: 'open', polled: 0 };
    order.total = order.lines.reduce((sum, line) => sum + priceOf(`${line}-${traffic.int(3000)}`).amount, 0);
    track(order);
  }
});
