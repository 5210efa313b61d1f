// clean
//
// Labels and dimensions are interned: there is a limited number of them, rare ones come in late.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(72);

const symbols = new Map();

function intern(text) {
  let symbol = symbols.get(text);
  if (symbol === undefined) {
    symbol = Object.freeze({ text, id: symbols.size, length: text.length });
    symbols.set(text, symbol);
  }
  return symbol;
}

class Point {
  constructor(metric, value, labels) {
    this.metric = intern(metric);
    this.value = value;
    this.labels = labels.map(([name, label]) => [intern(name), intern(label)]);
  }
}

const METRICS = Array.from({ length: 60 }, (_, i) => `${traffic.word()}_${traffic.word()}_${i}`);
const REGIONS = ['eu-west', 'eu-north', 'us-east', 'us-west', 'ap-south'];

// Names as they occur: the first ones often, the last ones rarely, all of them in the first rounds.
const zipf = (n) => Math.floor(n * traffic.next() ** 2);

let points = 0;
let sum = 0;
function scrape(hosts) {
  const batch = [];
  for (let host = 0; host < hosts; host++) {
    batch.push(new Point(METRICS[zipf(METRICS.length)], traffic.int(1000), [
      ['region', REGIONS[zipf(REGIONS.length)]],
      ['host', `host-${zipf(300)}.internal.example`],
      ['status', String(200 + zipf(4) * 100)],
    ]));
  }
  points += batch.length;
  sum += batch.reduce((total, point) => total + point.value, 0);
}

rounds(30, () => {
  scrape(600);
}).then(() => console.log(points, sum > 0, symbols.size));
