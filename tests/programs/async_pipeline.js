// Async iteration, retries, timeouts, cancellation; the order of every step is part of the output.
const log = [];
const note = (...parts) => { log.push(parts.join(' ')); };
const sleep = (ms, value) => new Promise((resolve) => setTimeout(resolve, ms, value));

class TimeoutError extends Error {
  constructor(ms, options) { super(`timed out after ${ms} ms`, options); this.name = 'TimeoutError'; }
}
function withTimeout(promise, ms) {
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new TimeoutError(ms)), ms); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
async function retry(task, { times = 3, backoff = (n) => n } = {}) {
  const errors = [];
  for (let attempt = 1; attempt <= times; attempt++) {
    try {
      return await task(attempt);
    } catch (error) {
      errors.push(error);
      note('attempt', attempt, 'failed:', error.message);
      if (error.fatal) break;
      await sleep(backoff(attempt));
    } finally {
      note('attempt', attempt, 'over');
    }
  }
  throw new AggregateError(errors, `gave up after ${errors.length}`);
}
class Channel {
  #items = []; #waiting = []; #closed = false;
  send(item) {
    if (this.#closed) throw new Error('closed channel');
    this.#waiting.length ? this.#waiting.shift()({ value: item, done: false }) : this.#items.push(item);
  }
  close() { this.#closed = true; for (const resolve of this.#waiting.splice(0)) resolve({ value: undefined, done: true }); }
  [Symbol.asyncIterator]() {
    return {
      next: () => {
        if (this.#items.length) return Promise.resolve({ value: this.#items.shift(), done: false });
        if (this.#closed) return Promise.resolve({ value: undefined, done: true });
        return new Promise((resolve) => this.#waiting.push(resolve));
      },
      return: (value) => { note('channel left'); return Promise.resolve({ value, done: true }); },
    };
  }
}
async function* map(source, f) { for await (const item of source) yield f(item); }
async function* filter(source, keep) { for await (const item of source) if (await keep(item)) yield item; }
async function* take(source, n) {
  try { for await (const item of source) { if (n-- <= 0) return; yield item; } } finally { note('take done'); }
}
async function* batch(source, size) {
  let group = [];
  for await (const item of source) { group.push(item); if (group.length === size) { yield group; group = []; } }
  if (group.length) yield group;
}
async function pool(tasks, limit) {
  const results = Array(tasks.length); let next = 0, active = 0, peak = 0;
  async function worker(id) {
    while (next < tasks.length) {
      const i = next++;
      peak = Math.max(peak, ++active);
      results[i] = await tasks[i]().then((value) => ({ ok: value }), ({ message }) => ({ error: message }));
      active--;
      note('worker', id, 'did', i);
    }
  }
  await Promise.all(Array.from({ length: limit }, (_, id) => worker(id)));
  return { results, peak };
}
async function main() {
  const channel = new Channel();
  (async () => { for (let i = 1; i <= 9; i++) { channel.send(i); if (i % 3 === 0) await null; } channel.close(); })();
  const squares = take(filter(map(channel, (x) => x * x), async (x) => x % 2), 3);
  const seen = [];
  for await (const x of squares) seen.push(x);
  console.log(seen);
  for await (const group of batch([1, Promise.resolve(2), 3, 4, 5], 2)) console.log(group);

  console.log(await retry(async (n) => { if (n < 3) throw new Error('flaky ' + n); return 'ok on ' + n; }));
  await retry(() => { throw Object.assign(new RangeError('fatal one'), { fatal: true }); })
    .catch((error) => console.log(error.name, error.message, error.errors.map(String)));
  console.log(await withTimeout(sleep(1, 'in time'), 500));
  console.log(await withTimeout(new Promise(() => {}), 2).catch((e) => `${e} ${e instanceof TimeoutError}`));
  console.log(await pool([() => sleep(2, 'a'), async () => { throw new Error('b broke'); }, () => Promise.resolve('c'), async () => { await null; return 'd'; }], 2));
  console.log(await Promise.allSettled([1, Promise.reject(new Error('no')), sleep(1, 'late')]));
  console.log(await Promise.any([Promise.reject(1), sleep(1, 'any')]), await Promise.any([Promise.reject(1)]).catch((e) => [e.constructor.name, e.errors, e.message]));
  const order = [];
  setTimeout(() => order.push('timeout'), 0);
  setImmediate(() => order.push('immediate'));
  process.nextTick(() => order.push('tick'));
  queueMicrotask(() => order.push('microtask'));
  Promise.resolve().then(() => order.push('then 1')).then(() => order.push('then 2'));
  (async () => { order.push('sync'); await undefined; order.push('after await'); })();
  await new Promise((resolve) => setImmediate(() => setTimeout(resolve, 2)));
  console.log(order.filter((x) => x !== 'timeout' && x !== 'immediate').join(', '), order.length);
  const thenable = { then(resolve, reject) { resolve('thenable'); reject(new Error('ignored')); } };
  console.log(await thenable, await (async () => { try { return await Promise.reject('x'); } catch (e) { return 'caught ' + e; } finally { note('finally'); } })());
  const gen = (async function* () { try { yield 1; yield 2; } finally { note('generator closed'); yield 'cleanup'; } })();
  console.log(await gen.next(), await gen.return('stop'), await gen.next(), await gen.next());
  console.log(log.join('\n'));
}
main().catch((e) => console.log('main failed', e)).finally(() => console.log('done'));
