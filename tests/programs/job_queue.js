// Jobs with priorities, retries, timeouts and limited concurrency, on timers and promises.
const EventEmitter = require('events');

const delay = (ms, value) => new Promise((resolve) => setTimeout(resolve, ms, value));
class TimeoutError extends Error {
  constructor(ms) {
    super(`timed out after ${ms} ms`);
    this.name = 'TimeoutError';
  }
}
const withTimeout = (promise, ms) => {
  let timer;
  return Promise
      .race([
        promise, new Promise((_, reject) => {
          timer = setTimeout(() => reject(new TimeoutError(ms)), ms);
        })
      ])
      .finally(() => clearTimeout(timer));
};

class JobQueue extends EventEmitter {
  #waiting = [];
  #active = 0;
  #sequence = 0;
  constructor({concurrency = 2, retries = 1, timeout = 400} = {}) {
    super();
    Object.assign(this, {concurrency, retries, timeout, peak: 0});
  }
  add(name, work, {priority = 0, ...options} = {}) {
    return new Promise((resolve, reject) => {
      this.#waiting.push(
          {name, work, priority, order: this.#sequence++, attempts: 0, resolve, reject, ...options});
      this.#waiting.sort((a, b) => b.priority - a.priority || a.order - b.order);
      queueMicrotask(() => this.#pump());
    });
  }
  #pump() {
    while (this.#active < this.concurrency && this.#waiting.length) this.#run(this.#waiting.shift());
  }
  async #run(job) {
    this.peak = Math.max(this.peak, ++this.#active);
    this.emit('start', job.name, ++job.attempts);
    try {
      const result = await withTimeout(
          Promise.resolve().then(() => job.work(job.attempts)), job.timeout ?? this.timeout);
      this.emit('done', job.name, result);
      job.resolve(result);
    } catch (error) {
      if (job.attempts <= (job.retries ?? this.retries)) {
        this.emit('retry', job.name, error);
        this.#waiting.push(job);
      } else {
        this.emit('failed', job.name, error);
        job.reject(error);
      }
    } finally {
      this.#active--;
      this.#pump();
      if (this.#active === 0 && this.#waiting.length === 0) this.emit('idle');
    }
  }
}

async function main() {
  const queue = new JobQueue({concurrency: 1});
  const log = [];
  for (const event of ['start', 'done', 'retry', 'failed', 'idle'])
    queue.on(
        event,
        (...args) => log.push([event, ...args.map((a) => (a instanceof Error ? a.message : a))].join(' ')));
  const results = await Promise.allSettled([
    queue.add('plain', () => 'value'),
    queue.add('slow', () => delay(5, 'slept')),
    queue.add('urgent', () => 'first!', {priority: 10}),
    queue.add(
        'flaky',
        (attempt) => {
          if (attempt < 2) throw new Error('flaked');
          return `worked at attempt ${attempt}`;
        }),
    queue.add(
        'broken',
        async () => {
          await null;
          throw new RangeError('always');
        }),
    queue.add('hangs', () => new Promise(() => {}), {timeout: 8, retries: 0}),
  ]);
  await delay(1);
  console.log(log);
  console.log(
      results.map((r) => (r.status === 'fulfilled' ? r.value : `${r.reason.name}: ${r.reason.message}`)));

  const wide = new JobQueue({concurrency: 4});
  const squares = await Promise.all(Array.from({length: 20}, (_, i) => wide.add(`job ${i}`, async () => {
    await delay(1 + (i % 3));
    return i * i;
  })));
  console.log(squares.join(), 'peak', wide.peak, 'listeners', wide.listenerCount('done'));

  // A pipeline of async generators.
  async function* source(n) {
    for (let i = 0; i < n; i++) {
      if (i % 5 === 0) await delay(1);
      yield i;
    }
  }
  async function* batch(size, items) {
    let group = [];
    for await (const item of items) {
      group.push(item);
      if (group.length === size) {
        yield group;
        group = [];
      }
    }
    if (group.length) yield group;
  }
  const sums = [];
  for await (const group of batch(4, source(18))) sums.push(group.reduce((a, b) => a + b));
  console.log(sums);

  // A mutex, a debouncer, and many waiting for one.
  class Mutex {
    #tail = Promise.resolve();
    lock(work) {
      const run = this.#tail.then(work);
      this.#tail = run.catch(() => {});
      return run;
    }
  }
  const mutex = new Mutex();
  let balance = 0;
  await Promise.all(Array.from({length: 10}, (_, i) => mutex.lock(async () => {
    const read = balance;
    await null;
    await null;
    balance = read + i;
  })));
  console.log(
      'balance', balance,
      await mutex
          .lock(() => {
            throw new Error('inside lock');
          })
          .catch((e) => e.message),
      await mutex.lock(() => 'still works'));
  let calls = 0;
  const debounce = (f, ms) => {
    let timer;
    return (...args) => {
      clearTimeout(timer);
      timer = setTimeout(f, ms, ...args);
    };
  };
  const bounced = debounce((x) => {
    calls++;
    console.log('debounced with', x);
  }, 30);
  for (let i = 0; i < 5; i++) bounced(i);
  await delay(80);
  console.log('calls', calls);
  const pending = {};
  let fetches = 0;
  const fetchOnce = (key) => (pending[key] ??= (async () => {
                                                 fetches++;
                                                 await delay(2);
                                                 return key.toUpperCase();
                                               })().finally(() => delete pending[key]));
  console.log(await Promise.all(['a', 'b', 'a', 'a'].map(fetchOnce)), fetches, Object.keys(pending));
  return 'finished';
}
main().then(console.log, (error) => {
  console.log('unexpected', error);
  process.exitCode = 1;
});
