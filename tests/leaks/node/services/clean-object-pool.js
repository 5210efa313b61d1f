// clean
//
// A pool of parsers that grows to what is needed at a time, and buffers that are used again.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(253);

class Pool {
  constructor(make) { this.make = make; this.free = []; this.made = 0; }
  take() { if (this.free.length) return this.free.pop(); this.made++; return this.make(); }
  give(item) { this.free.push(item); }
}

const buffers = new Pool(() => ({ bytes: Buffer.alloc(8192), used: 0, tags: [] }));
rounds(30, () => {
  const used = [];
  for (let i = 0; i < 60 + traffic.int(20); i++) {
    const buffer = buffers.take();
    buffer.used = buffer.bytes.write(traffic.text(20));
    buffer.tags = traffic.text(3).split(' ');
    used.push(buffer);
  }
  for (const buffer of used) buffers.give(buffer);
});
