// What must not depend on how fast the machine is: each part starts when the one before has ended.
const parts = [];
const part = (f) => parts.push(f);
const next = () => parts.shift()?.(next);

part((done) => {
  let n = 0;
  const interval = setInterval((label) => {
    console.log(label, ++n);
    if (n === 3) {
      clearInterval(interval);
      done();
    }
  }, 2, 'interval');
});
part((done) => {
  const never = setTimeout(() => console.log('never'), 1);
  clearTimeout(never);
  clearTimeout(undefined);
  clearTimeout(12345);
  clearImmediate(setImmediate(() => console.log('never')));
  setTimeout((a, b) => { console.log('args', a, b); done(); }, 5, 1, 2);
});
part((done) => setTimeout(function () { console.log(typeof this, this.constructor.name); done(); }, 1));
part((done) => {
  const t = setTimeout(() => {}, 1000);
  console.log(typeof t, t.hasRef(), typeof t.unref(), t.hasRef(), t.ref().hasRef());
  console.log(typeof t[Symbol.toPrimitive]());
  clearTimeout(t);
  setInterval(() => console.log('unreferenced'), 100000).unref();
  done();
});
// Timers of one deadline run in the order they were made, each with its microtasks.
part((done) => {
  setTimeout(() => { console.log('x1'); Promise.resolve().then(() => console.log('x1 micro')); }, 5);
  setTimeout(() => { console.log('x2'); done(); }, 5);
});
// Immediates set by immediates wait for the next round.
part((done) => {
  setImmediate(() => {
    console.log('immediate 1');
    setImmediate(() => { console.log('next round'); done(); });
    process.nextTick(() => console.log('tick between'));
  });
  setImmediate(() => console.log('immediate 2'));
});
part((done) => {
  for (const bad of [undefined, 5, 'code']) {
    try { setTimeout(bad, 1); } catch (e) { console.log(e.name, e.code, e.message); }
  }
  try { queueMicrotask(null); } catch (e) { console.log(e.name, e.code); }
  try { setImmediate('x'); } catch (e) { console.log(e.name, e.code); }
  done();
});
part((done) => {
  const start = Date.now(), hr = process.hrtime();
  setTimeout(() => {
    const ms = Date.now() - start, [s, ns] = process.hrtime(hr);
    console.log(ms >= 0, s >= 0 && ns >= 0, performance.now() > 0, process.uptime() > 0);
    done();
  }, 10);
});
process.on('exit', (code) => console.log('exit', code, process.exitCode));
next();
