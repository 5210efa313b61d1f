// An event-sourced ledger: commands become events, events become state, projections listen.
'use strict';
const EventEmitter = require('events');

class DomainError extends Error {
  constructor(message, details = {}) {
    super(message);
    this.name = this.constructor.name;
    Object.assign(this, details);
  }
}
class InsufficientFunds extends DomainError {}
class ConcurrencyError extends DomainError {}

class EventStore extends EventEmitter {
  #streams = new Map();
  #sequence = 0;

  append(streamId, expectedVersion, events) {
    const stream = this.#streams.get(streamId) ?? [];
    if (stream.length !== expectedVersion) {
      throw new ConcurrencyError(`stream ${streamId} is at ${stream.length}, not ${expectedVersion}`,
        { streamId, actual: stream.length });
    }
    const stored = events.map((event, i) => Object.freeze({
      ...event, streamId, version: expectedVersion + i + 1, sequence: ++this.#sequence,
    }));
    this.#streams.set(streamId, [...stream, ...stored]);
    for (const event of stored) this.emit(event.type, event) || this.emit('unhandled', event);
    return stored;
  }

  *read(streamId, from = 0) {
    for (const event of this.#streams.get(streamId) ?? []) {
      if (event.version > from) yield event;
    }
  }

  *[Symbol.iterator]() {
    const all = [...this.#streams.values()].flat();
    yield* all.sort((a, b) => a.sequence - b.sequence);
  }
  get size() { return this.#sequence; }
}

const reducers = {
  Opened: (state, { owner, at }) => ({ ...state, owner, openedAt: at, balance: 0, open: true }),
  Deposited: (state, { amount }) => ({ ...state, balance: state.balance + amount }),
  Withdrawn: (state, { amount }) => ({ ...state, balance: state.balance - amount }),
  Closed: (state) => ({ ...state, open: false }),
};

class Account {
  static load(store, id) {
    const account = new Account(store, id);
    for (const event of store.read(id)) account.#apply(event);
    return account;
  }
  #state = {};
  #version = 0;
  constructor(store, id) { this.store = store; this.id = id; }
  get balance() { return this.#state.balance; }
  get version() { return this.#version; }
  #apply(event) {
    this.#state = reducers[event.type](this.#state, event);
    this.#version = event.version;
  }
  #raise(...events) {
    for (const event of this.store.append(this.id, this.#version, events)) this.#apply(event);
    return this;
  }
  open(owner, at) { return this.#raise({ type: 'Opened', owner, at }); }
  deposit(amount) { return this.#raise({ type: 'Deposited', amount }); }
  withdraw(amount) {
    if (amount > this.balance) {
      throw new InsufficientFunds(`${this.id} has ${this.balance}, wants ${amount}`, { short: amount - this.balance });
    }
    return this.#raise({ type: 'Withdrawn', amount });
  }
  close() { return this.#raise(...(this.balance ? [{ type: 'Withdrawn', amount: this.balance }] : []), { type: 'Closed' }); }
  toJSON() { return { id: this.id, version: this.version, ...this.#state }; }
  toString() { return `Account(${this.id}: ${this.balance})`; }
}

const store = new EventStore();
const totals = { Deposited: 0, Withdrawn: 0 };
for (const type of Object.keys(totals)) store.on(type, ({ amount }) => { totals[type] += amount; });
store.once('Opened', (e) => console.log('first account:', e.owner, e));
const unhandled = [];
store.on('unhandled', (e) => unhandled.push(`${e.type}#${e.sequence}`));

const alice = new Account(store, 'acc-1').open('Alice', new Date(Date.UTC(2024, 1, 29)));
const bob = new Account(store, 'acc-2').open('Bob', new Date(0));
alice.deposit(100).deposit(50.25).withdraw(30);
bob.deposit(7);
for (const attempt of [() => bob.withdraw(10), () => { const stale = Account.load(store, 'acc-1'); alice.deposit(1); stale.deposit(5); },
  () => { [...store][0].type = 'Hacked'; }]) {
  try { attempt(); } catch (error) {
    console.log(error.name, '|', error.message, '|', Object.entries(error), error instanceof DomainError);
  }
}
bob.close();
console.log(JSON.stringify([alice, Account.load(store, 'acc-2')], null, 2));
console.log(`${alice} ${bob}`, totals, unhandled, store.size, store.listenerCount('Deposited'));
console.log([...store].map(({ sequence, streamId, type }) => `${sequence}:${streamId}:${type}`).join('\n'));
console.log(alice, Object.keys(alice));
console.log([...store.read('acc-1', 3)]);
const byType = [...store].reduce((groups, e) => ((groups[e.type] ??= []).push(e.version), groups), Object.create(null));
console.log(byType);
console.log(new Map(Object.entries(byType)), store.eventNames());
