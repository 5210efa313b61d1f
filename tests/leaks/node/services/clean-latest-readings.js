// clean
//
// Devices with their latest reading, which is replaced now and then: there are readings of any age,
// but never more than devices.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(263);

class Device {
  constructor(id) { this.id = id; this.place = traffic.word(); this.reading = { at: -1, unit: 'none', raw: traffic.text(6).split(' ') }; }
  receive(reading) { this.reading = reading; }
}

const devices = new Map();
for (let id = 0; id < 700; id++) devices.set(id, new Device(id));

rounds(30, (round) => {
  for (let i = 0; i < 45; i++) {
    devices.get(traffic.int(700)).receive({ at: round, unit: traffic.word(), raw: traffic.text(6).split(' ') });
  }
});
