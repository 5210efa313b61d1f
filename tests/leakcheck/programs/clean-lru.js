// expect: clean
// A cache with a limit: the oldest entry goes when a new one comes.
'use strict';

class Lru {
  constructor(limit) { this.limit = limit; this.entries = new Map(); }
  get(key) {
    const value = this.entries.get(key);
    if (value !== undefined) { this.entries.delete(key); this.entries.set(key, value); }
    return value;
  }
  set(key, value) {
    this.entries.set(key, value);
    if (this.entries.size > this.limit) this.entries.delete(this.entries.keys().next().value);
  }
}

const cache = new Lru(800);
let hits = 0;
let n = 0;
function tick() {
  for (let k = 0; k < 200; k++) {
    const key = 'page' + ((n * 7919) % 5000);
    if (cache.get(key)) hits++;
    else cache.set(key, { key, body: ['header', 'body of ' + key, 'footer'] });
    n++;
  }
  if (n < 16000) setImmediate(tick);
  else console.log(hits);
}
tick();
