const later = (ms, v) => new Promise((r) => setTimeout(r, ms, v));
const fails = (ms, m) => new Promise((_, j) => setTimeout(() => j(new Error(m)), ms));
(async () => {
  console.log(await Promise.all([1, later(3, 'b'), Promise.resolve('c')]), await Promise.all([]));
  console.log((await Promise.allSettled([1, fails(1, 'x'), later(2, 'y')])).map((r) => [r.status, r.value ?? r.reason.message]));
  console.log(
      await Promise.race([later(9, 'slow'), later(1, 'fast')]),
      await Promise.any([fails(1, 'no'), later(2, 'yes')]));
  try {
    await Promise.all([later(1), fails(2, 'all failed')]);
  } catch (e) {
    console.log(e.message);
  }
  try {
    await Promise.any([fails(1, 'e1'), fails(2, 'e2')]);
  } catch (e) {
    console.log(e.name, e.message, e.errors.map((x) => x.message), e instanceof AggregateError);
  }
  try {
    await Promise.any([]);
  } catch (e) {
    console.log(e.message, e.errors);
  }
  // Chains
  console.log(await Promise.resolve(1)
                  .then((x) => x + 1)
                  .then((x) => {
                    throw new Error('v' + x);
                  })
                  .catch((e) => e.message)
                  .finally(() => 'ignored'));
  console.log(await Promise.reject('r').finally(() => {}).catch((r) => r));
  console.log(await Promise.resolve(1)
                  .finally(() => {
                    throw 'from finally';
                  })
                  .catch((r) => r));
  console.log(await Promise.resolve(5).then(null, undefined).then('not a function'));
  console.log(await new Promise((r) => {
    r(1);
    r(2);
    throw new Error('too late');
  }));
  console.log(await new Promise(() => {
                throw new RangeError('executor');
              }).catch(String));
  const self = new Promise((r) => setTimeout(() => r(self), 1));
  console.log(await self.catch(String));
  console.log(await{then(res, rej) { rej('thenable rejected'); }}.then === undefined);
  try {
    await{then(res, rej) { rej('thenable rejected'); }};
  } catch (e) {
    console.log(e);
  }
  try {
    await{get then() { throw 'getter threw'; }};
  } catch (e) {
    console.log(e);
  }
  // Looks
  const pending = new Promise(() => {}), rejected = Promise.reject(new Error('shown').message);
  rejected.catch(() => {});
  console.log(
      Promise.resolve({a: 1}), pending, rejected, [pending], {p: Promise.resolve([1])}, (async () => {})());
  console.log(
      Promise.resolve(pending) === pending, pending instanceof Promise,
      Object.prototype.toString.call(pending), Promise.length);
  for (const f
           of [() => new Promise(), () => new Promise(5), () => Promise(() => {}),
              () => Promise.resolve.call(5)]) {
    try {
      f();
    } catch (e) {
      console.log(e.name + ': ' + e.message);
    }
  }
  // A queue with limited concurrency
  const running = [], order = [];
  let peak = 0, active = 0;
  const job = async (n) => {
    active++;
    peak = Math.max(peak, active);
    await later(1 + (n % 3));
    order.push(n);
    active--;
    return n * n;
  };
  const pool = async (jobs, width) => {
    const results = [];
    let next = 0;
    await Promise.all(Array.from({length: width}, async () => {
      while (next < jobs.length) {
        const i = next++;
        results[i] = await jobs[i]();
      }
    }));
    return results;
  };
  console.log(await pool([...Array(7).keys()].map((n) => () => job(n)), 3), peak, order.length);
  // async methods and arrows, this, arguments
  class S {
    v = 7;
    async m() {
      await null;
      return (async () => this.v + arguments.length)();
    }
    static async s() { return this.name; }
  }
  console.log(
      await new S().m(1, 2), await S.s(), (async () => {}).constructor.name,
      Object.prototype.toString.call(async () => {}));
  const results = await Promise.all([1, 2, 3].map(async (x) => {
    await later(4 - x);
    return x * 2;
  }));
  console.log(results);
})().catch((e) => console.log('unexpected', e))
    .finally(() => console.log('end'));
