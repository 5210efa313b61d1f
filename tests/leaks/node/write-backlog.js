// culprit: backlog\b
// kind: forgotten cache/collection|listener|closure|unneeded reference
//
// Writes are queued when the disk is busy. It is always busy: what is taken from the queue is far
// less than what goes in, and nobody looks at the return value of write().
'use strict';

const { EventEmitter } = require('events');
const rounds = require('./rounds');
const traffic = require('./traffic')(46);

class SlowWriter extends EventEmitter {
  #perTurn;

  constructor(perTurn) {
    super();
    this.#perTurn = perTurn;
    this.backlog = [];
    this.flushed = 0;
    this.highWaterMark = 64;
  }

  write(record) {
    this.backlog.push(record);
    return this.backlog.length < this.highWaterMark;
  }

  flush() {
    for (let i = 0; i < this.#perTurn && this.backlog.length > 0; i++) {
      this.flushed += this.backlog.shift().line.length;
    }
    if (this.backlog.length < this.highWaterMark) this.emit('drain');
  }
}

const writer = new SlowWriter(12);
let drains = 0;
writer.on('drain', () => { drains++; });

// Buffers for compression, taken from a free list that has what was needed at the busiest time.
const freeBuffers = [];
let buffersInUse = 0;
function compress(lines) {
  const taken = Array.from({ length: lines }, () => freeBuffers.pop() || Buffer.alloc(24 * 1024));
  buffersInUse = taken.length;
  for (const [i, buffer] of taken.entries()) buffer.writeUInt32LE(i, 0);
  freeBuffers.push(...taken);
  return buffersInUse;
}

const perMinute = new Map();
function event(minute) {
  const record = {
    minute,
    level: traffic.pick(['info', 'warn', 'debug']),
    line: traffic.text(12),
    fields: { user: traffic.int(900), region: traffic.pick(['eu', 'us', 'ap']) },
  };
  writer.write(record);
  perMinute.set(minute % 10, (perMinute.get(minute % 10) || 0) + 1);
}

rounds(36, (minute) => {
  for (let i = 0; i < 90; i++) event(minute);
  writer.flush();
  compress(Math.min(60, 3 * minute));
}).then(() => console.log(`${writer.flushed} flushed, ${drains} drains`));
