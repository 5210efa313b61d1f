// culprit: windows\b
// kind: large object|forgotten cache/collection
// accumulates: Float64Array|Float32Array|ArrayBuffer|Object|Window
//
// Each sensor's samples are cut into windows and transformed. Done windows are pushed to a list
// "for the spectrogram", which shows the last ten.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(47);

const WINDOW = 1024;

class Sensor {
  constructor(id) {
    this.id = id;
    this.current = new Float64Array(WINDOW);
    this.filled = 0;
    this.windows = [];
    this.peaks = new Float32Array(64);
  }

  sample(value) {
    this.current[this.filled++] = value;
    if (this.filled < WINDOW) return;
    const weighted = this.current.map((v, i) => v * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / WINDOW)));
    this.windows.push({ number: this.windows.length, weighted, peak: Math.max(...weighted) });
    this.peaks[this.windows.length % this.peaks.length] = weighted[WINDOW >> 1];
    this.filled = 0;
  }

  spectrogram() {
    return this.windows.slice(-10).map((window) => window.peak);
  }
}

const sensor = new Sensor('bridge-7');
let phase = 0;

function record(samples) {
  for (let i = 0; i < samples; i++) {
    phase += 0.01 + traffic.next() / 1000;
    sensor.sample(Math.sin(phase) * 100);
  }
}

let shown = 0;
rounds(30, () => {
  record(4 * WINDOW);
  shown += sensor.spectrogram().length;
}).then(() => console.log(`${sensor.windows.length} windows, ${shown} shown`));
