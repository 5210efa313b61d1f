// clean
//
// Views subscribe and unsubscribe; those open at a time are few.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(256);
const EventEmitter = require('events');

const bus = new EventEmitter();
bus.setMaxListeners(0);
const open = new Map();

class View {
  constructor(id) {
    this.id = id;
    this.rows = [];
    this.onRow = (row) => { this.rows.push(row); if (this.rows.length > 20) this.rows.shift(); };
    bus.on('row', this.onRow);
  }
  close() { bus.off('row', this.onRow); }
}

rounds(30, (round) => {
  for (let i = 0; i < 60; i++) {
    const id = round * 60 + i;
    open.set(id, new View(id));
    if (i % 5 === 0) bus.emit('row', { text: traffic.text(4), at: i });
    if (open.size > 40) {
      const oldest = open.keys().next().value;
      open.get(oldest).close();
      open.delete(oldest);
    }
  }
});
