// clean
//
// A cache whose entries live for a number of ticks, swept by an interval.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(252);

class TtlCache {
  constructor(ttl) {
    this.ttl = ttl;
    this.now = 0;
    this.entries = new Map();
    this.sweeper = setInterval(() => this.sweep(), 1);
    this.sweeper.unref();
  }
  set(key, value) { this.entries.set(key, { value, until: this.now + this.ttl }); }
  get(key) { const e = this.entries.get(key); return e && e.until > this.now ? e.value : undefined; }
  sweep() { for (const [key, e] of this.entries) if (e.until <= this.now) this.entries.delete(key); }
}

const tokens = new TtlCache(3);
rounds(30, () => {
  tokens.now++;
  for (let i = 0; i < 150; i++) {
    const key = traffic.hex(16);
    tokens.set(key, { user: traffic.user(1000), scopes: traffic.text(4).split(' ') });
    tokens.get(key);
  }
  tokens.sweep();
});
