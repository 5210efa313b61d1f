// culprit: uncommitted\b|identityMap\b
// kind: forgotten cache/collection
//
// Event sourcing. Aggregates live in an identity map of fixed size; what was saved is not taken out
// of their lists of uncommitted events, so many lists grow a little.
'use strict';
const rounds = require('../rounds');
const random = require('../traffic')(102);

class AggregateRoot {
  constructor(id) {
    this.id = id;
    this.version = 0;
    this.uncommitted = [];
  }

  raise(type, data) {
    const event = { type, data, aggregate: this.id, version: this.version + 1, meta: { by: random.user(90).name } };
    this.apply(event);
    this.uncommitted.push(event);
  }

  apply(event) {
    this.version = event.version;
    const handler = this[`on${event.type}`];
    if (handler) handler.call(this, event.data);
  }
}

class Account extends AggregateRoot {
  constructor(id) {
    super(id);
    this.balance = 0;
    this.limit = 1000;
  }

  deposit(amount) { this.raise('Deposited', { amount, reference: random.hex(12) }); }

  withdraw(amount) {
    if (this.balance + this.limit < amount) this.raise('Refused', { amount, reason: random.text(4) });
    else this.raise('Withdrawn', { amount, reference: random.hex(12) });
  }

  onDeposited({ amount }) { this.balance += amount; }

  onWithdrawn({ amount }) { this.balance -= amount; }
}

class EventSink {
  constructor() { this.bytes = 0; this.lastVersion = new Map(); }

  append(stream, events) {
    for (const event of events) {
      const known = this.lastVersion.get(stream) || 0;
      if (event.version <= known) continue;
      this.bytes += JSON.stringify(event).length;
      this.lastVersion.set(stream, event.version);
    }
  }
}

class Repository {
  constructor(sink) { this.sink = sink; this.identityMap = new Map(); }

  load(id) {
    if (!this.identityMap.has(id)) this.identityMap.set(id, new Account(id));
    return this.identityMap.get(id);
  }

  save(aggregate) {
    this.sink.append(aggregate.id, aggregate.uncommitted);
  }
}

const repository = new Repository(new EventSink());

function execute(command) {
  const account = repository.load(command.account);
  account[command.verb](command.amount);
  repository.save(account);
}

rounds(30, () => {
  for (let i = 0; i < 180; i++) {
    execute({ account: `acc-${random.int(60)}`, verb: random.int(2) ? 'deposit' : 'withdraw', amount: 1 + random.int(400) });
  }
}).then(() => console.log(repository.identityMap.size, repository.sink.bytes > 0));
