// culprit: seen\b
// kind: forgotten cache/collection
//
// A consumer that handles each message once. It remembers which it has seen, and never forgets.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(13);

class Deduplicator {
  constructor(name) {
    this.name = name;
    this.seen = new Set();
    this.dropped = 0;
  }

  accept(message) {
    if (this.seen.has(message.id)) {
      this.dropped++;
      return false;
    }
    this.seen.add(message.id);
    return true;
  }
}

class Consumer {
  constructor(topic, handler) {
    this.topic = topic;
    this.handler = handler;
    this.filter = new Deduplicator(topic);
    this.window = [];
    this.lag = 0;
  }

  receive(message) {
    if (!this.filter.accept(message)) return;
    this.window.push(message);
    if (this.window.length > 64) this.window.shift();
    this.handler(message);
    this.lag = message.offset % 17;
  }
}

const totals = { orders: 0, amount: 0 };
const consumer = new Consumer('orders', (message) => {
  totals.orders++;
  totals.amount += message.body.amount;
});

let offset = 0;
let previous = null;
function produce() {
  // One in twenty is delivered twice.
  if (previous && traffic.int(20) === 0) return previous;
  previous = {
    id: `${traffic.hex(8)}-${traffic.hex(4)}-${offset}`,
    offset: offset++,
    body: { amount: traffic.int(5000), note: traffic.text(5) },
  };
  return previous;
}

rounds(30, () => {
  for (let i = 0; i < 500; i++) consumer.receive(produce());
}).then(() => console.log(`${totals.orders} orders, ${consumer.filter.dropped} dropped`));
