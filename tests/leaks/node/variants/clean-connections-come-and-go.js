// clean
//
// Connections that last for a while, with listeners and timers of their own, all taken back when
// they close. The number of open ones wanders.
'use strict';

const { EventEmitter } = require('events');
const rounds = require('../rounds');
const random = require('../traffic')(153);

const hub = new EventEmitter().setMaxListeners(0);
const open = new Set();
const totals = { opened: 0, closed: 0, received: 0 };

class Connection {
  constructor(lasts) {
    this.lasts = lasts;
    this.inbox = [];
    this.headers = random.request().headers;
    this.history = random.text(30).split(' ');
    this.idle = setTimeout(() => this.close(), 600000);
    this.onMessage = (message) => this.inbox.push(message);
    hub.on('message', this.onMessage);
    open.add(this);
    totals.opened++;
  }

  age() {
    totals.received += this.inbox.length;
    this.inbox.length = 0;
    if (--this.lasts <= 0) this.close();
  }

  close() {
    clearTimeout(this.idle);
    hub.off('message', this.onMessage);
    open.delete(this);
    totals.closed++;
  }
}

rounds(40, (round) => {
  const newcomers = 25 + Math.round(10 * Math.sin(round / 3)) + random.int(5);
  for (let i = 0; i < newcomers; i++) new Connection(1 + random.int(8));
  for (let i = 0; i < 5; i++) hub.emit('message', { round, text: random.text(4) });
  for (const connection of [...open]) connection.age();
}).then(() => {
  console.log(totals.opened - totals.closed === open.size, totals.received > 0, hub.listenerCount('message') === open.size);
});
