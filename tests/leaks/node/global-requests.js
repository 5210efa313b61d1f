// culprit: lastRequests\b
// kind: forgotten cache/collection
//
// Debugging help that was never taken out: a list on the global object.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(51);

globalThis.lastRequests = globalThis.lastRequests || [];

const limits = new Map();
const WINDOW = 60;

function allowed(user, now) {
  const bucket = limits.get(user) || { tokens: 10, updated: now };
  bucket.tokens = Math.min(10, bucket.tokens + (now - bucket.updated) / 4);
  bucket.updated = now;
  limits.set(user, bucket);
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

function sweep(now) {
  for (const [user, bucket] of limits) {
    if (now - bucket.updated > WINDOW) limits.delete(user);
  }
}

function debugNote(request, verdict) {
  globalThis.lastRequests.push({ ...request, verdict, note: traffic.text(4) });
}

let refused = 0;
let now = 0;
rounds(30, () => {
  for (let i = 0; i < 180; i++) {
    const request = traffic.request(300);
    const ok = allowed(request.user, now);
    if (!ok) refused++;
    debugNote(request, ok);
    now += 0.2;
  }
  sweep(now);
}).then(() => console.log(`${refused} refused, ${limits.size} buckets`));
