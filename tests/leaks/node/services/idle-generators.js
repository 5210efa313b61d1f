// culprit: (pagers|parked|waiting)
// kind: forgotten cache/collection|closure
//
// Results are paged by generators. A client that leaves early leaves its generator suspended.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(212);

function* pager(rows, size) {
  const seen = new Set();
  for (let at = 0; at < rows.length; at += size) {
    const page = rows.slice(at, at + size);
    for (const row of page) seen.add(row.id);
    yield page;
  }
  return seen.size;
}

const pagers = new Set();
let delivered = 0;

function search(words) {
  const rows = words.map((word, id) => ({ id, word, score: traffic.next() }));
  const pages = pager(rows, 4);
  pagers.add(pages);
  const wanted = 1 + traffic.int(4);
  for (let i = 0; i < wanted; i++) {
    const { done, value } = pages.next();
    if (done) { pagers.delete(pages); break; }
    delivered += value.length;
  }
}

rounds(24, () => {
  for (let i = 0; i < 60; i++) search(traffic.text(12).split(' '));
});
