let n = 0;
const interval = setInterval((label) => {
  console.log(label, ++n);
  if (n === 3) clearInterval(interval);
}, 2, 'interval');
const never = setTimeout(() => console.log('never'), 1);
clearTimeout(never);
clearTimeout(undefined);
clearTimeout(12345);
const imm = setImmediate(() => console.log('never'));
clearImmediate(imm);
setTimeout((a, b) => console.log('args', a, b), 12, 1, 2);
setTimeout(function () { console.log(typeof this, this.constructor.name); }, 13);
const t = setTimeout(() => {}, 1000);
console.log(typeof t, t.hasRef(), typeof t.unref(), t.hasRef(), t.ref().hasRef(), typeof t[Symbol.toPrimitive]());
clearTimeout(t);
setInterval(() => console.log('unreferenced'), 100000).unref();
// Timers of one deadline run in the order they were made, each with its microtasks.
setTimeout(() => { console.log('x1'); Promise.resolve().then(() => console.log('x1 micro')); }, 20);
setTimeout(() => console.log('x2'), 20);
// A timer set inside a timer; an immediate before the next round of timers.
setTimeout(() => {
  setTimeout(() => console.log('inner timeout'), 5);
  setImmediate(() => { console.log('inner immediate'); setImmediate(() => console.log('next round')); });
}, 30);
for (const bad of [undefined, 5, 'code']) {
  try { setTimeout(bad, 1); } catch (e) { console.log(e.name, e.code, e.message); }
}
try { queueMicrotask(null); } catch (e) { console.log(e.name, e.code); }
try { setImmediate('x'); } catch (e) { console.log(e.name, e.code); }
setTimeout(() => {
  const start = Date.now(), hr = process.hrtime();
  setTimeout(() => {
    const ms = Date.now() - start, [s, ns] = process.hrtime(hr);
    console.log(ms >= 9 && ms < 5000, s * 1e3 + ns / 1e6 >= 9, performance.now() > 0, process.uptime() > 0);
  }, 10);
}, 45);
process.on('exit', (code) => console.log('exit', code, process.exitCode));
