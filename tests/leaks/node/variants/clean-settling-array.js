// clean
//
// Columns that double their capacity as they need to, emptied and used again from then on.
'use strict';

const rounds = require('../rounds');
const random = require('../traffic')(151);

class Column {
  constructor(Type, capacity = 64) {
    this.Type = Type;
    this.values = new Type(capacity);
    this.length = 0;
  }

  push(value) {
    if (this.length === this.values.length) {
      const wider = new this.Type(this.values.length * 2);
      wider.set(this.values);
      this.values = wider;
    }
    this.values[this.length++] = value;
  }

  * [Symbol.iterator]() {
    for (let i = 0; i < this.length; i++) yield this.values[i];
  }

  clear() {
    this.length = 0;
  }
}

const table = { id: new Column(Uint32Array), price: new Column(Float64Array), stock: new Column(Int16Array) };
const pieces = [];
let total = 0;

function load(count) {
  for (const column of Object.values(table)) column.clear();
  pieces.length = 0;
  for (let i = 0; i < count; i++) {
    table.id.push(i);
    table.price.push(random.int(10000) / 100);
    table.stock.push(random.int(300));
    if (i % 8 === 0) pieces.push({ from: i, label: random.text(2) });
  }
}

rounds(36, (round) => {
  load(600 + Math.min(round, 14) * 200 + random.int(100));
  for (const price of table.price) total += price;
}).then(() => console.log(total > 0, table.id.values.length, pieces.length > 0));
