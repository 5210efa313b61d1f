const log = [];
const tick = (name) => log.push(name);
async function a() {
  tick('a1');
  await b();
  tick('a2');
}
async function b() { tick('b'); }
async function throwing() { throw new Error('thrown'); }
async function thenable() {
  const v = await { then(resolve) { tick('then called'); resolve('from thenable'); } };
  tick(v);
}
async function returnsPromise() { return Promise.resolve('inner'); }
async function awaitsPromise() { return await Promise.resolve('awaited'); }
tick('start');
a();
new Promise((r) => { tick('executor'); r(); }).then(() => tick('p1')).then(() => tick('p2')).then(() => tick('p3')).then(() => tick('p4'));
thenable();
returnsPromise().then(tick);
awaitsPromise().then(tick);
throwing().catch((e) => tick('caught ' + e.message)).finally(() => tick('finally'));
Promise.reject(1).then(() => tick('never'), (e) => tick('rejected ' + e));
(async () => {
  for (const x of [1, 2]) { await x; tick('loop ' + x); }
  try { await throwing(); } catch (e) { tick('try ' + e.message); } finally { tick('fin'); }
  return 'r';
})().then(tick);
tick('end');
setTimeout(() => { for (const l of log) console.log(l); }, 5);
