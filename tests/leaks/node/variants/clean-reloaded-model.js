// clean
//
// A large model is read again every few rounds, now a little larger, now smaller; the one before
// goes.
'use strict';

const rounds = require('../rounds');
const random = require('../traffic')(154);

class Model {
  constructor(version, size) {
    this.version = version;
    this.weights = new Float32Array(size * 16);
    this.terms = new Map();
    for (let i = 0; i < size; i++) this.terms.set(`${random.word()}${i}`, { id: i, idf: random.next(), forms: [i, i + 1] });
  }

  score(words) {
    let sum = 0;
    for (const word of words) sum += (this.terms.get(word) || { idf: 0.1 }).idf;
    return sum;
  }
}

const holder = { model: new Model(0, 800), loads: 0 };
const sizes = [885, 810, 820, 870, 840, 850, 860, 890];
let total = 0;

function reload() {
  holder.loads++;
  holder.model = new Model(holder.loads, sizes[holder.loads % sizes.length]);
}

rounds(32, (round) => {
  if (round % 4 === 3) reload();
  const { model } = holder;
  for (let i = 0; i < 80; i++) total += model.score(random.text(12).split(' '));
}).then(() => console.log(total > 0, holder.loads, holder.model.version));
