// culprit: (registry|cleanup|finalizers|cells)
// kind: forgotten cache/collection|unneeded reference|listener|closure
//
// A finalizer is to close what a session forgot. What it is given to do so refers to the session.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(210);

const registry = new FinalizationRegistry((release) => release());

class Session {
  constructor(user) {
    this.user = user;
    this.basket = Array.from({ length: 6 }, () => ({ article: traffic.word(), count: 1 }));
    this.open = true;
    registry.register(this, () => this.close());
  }
  close() { this.open = false; }
}

let current = [];
rounds(24, () => {
  current = [];
  for (let i = 0; i < 60; i++) current.push(new Session(traffic.user(300)));
});
