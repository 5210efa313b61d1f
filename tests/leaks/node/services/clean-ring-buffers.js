// clean
//
// Ring buffers: samples overwrite the oldest, for each of some sensors.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(251);

class Ring {
  constructor(size) { this.items = new Array(size).fill(null); this.next = 0; }
  push(item) { this.items[this.next] = item; this.next = (this.next + 1) % this.items.length; }
}

const rings = new Map();
rounds(30, () => {
  for (let i = 0; i < 400; i++) {
    const sensor = `sensor-${traffic.int(8)}`;
    if (!rings.has(sensor)) rings.set(sensor, new Ring(256));
    rings.get(sensor).push({ at: i, value: traffic.next(), note: traffic.word() + i });
  }
});
