// culprit: (locks|mutex)
// kind: forgotten cache/collection
//
// A lock for each key, made when first needed. When nobody waits any more it stays.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(221);

class Mutex {
  constructor() { this.held = false; this.queue = []; }
  acquire() {
    if (!this.held) { this.held = true; return Promise.resolve(); }
    return new Promise((resolve) => this.queue.push(resolve));
  }
  release() {
    const next = this.queue.shift();
    if (next) next(); else this.held = false;
  }
}

const locks = new Map();
const accounts = new Map();

async function withLock(key, work) {
  let mutex = locks.get(key);
  if (!mutex) locks.set(key, mutex = new Mutex());
  await mutex.acquire();
  try { return await work(); } finally { mutex.release(); }
}

function transfer(key, amount) {
  return withLock(key, async () => {
    const account = accounts.get(key) || { balance: 0 };
    account.balance += amount;
    accounts.set(key, account);
    if (accounts.size > 100) accounts.delete(accounts.keys().next().value);
  });
}

rounds(24, async () => {
  await Promise.all(Array.from({ length: 150 }, () => transfer(`acc-${traffic.int(1e9)}`, traffic.int(50))));
});
