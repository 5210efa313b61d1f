// expect: clean
// Listeners and timers that are removed when they are done with.
'use strict';
const EventEmitter = require('events');

const bus = new EventEmitter();
bus.setMaxListeners(100);
let heard = 0;
let n = 0;

function connect(id) {
  const buffer = ['connection', String(id)];
  const listener = (text) => { heard += text.length + buffer.length; };
  const timer = setTimeout(() => { heard--; }, 100000);
  bus.on('news', listener);
  return () => { bus.off('news', listener); clearTimeout(timer); };
}

function tick() {
  const open = [];
  for (let k = 0; k < 60; k++) open.push(connect(n++));
  bus.emit('news', 'hello');
  for (const close of open) close();
  if (n < 6000) setImmediate(tick);
  else console.log(heard);
}
tick();
