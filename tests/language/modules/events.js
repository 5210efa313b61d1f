const EventEmitter = require('events');
const {once} = EventEmitter;
const e = new EventEmitter();
const log = (...a) => console.log(...a);
e.on('x', (...a) => log('first', a))
    .once('x', () => log('once'))
    .prependListener('x', () => log('prepended'));
e.addListener('x', function() { log('this', this === e); });
log(e.emit('x', 1, 2), e.emit('x'), e.emit('nobody'), e.listenerCount('x'), e.eventNames());
const f = () => log('f');
e.on('y', f);
e.on('y', f);
e.off('y', f);
e.emit('y');
e.removeListener('y', f);
log(e.emit('y'), e.listeners('y'), e.rawListeners('x').length);
e.removeAllListeners('x');
log(e.listenerCount('x'), e.eventNames());
try {
  e.emit('error', new Error('unhandled'));
} catch (x) {
  log(x.message);
}
try {
  e.emit('error', 'not an error');
} catch (x) {
  log(x.code, x.message, x.context);
}
e.on('error', (x) => log('handled', x.message));
e.emit('error', new Error('now handled'));
e.on('newListener', (n, l) => log('new', n, typeof l));
e.on('removeListener', (n) => log('removed', n));
e.once('z', () => {});
e.emit('z');
class Store extends EventEmitter {
  #v = 0;
  set(v) {
    this.#v = v;
    this.emit('change', v);
    return this;
  }
}
const s = new Store();
s.on('change', (v) => log('changed to', v));
s.set(1).set(2);
log(s instanceof EventEmitter, Store.name);
// Removing while emitting does not disturb the emission that is on its way.
const r = new EventEmitter();
const b = () => log('b');
r.on('q', () => {
  r.off('q', b);
  log('a');
});
r.on('q', b);
r.emit('q');
r.emit('q');
log(EventEmitter.defaultMaxListeners, e.getMaxListeners(), e.setMaxListeners(3).getMaxListeners(),
    EventEmitter.EventEmitter === EventEmitter, require('node:events') === EventEmitter);
try {
  e.on('x', 5);
} catch (x) {
  log(x.name, x.code, x.message);
}
(async () => {
  const w = new EventEmitter();
  setTimeout(() => w.emit('go', 'a', 'b'), 1);
  log(await once(w, 'go'));
  setTimeout(() => w.emit('error', new Error('once error')), 1);
  try {
    await once(w, 'go');
  } catch (x) {
    log(x.message);
  }
})();
const sym = Symbol('event');
e.on(sym, () => log('symbol event'));
e.emit(sym);
