// culprit: contexts\b
// kind: forgotten cache/collection|unneeded reference
//
// Storage in the way of async hooks: a context for each operation, inherited by the operations it
// starts, dropped when an operation is destroyed. Nobody destroys those that fail.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(38);

class ContextStorage {
  constructor() {
    this.contexts = new Map();
    this.current = 0;
    this.nextId = 1;
  }

  async run(store, operation) {
    const id = this.nextId++;
    const outer = this.current;
    this.contexts.set(id, { store, parent: outer });
    this.current = id;
    const result = await operation();
    this.current = outer;
    this.contexts.delete(id);
    return result;
  }

  getStore() {
    const entry = this.contexts.get(this.current);
    return entry ? entry.store : undefined;
  }
}

const requestContext = new ContextStorage();
const failures = new Map();

// Policies are parsed when they are first needed. There are 250 of them.
const policies = {};
function policyFor(user) {
  const number = user >> 1;
  if (!policies[number]) {
    const statements = Array.from({ length: 16 }, (_, i) => ({ sid: i, action: traffic.word(), resource: traffic.text(3) }));
    policies[number] = { number, statements, version: '2012-10-17' };
  }
  return policies[number];
}

function log(message) {
  const store = requestContext.getStore();
  if (store) store.lines.push(`${store.trace} ${message}`);
}

async function authenticate(request) {
  log(`authenticates ${request.user}`);
  if (request.user % 5 === 0) throw new RangeError('unknown user');
  return { user: request.user, statements: policyFor(request.user).statements.length };
}

async function handle(request) {
  const store = { trace: traffic.hex(16), request, lines: [], budget: 100 };
  return requestContext.run(store, async () => {
    log('starts');
    const session = await authenticate(request);
    for (let i = 0; i < 3; i++) log(`step ${i} for ${session.user}: ${traffic.text(5)}`);
    return store.lines.length;
  });
}

let lines = 0;
rounds(30, async () => {
  for (let i = 0; i < 150; i++) {
    try {
      lines += await handle(traffic.request());
    } catch (error) {
      requestContext.current = 0;
      failures.set(error.message, (failures.get(error.message) || 0) + 1);
    }
  }
}).then(() => console.log(`${lines} lines, ${failures.get('unknown user')} failures`));
