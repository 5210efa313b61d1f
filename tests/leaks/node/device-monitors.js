// culprit: timers?\b|intervals?\b|samples\b
// kind: timer|forgotten cache/collection|closure
//
// Each device is sampled by an interval into an array of its own. When a device is removed from
// the fleet, its interval goes on.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(16);

const FLEET = 40;
const fleet = new Map();
let alarms = 0;

function readSensor(device) {
  const drift = Math.sin(device.ticks++ / 10) * device.gain;
  return { t: device.ticks, temperature: 20 + drift, humidity: 40 - drift, rssi: -60 - (device.id % 9) };
}

function monitor(device) {
  const samples = [];
  setInterval(() => {
    for (let burst = 0; burst < 8; burst++) samples.push(readSensor(device));
    if (samples[samples.length - 1].temperature > 29) alarms++;
  }, 8);
  return { latest: () => samples[samples.length - 1], device };
}

function enrol(id) {
  const device = { id, gain: 1 + traffic.int(10), ticks: 0, label: `${traffic.word()}-${id}` };
  fleet.set(id, monitor(device));
}

function retireOldest() {
  const [id] = fleet.keys();
  fleet.delete(id);
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

let nextId = 1;
for (let i = 0; i < FLEET; i++) enrol(nextId++);

rounds(24, async () => {
  for (let i = 0; i < 3; i++) {
    retireOldest();
    enrol(nextId++);
  }
  await pause(24);
}).then(() => console.log(`${fleet.size} devices, ${nextId - 1} ever, ${alarms} alarms`));
