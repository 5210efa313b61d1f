// clean
//
// Rows are collected in a buffer and written in batches; the buffer is emptied in place, and the
// totals by table are few.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(75);

function createBatcher({ size, write }) {
  const buffer = [];
  let batches = 0;
  async function flush() {
    if (buffer.length === 0) return;
    const rows = buffer.splice(0, buffer.length);
    batches++;
    await write(rows);
  }
  return {
    async add(row) {
      buffer.push(row);
      if (buffer.length >= size) await flush();
    },
    flush,
    get batches() {
      return batches;
    },
  };
}

const totals = {};
const batcher = createBatcher({
  size: 1700,
  async write(rows) {
    await null;
    const text = rows.map((row) => `${row.table},${row.id},${row.values.join(',')}`).join('\n');
    for (const row of rows) totals[row.table] = (totals[row.table] || 0) + row.values.length;
    totals.bytes = (totals.bytes || 0) + text.length;
  },
});

let id = 0;
rounds(36, async () => {
  for (let i = 0; i < 230; i++) {
    await batcher.add({
      table: traffic.pick(['orders', 'lines', 'payments', 'refunds']),
      id: id++,
      values: [traffic.int(100), traffic.text(5), traffic.word()],
    });
  }
}).then(() => console.log(batcher.batches, totals.bytes > 0, Object.keys(totals).length));
