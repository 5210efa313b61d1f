// clean
//
// Log lines are gathered and written out in batches, at another time than the snapshots.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(254);

class BatchLogger {
  constructor(limit) { this.limit = limit; this.lines = []; this.written = 0; this.last = ''; }
  info(fields) {
    this.lines.push({ level: 30, time: Date.now(), ...fields });
    if (this.lines.length >= this.limit) this.flush();
  }
  flush() {
    const text = this.lines.map((line) => JSON.stringify(line)).join('\n');
    this.written += text.length;
    this.last = text.slice(-80);
    this.lines = [];
  }
}

const logger = new BatchLogger(730);
rounds(30, () => {
  for (let i = 0; i < 111; i++) logger.info({ msg: traffic.text(5), reqId: traffic.hex(10), user: traffic.user(50) });
});
