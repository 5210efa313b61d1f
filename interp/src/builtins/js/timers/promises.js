// SPDX-License-Identifier: MIT
'use strict';

function wait(delay, value, options) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, delay, value);
    if (options && options.ref === false) timer.unref();
  });
}

function next_turn(value) {
  return new Promise((resolve) => setImmediate(resolve, value));
}

async function* every(delay, value) {
  while (true) yield await wait(delay, value);
}

module.exports = { setTimeout: wait, setImmediate: next_turn, setInterval: every,
  scheduler: { wait: (delay, options) => wait(delay, undefined, options), yield: () => next_turn() } };
