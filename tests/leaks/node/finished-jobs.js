// culprit: jobs\b
// kind: unneeded reference|forgotten cache/collection|large object
// accumulates: Job|Object
//
// A job queue. Status must be known for finished jobs too, so they stay in the table, payload,
// result and all.
'use strict';

const { EventEmitter } = require('events');
const rounds = require('./rounds');
const traffic = require('./traffic')(23);

class Job {
  constructor(id, kind, payload) {
    this.id = id;
    this.kind = kind;
    this.payload = payload;
    this.state = 'queued';
    this.attempts = 0;
    this.result = undefined;
  }
}

class JobQueue extends EventEmitter {
  constructor(workers) {
    super();
    this.workers = workers;
    this.jobs = new Map();
    this.waiting = [];
    this.active = 0;
    this.statistics = { done: 0, failed: 0, retried: 0 };
  }

  submit(kind, payload) {
    const job = new Job(this.jobs.size + 1, kind, payload);
    this.jobs.set(job.id, job);
    this.waiting.push(job);
    return job.id;
  }

  status(id) {
    const job = this.jobs.get(id);
    return job ? job.state : 'unknown';
  }

  async drain() {
    const lanes = Array.from({ length: this.workers }, () => this.work());
    await Promise.all(lanes);
  }

  async work() {
    while (this.waiting.length > 0) {
      const job = this.waiting.shift();
      job.attempts++;
      job.state = 'running';
      await null;
      if (job.payload.lines.length % 13 === 0 && job.attempts < 2) {
        this.statistics.retried++;
        this.waiting.push(job);
        continue;
      }
      job.result = job.payload.lines.map((line) => line.length).reduce((a, b) => a + b, 0);
      job.state = 'done';
      this.statistics.done++;
      this.emit('done', job.id);
    }
  }
}

const queue = new JobQueue(4);
const lastDone = [];
queue.on('done', (id) => {
  lastDone.push(id);
  if (lastDone.length > 20) lastDone.shift();
});

rounds(30, async () => {
  for (let i = 0; i < 40; i++) {
    const lines = Array.from({ length: 20 + traffic.int(20) }, () => traffic.text(10));
    queue.submit('index', { lines, owner: traffic.user(50) });
  }
  await queue.drain();
}).then(() => console.log(`${queue.statistics.done} done, job 1 is ${queue.status(1)}`));
