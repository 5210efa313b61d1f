// A nightly report. The orders are loaded, summed up, and never looked at again, but a variable of
// the module still refers to them while the service goes on with other work.
//
//   heaplab run --record=refs.heaprec demos/unneeded-references.js && heaplab leaks refs.heaprec
'use strict';

let orders = null;
const totals = new Map();

function loadOrders(count) {
  const loaded = [];
  for (let i = 0; i < count; i++) {
    loaded.push({ id: i, customer: `customer-${i % 500}`, amount: (i * 37) % 1000, lines: [i, i + 1] });
  }
  return loaded;
}

function summarise() {
  for (const order of orders) {
    totals.set(order.customer, (totals.get(order.customer) || 0) + order.amount);
  }
}

orders = loadOrders(20000);
summarise();
console.log(`${totals.size} customers`);
// From here on only `totals` is needed.

function answer(question) {
  const customer = `customer-${question % 500}`;
  const words = `${customer} spent ${totals.get(customer)} in all`.split(' ');
  return words.map((word) => word.toUpperCase()).join(' ');
}

let answered = 0;
let last = '';

function work(turn) {
  for (let i = 0; i < 600; i++) {
    last = answer(turn * 600 + i);
    answered++;
  }
  if (turn < 60) setImmediate(work, turn + 1);
  else console.log(`${answered} answers, the last: ${last}`);
}

setImmediate(work, 0);
