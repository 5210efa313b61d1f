// clean
//
// An LRU cache with a limit. It is full long before the first snapshot, and turns over all the time.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(61);

class LruCache {
  constructor(limit) {
    this.limit = limit;
    this.entries = new Map();
    this.evictions = 0;
  }

  get(key) {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry;
  }

  set(key, value) {
    this.entries.set(key, value);
    if (this.entries.size > this.limit) {
      this.entries.delete(this.entries.keys().next().value);
      this.evictions++;
    }
  }
}

const profiles = new LruCache(600);

function loadProfile(id) {
  return { id, name: traffic.word(), mail: `${traffic.word()}@${traffic.word()}.example`,
    preferences: { theme: 'dark', topics: traffic.text(6).split(' ') } };
}

function profile(id) {
  let found = profiles.get(id);
  if (!found) {
    found = loadProfile(id);
    profiles.set(id, found);
  }
  return found;
}

let characters = 0;
rounds(30, () => {
  for (let i = 0; i < 300; i++) characters += profile(traffic.int(9000)).mail.length;
}).then(() => console.log(characters > 0, profiles.entries.size, profiles.evictions));
