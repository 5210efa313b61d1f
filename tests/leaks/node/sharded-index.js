// culprit: shards\b
// kind: forgotten cache/collection
//
// A search index in 256 shards, a Map in each. Documents are replaced by newer versions, but the
// postings of the older ones stay: no single map grows much, all of them do.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(43);

const SHARDS = 256;

function hash(text) {
  let h = 2166136261;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
  return h >>> 0;
}

class Index {
  constructor() {
    this.shards = new Map();
    for (let i = 0; i < SHARDS; i++) this.shards.set(i, new Map());
    this.versions = new Map();
  }

  shardOf(key) {
    return this.shards.get(hash(key) % SHARDS);
  }

  add(document) {
    const version = (this.versions.get(document.id) || 0) + 1;
    this.versions.set(document.id, version);
    const key = `${document.id}@${version}`;
    this.shardOf(key).set(key, {
      id: document.id,
      version,
      terms: document.text.split(' '),
      length: document.text.length,
    });
  }

  find(id) {
    const key = `${id}@${this.versions.get(id)}`;
    return this.shardOf(key).get(key);
  }
}

const index = new Index();
let hits = 0;

rounds(30, () => {
  for (let i = 0; i < 400; i++) {
    index.add({ id: traffic.int(400), text: traffic.text(12) });
    const id = traffic.int(400);
    if (index.versions.has(id) && index.find(id).terms.length === 12) hits++;
  }
}).then(() => console.log(`${hits} hits in ${index.versions.size} documents`));
