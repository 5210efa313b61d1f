// clean
//
// A queue with bursts: what comes in is worked off within a few rounds, and the linked list gives
// up its head.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(69);

class LinkedQueue {
  constructor() {
    this.head = null;
    this.tail = null;
    this.length = 0;
  }

  push(value) {
    const link = { value, next: null };
    if (this.tail) this.tail.next = link;
    else this.head = link;
    this.tail = link;
    this.length++;
  }

  shift() {
    const link = this.head;
    if (!link) return undefined;
    this.head = link.next;
    if (!this.head) this.tail = null;
    this.length--;
    return link.value;
  }
}

const mails = new LinkedQueue();
const statistics = { sent: 0, bytes: 0, longest: 0 };

function enqueue(count) {
  for (let i = 0; i < count; i++) {
    mails.push({ to: traffic.user(500), subject: traffic.text(5), body: traffic.text(40) });
  }
  statistics.longest = Math.max(statistics.longest, mails.length);
}

async function send(limit) {
  for (let i = 0; i < limit; i++) {
    const mail = mails.shift();
    if (!mail) return;
    if (i % 10 === 0) await null;
    statistics.sent++;
    statistics.bytes += mail.body.length;
  }
}

rounds(40, async (round) => {
  enqueue(round % 8 === 0 ? 400 : 30);
  await send(150);
}).then(() => console.log(`${statistics.sent} sent, ${statistics.longest} at most, ${mails.length} left`));
