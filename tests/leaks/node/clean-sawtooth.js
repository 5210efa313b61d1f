// clean
//
// Load that comes and goes: records pile up for a few rounds, are written out, and pile up again.
'use strict';

const { EventEmitter } = require('events');
const rounds = require('./rounds');
const traffic = require('./traffic')(65);

class Segment {
  constructor(number) {
    this.number = number;
    this.records = [];
    this.bytes = 0;
  }

  append(record) {
    this.records.push(record);
    this.bytes += record.key.length + record.value.length;
  }
}

class LogStructuredStore extends EventEmitter {
  constructor(limit) {
    super();
    this.limit = limit;
    this.active = new Segment(0);
    this.index = new Map();
    this.written = 0;
  }

  put(key, value) {
    this.active.append({ key, value });
    this.index.set(key, this.active.number);
    if (this.active.bytes > this.limit) this.roll();
  }

  roll() {
    const full = this.active;
    this.active = new Segment(full.number + 1);
    this.written += full.bytes;
    this.emit('rolled', full.number, full.records.length);
  }
}

const store = new LogStructuredStore(300000);
const rolled = [];
store.on('rolled', (number, records) => {
  rolled.push({ number, records });
  if (rolled.length > 5) rolled.shift();
});

rounds(45, () => {
  for (let i = 0; i < 220; i++) store.put(`k${traffic.int(700)}`, traffic.text(30));
}).then(() => console.log(store.written > 0, store.index.size, rolled.length));
