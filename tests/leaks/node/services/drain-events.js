// culprit: (bus|listeners|_events)
// kind: listener|forgotten cache/collection
//
// Requests wait for an event with their own id in its name. A request that times out waits on.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(208);
const EventEmitter = require('events');

const bus = new EventEmitter();
bus.setMaxListeners(0);
let sequence = 0;

function call(method, params) {
  const id = ++sequence;
  return new Promise((resolve) => {
    bus.once(`reply:${id}`, (reply) => resolve({ method, params, reply }));
    // One in three workers is down.
    if (id % 3 !== 0) setImmediate(() => bus.emit(`reply:${id}`, { ok: true }));
    else setImmediate(() => resolve({ method, params, timedOut: true }));
  });
}

rounds(24, async () => {
  const calls = [];
  for (let i = 0; i < 120; i++) calls.push(call(traffic.word(), { where: traffic.text(4), limit: 10 }));
  await Promise.all(calls);
});
