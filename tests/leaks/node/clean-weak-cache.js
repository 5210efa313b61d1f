// clean
//
// A cache of weak references that a FinalizationRegistry keeps tidy, swept besides.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(64);

class WeakCache {
  constructor() {
    this.refs = new Map();
    this.cleaned = 0;
    this.registry = new FinalizationRegistry((key) => this.forget(key));
  }

  forget(key) {
    const ref = this.refs.get(key);
    if (ref && ref.deref() === undefined) {
      this.refs.delete(key);
      this.cleaned++;
    }
  }

  get(key, create) {
    const known = this.refs.get(key)?.deref();
    if (known) return known;
    const value = create(key);
    this.refs.set(key, new WeakRef(value));
    this.registry.register(value, key);
    return value;
  }

  sweep() {
    for (const key of [...this.refs.keys()]) this.forget(key);
  }
}

const documents = new WeakCache();
const pinned = new Map();

function parse(key) {
  return { key, paragraphs: Array.from({ length: 8 }, () => traffic.text(6)), links: [] };
}

let read = 0;
function open(key) {
  const parsed = documents.get(key, parse);
  pinned.set(key, parsed);
  if (pinned.size > 40) pinned.delete(pinned.keys().next().value);
  read += parsed.paragraphs.length;
}

rounds(30, (round) => {
  for (let i = 0; i < 60; i++) open(`doc-${round}-${traffic.int(5000)}`);
  documents.sweep();
}).then(() => console.log(read, pinned.size));
