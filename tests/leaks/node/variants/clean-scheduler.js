// clean
//
// A timing wheel with recurring and one-shot tasks; cancelled ones are unlinked at once.
'use strict';
const rounds = require('../rounds');
const random = require('../traffic')(123);

class TimingWheel {
  constructor(slots) {
    this.slots = Array.from({ length: slots }, () => new Set());
    this.now = 0;
  }

  schedule(delay, action) {
    const due = this.now + Math.max(1, delay);
    const slot = this.slots[due % this.slots.length];
    const task = { due, action };
    slot.add(task);
    return () => slot.delete(task);
  }

  every(period, action) {
    const again = () => {
      action();
      this.schedule(period, again);
    };
    return this.schedule(period, again);
  }

  tick() {
    this.now++;
    const slot = this.slots[this.now % this.slots.length];
    for (const task of [...slot]) {
      if (task.due > this.now) continue;
      slot.delete(task);
      task.action();
    }
  }

  get pending() {
    return this.slots.reduce((n, slot) => n + slot.size, 0);
  }
}

const wheel = new TimingWheel(128);
const tally = { fired: 0, cancelled: 0, recurring: 0 };
for (let i = 0; i < 40; i++) wheel.every(3 + i, () => { tally.recurring++; });

function startRequest() {
  const context = { body: random.text(20), user: random.user(100) };
  const cancel = wheel.schedule(100, () => { tally.fired += context.body.length > 0 ? 1 : 0; });
  wheel.schedule(1 + random.int(20), () => {
    if (random.int(12) === 0) return; // this one times out, and is gone then
    cancel();
    tally.cancelled++;
  });
}

rounds(36, () => {
  for (let tick = 0; tick < 40; tick++) {
    for (let i = 0; i < 4; i++) startRequest();
    wheel.tick();
  }
}).then(() => console.log(tally.cancelled > tally.fired, tally.recurring, wheel.pending));
