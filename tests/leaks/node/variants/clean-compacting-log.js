// clean
//
// An event log that is compacted now and then. When a snapshot is taken it happens to be longer each
// time, but what was in it at the last one has long been compacted away.
'use strict';
const rounds = require('../rounds');
const random = require('../traffic')(122);

class CompactingLog {
  constructor(nextLimit) {
    this.events = [];
    this.state = new Map();
    this.limit = nextLimit(0);
    this.nextLimit = nextLimit;
    this.compactions = 0;
  }

  append(event) {
    this.events.push(event);
    if (this.events.length >= this.limit) this.compact();
  }

  compact() {
    for (const { key, value } of this.events) this.state.set(key, value);
    this.events = [];
    this.limit = this.nextLimit(++this.compactions);
  }

  get(key) {
    for (let i = this.events.length - 1; i >= 0; i--) {
      if (this.events[i].key === key) return this.events[i].value;
    }
    return this.state.get(key);
  }
}

// Compaction adapts to load between these limits.
const log = new CompactingLog((n) => 700 + ((n * 137) % 400));

let found = 0;
rounds(42, () => {
  for (let i = 0; i < 190; i++) {
    const key = `entity-${random.int(250)}`;
    log.append({ key, value: random.int(1000), by: random.user(40), note: random.text(9) });
    if (i % 10 === 0 && log.get(key) !== undefined) found++;
  }
}).then(() => console.log(found, log.state.size, log.compactions));
