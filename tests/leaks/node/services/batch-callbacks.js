// culprit: (batch|loader|callbacks|queue|waiting)
// kind: closure|forgotten cache/collection|listener
//
// A batching loader of database rows. A batch that is not full is never sent, and a new one is begun
// for each kind of request.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(228);

class Loader {
  constructor(size) { this.size = size; this.batches = {}; }
  load(table, id) {
    return new Promise((resolve) => {
      const batch = this.batches[table] || (this.batches[table] = []);
      batch.push({ id, resolve });
      if (batch.length >= this.size) {
        this.batches[table] = undefined;
        for (const entry of batch) entry.resolve({ table, id: entry.id });
      }
    });
  }
}

const loader = new Loader(50);

async function request(id) {
  const user = { id, name: traffic.word(), note: traffic.text(4) };
  const row = await loader.load(`orders_${traffic.int(100000)}`, id);
  user.row = row;
}

rounds(24, (round) => {
  for (let i = 0; i < 60; i++) request(round * 60 + i);
});
