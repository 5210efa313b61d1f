// culprit: (observers|subject|prices|subscribers)
// kind: listener|forgotten cache/collection|closure
//
// Observables. A closed subscription is skipped, not removed.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(220);

class Subscription {
  constructor(next) { this.next = next; this.closed = false; }
  unsubscribe() { this.closed = true; }
}

class Subject {
  constructor() { this.observers = []; this.value = undefined; }
  subscribe(next) {
    const subscription = new Subscription(next);
    this.observers.push(subscription);
    return subscription;
  }
  next(value) {
    this.value = value;
    for (const observer of this.observers) if (!observer.closed) observer.next(value);
  }
  map(f) {
    const result = new Subject();
    this.subscribe((value) => result.next(f(value)));
    return result;
  }
}

const prices = new Subject();
const open = new Map();

function openView(id) {
  const rows = [];
  const view = { id, title: traffic.text(4), rows };
  const subscription = prices.subscribe((price) => { rows.push(price); if (rows.length > 5) rows.shift(); });
  open.set(id, { view, subscription });
}

function closeView(id) {
  open.get(id).subscription.unsubscribe();
  open.delete(id);
}

rounds(24, (round) => {
  for (let i = 0; i < 70; i++) {
    const id = round * 70 + i;
    openView(id);
    if (i % 10 === 0) prices.next({ symbol: traffic.word(), amount: traffic.int(1000) });
    if (id >= 8) closeView(id - 8);
  }
});
