// culprit: slots\b
// kind: forgotten cache/collection
//
// A ring buffer whose index is never taken modulo its size.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(42);

const CAPACITY = 512;

function createRing(capacity) {
  const slots = new Array(capacity).fill(undefined);
  let written = 0;
  return {
    capacity,
    push(value) {
      slots[written++] = value; // written++ % capacity was meant
    },
    *latest(count) {
      for (let i = written - 1; i >= 0 && count > 0; i--, count--) yield slots[i];
    },
    get written() {
      return written;
    },
  };
}

const flights = createRing(CAPACITY);

// This one wraps as it should.
const pings = { at: 0, times: new Float64Array(1024) };

function measure(request) {
  const started = pings.at;
  const steps = ['parse', 'route', 'query', 'render'].map((name) => ({ name, took: traffic.int(30) }));
  pings.times[pings.at++ % pings.times.length] = steps.length;
  flights.push({ url: request.url, started, steps, total: steps.reduce((n, s) => n + s.took, 0) });
}

function slowest() {
  let worst = null;
  for (const flight of flights.latest(100)) {
    if (worst === null || flight.total > worst.total) worst = flight;
  }
  return worst;
}

let alarms = 0;
rounds(30, () => {
  for (let i = 0; i < 140; i++) measure(traffic.request());
  if (slowest().total > 90) alarms++;
}).then(() => console.log(`${flights.written} flights, ${alarms} alarms`));
