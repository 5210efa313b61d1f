// culprit: archive\b
// kind: large object|forgotten cache/collection|unneeded reference
//
// Reports are exported as one large CSV text each, and kept by the minute they were made in, so
// that "download again" works.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(21);

const COLUMNS = ['order', 'customer', 'amount', 'currency', 'status'];

const archive = {};
const running = new Set();
let clock = 1700000000;

function* rows(count) {
  yield COLUMNS.join(';');
  for (let i = 0; i < count; i++) {
    yield [i, traffic.word(), (traffic.int(100000) / 100).toFixed(2), 'EUR', traffic.word()].join(';');
  }
}

function toCsv(count) {
  return Array.from(rows(count)).join('\r\n');
}

async function exportReport(kind) {
  const job = { kind, at: clock, state: 'running' };
  running.add(job);
  try {
    await null;
    const csv = toCsv(900 + traffic.int(400));
    const minute = `${kind}-${Math.floor(job.at / 60)}`;
    archive[minute] = { name: `${minute}.csv`, csv, rows: csv.split('\r\n').length - 1 };
    job.state = 'done';
    return archive[minute].rows;
  } finally {
    running.delete(job);
  }
}

let exported = 0;
rounds(24, async () => {
  clock += 60;
  const counts = await Promise.all(['daily', 'vat', 'stock'].map((kind) => exportReport(kind)));
  exported += counts.reduce((a, b) => a + b, 0);
}).then(() => console.log(`${exported} rows in ${Object.keys(archive).length} reports`));
