// culprit: measurements\b
// kind: forgotten cache/collection
//
// Private state by WeakMap. The key is the application, which lives as long as the process, and so
// does what its state collects.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(34);

const states = new WeakMap();
const stateOf = (object) => states.get(object);

class Application {
  constructor(name) {
    this.name = name;
    states.set(this, { measurements: [], windows: new Map(), lastError: null });
  }

  handle(request) {
    const timing = { url: request.url, user: request.user, phases: this.phases(), agent: null };
    if (traffic.int(4) === 0) timing.agent = `${request.headers['user-agent']}; ${traffic.word()}`;
    stateOf(this).measurements.push(timing);
    this.count(request.url.split('/')[1]);
    return timing.phases.total;
  }

  phases() {
    const [dns, connect, send, wait] = [traffic.int(4), traffic.int(20), traffic.int(9), traffic.int(90)];
    return { dns, connect, send, wait, total: dns + connect + send + wait };
  }

  count(prefix) {
    const { windows } = stateOf(this);
    windows.set(prefix, (windows.get(prefix) || 0) + 1);
  }

  slow(limit) {
    return stateOf(this).measurements.filter((m) => m.phases.total > limit).length;
  }
}

// What belongs to a request goes with it: this use of a WeakMap is right.
const annotations = new WeakMap();

const application = new Application('shop');
let sum = 0;
rounds(30, () => {
  for (let i = 0; i < 220; i++) {
    const request = traffic.request();
    annotations.set(request, { note: traffic.text(3) });
    sum += application.handle(request) + annotations.get(request).note.length;
  }
}).then(() => console.log(sum > 0, application.slow(100)));
