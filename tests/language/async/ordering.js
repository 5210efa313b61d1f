// The order in which Node runs things.
const log = [];
const say = (x) => console.log(x);
say('script start');
setTimeout(() => say('timeout 0'), 0);
setTimeout(() => say('timeout 5'), 5);
setTimeout(() => say('timeout 1'), 1);
// Which comes first of these two is the clock's choice in the main program, but not in a timer.
setTimeout(() => {
  setTimeout(() => say('timeout in timeout'), 0);
  setImmediate(() => say('immediate in timeout'));
}, 15);
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
  await new Promise((r) => setTimeout(r, 8));
  say('after await timer');
  process.nextTick(() => say('tick late'));
  Promise.resolve().then(() => say('micro late'));
  setTimeout(() => say('timer late'), 0);
})();
say('script end');
