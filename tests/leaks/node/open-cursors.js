// culprit: cursors\b
// kind: forgotten cache/collection|closure|unneeded reference
// accumulates: Generator|Object|scan
//
// Result sets are generators, registered while they are open. A client that reads only the first
// page never comes back to close its cursor.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(45);

class Database {
  constructor(size) {
    this.rows = Array.from({ length: size }, (_, id) => ({ id, name: traffic.word(), n: id % 97 }));
    this.cursors = new Map();
    this.lastCursor = 0;
  }

  *scan(predicate) {
    const seen = [];
    for (const row of this.rows) {
      if (!predicate(row)) continue;
      seen.push({ ...row });
      yield seen[seen.length - 1];
    }
  }

  open(predicate) {
    const id = ++this.lastCursor;
    this.cursors.set(id, this.scan(predicate));
    return id;
  }

  fetch(id, count) {
    const page = [];
    const cursor = this.cursors.get(id);
    while (page.length < count) {
      const { done, value } = cursor.next();
      if (done) {
        this.cursors.delete(id);
        break;
      }
      page.push(value);
    }
    return page;
  }
}

const database = new Database(600);
const counts = { rows: 0, complete: 0 };

function search() {
  const n = traffic.int(97);
  const cursor = database.open((row) => row.n >= n);
  const page = database.fetch(cursor, 20);
  counts.rows += page.length;
  if (page.length < 20 || traffic.int(4) === 0) {
    while (database.cursors.has(cursor)) counts.rows += database.fetch(cursor, 100).length;
    counts.complete++;
  }
}

rounds(30, () => {
  for (let i = 0; i < 30; i++) search();
}).then(() => console.log(JSON.stringify(counts), database.rows.length));
