// The order in which Node runs things.
const say = (x) => console.log(x);
say('script start');
setTimeout(() => say('timeout 0'), 0);
setTimeout(() => say('timeout 1'), 1);
process.nextTick(() => say('tick 1'));
Promise.resolve().then(() => {
  say('micro 1');
  process.nextTick(() => say('tick from micro'));
  queueMicrotask(() => say('micro from micro'));
}).then(() => say('micro 2'));
queueMicrotask(() => say('queued'));
process.nextTick((a, b) => say('tick 2 ' + a + b), 'x', 'y');
(async () => {
  say('async start');
  await null;
  say('after await null');
  await new Promise((r) => setTimeout(r, 15));
  say('after await timer');
  process.nextTick(() => say('tick late'));
  Promise.resolve().then(() => say('micro late'));
  // Which comes first of these two is the clock's choice in the main program, but not in a timer.
  setTimeout(() => say('timer late'), 20);
  setImmediate(() => say('immediate late'));
})();
say('script end');
