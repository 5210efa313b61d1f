const log = [];
(async () => {
  log.push(1);
  await 0;
  log.push(3);
  await 0;
  log.push(5);
})();
log.push(2);
Promise.resolve().then(() => log.push(4)).then(() => log.push(6));
setTimeout(() => console.log(log.join()), 1);
const all = Promise.all([1, Promise.resolve(2), {then: (r) => r(3)}]);
all.then((v) => console.log(v));
(async () => {
  try {
    await Promise.reject(new Error('no'));
  } catch (e) {
    console.log(e.message);
  } finally {
    console.log('fin');
  }
  return 'val';
})().then(console.log);
async function* ag() {
  yield 1;
  yield 2;
}
(async () => {
  for await (const x of ag()) console.log('ag', x);
})();
new Promise((r) => r(new Promise((r2) => setTimeout(() => r2('nested'), 1)))).then(console.log);
const t = {
  then(f) { f('thenable'); }
};
Promise.resolve(t).then(console.log);
(async () => console.log(await t))();
