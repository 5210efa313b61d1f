// culprit: (tail|writer|pending|connect)
// kind: closure|forgotten cache/collection|unneeded reference
//
// Writes are put in order by chaining them on a promise. The first one waits for a connection that
// nobody ever makes.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(204);

class OrderedWriter {
  constructor() {
    this.tail = new Promise((resolve) => { this.connected = resolve; });
    this.accepted = 0;
  }

  write(record) {
    this.accepted++;
    this.tail = this.tail.then(() => this.send(record));
    return this.accepted;
  }

  send(record) {
    return { sent: record.id, bytes: JSON.stringify(record).length };
  }
}

const writer = new OrderedWriter();
const lately = new Array(64);

rounds(24, (round) => {
  for (let i = 0; i < 90; i++) {
    const record = { id: round * 90 + i, user: traffic.user(500), text: traffic.text(6) };
    writer.write(record);
    lately[i % lately.length] = record.id;
  }
});
