// culprit: pending\b
// kind: forgotten cache/collection|closure|unneeded reference
//
// Request and reply over a bus, matched by a correlation id. One reply in three never comes, and
// its entry waits for ever.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(26);

class RpcClient {
  constructor(transport) {
    this.transport = transport;
    this.pending = new Map();
    this.sequence = 0;
    transport.onReply = (reply) => this.settle(reply);
  }

  call(method, params) {
    const id = ++this.sequence;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { id, method, params, resolve, reject, sentAt: this.transport.now });
      this.transport.send({ id, method, params });
    });
  }

  settle({ id, result, error }) {
    const entry = this.pending.get(id);
    if (!entry) return;
    this.pending.delete(id);
    if (error) entry.reject(new Error(error));
    else entry.resolve(result);
  }
}

class LossyTransport {
  constructor() {
    this.now = 0;
    this.wire = [];
    this.lost = 0;
  }

  send(frame) {
    this.wire.push(frame);
  }

  deliver() {
    this.now++;
    const frames = this.wire;
    this.wire = [];
    for (const frame of frames) {
      if (traffic.int(3) === 0) this.lost++;
      else if (traffic.int(50) === 0) this.onReply({ id: frame.id, error: 'refused' });
      else this.onReply({ id: frame.id, result: frame.params.text.length });
    }
  }
}

// Statistics are collected, and written every eighth round.
const report = { lines: [], written: 0 };
function note(method, length) {
  report.lines.push({ method, length, text: traffic.text(8), labels: { zone: traffic.int(9), shard: traffic.int(64) } });
}
function writeReport() {
  report.written += JSON.stringify(report.lines).length;
  report.lines = [];
}

const transport = new LossyTransport();
const client = new RpcClient(transport);
const outcome = { answered: 0, refused: 0 };

rounds(30, (round) => {
  for (let i = 0; i < 120; i++) {
    note('translate', i);
    client.call('translate', { text: traffic.text(12), user: traffic.user(1000) }).then(
      () => { outcome.answered++; },
      () => { outcome.refused++; },
    );
  }
  transport.deliver();
  if (round % 8 === 6) writeReport();
}).then(() => console.log(`${outcome.answered} answered, ${transport.lost} lost`));
