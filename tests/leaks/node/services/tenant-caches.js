// culprit: (tenants|cacheFor|caches)
// kind: forgotten cache/collection
//
// Twelve tenants, each with a cache of its own. The limit is checked against the wrong number.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(202);

const MAX_ENTRIES = 200;
const tenants = Object.create(null);
const statistics = { hits: 0, misses: 0 };

function cacheFor(name) {
  if (!tenants[name]) tenants[name] = { name, created: Date.now(), entries: new Map() };
  return tenants[name].entries;
}

function lookup(tenant, key, load) {
  const cache = cacheFor(tenant);
  if (cache.has(key)) {
    statistics.hits++;
    return cache.get(key);
  }
  statistics.misses++;
  const value = load(key);
  // The number of tenants, not of entries.
  if (Object.keys(tenants).length > MAX_ENTRIES) cache.delete(cache.keys().next().value);
  cache.set(key, value);
  return value;
}

const names = Array.from({ length: 12 }, (_, i) => `tenant-${i}`);

rounds(30, () => {
  for (let i = 0; i < 80; i++) {
    lookup(traffic.pick(names), `user:${traffic.int(1e7)}`, (key) => ({
      key, permissions: traffic.text(5).split(' '), loaded: traffic.int(1e9),
    }));
  }
});
