// culprit: (shutdown|signal|controller)
// kind: listener
// needs: node (AbortController)
//
// Every request may be aborted by the process' shutdown. When it is done it keeps listening.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(205);
require('events').defaultMaxListeners = 0;

const shutdown = new AbortController();
const cache = new Map();

function fetchLike(request, { signal }) {
  return new Promise((resolve, reject) => {
    const state = { request, chunks: [traffic.text(10), traffic.text(10)], started: Date.now() };
    signal.addEventListener('abort', () => {
      state.chunks.length = 0;
      reject(new Error(`aborted ${state.request.url}`));
    });
    setImmediate(() => resolve({ status: 200, body: state.chunks.join('') }));
  });
}

async function proxy(request) {
  const key = `${request.method} ${request.url}`;
  if (cache.has(key)) return cache.get(key);
  const answer = await fetchLike(request, { signal: shutdown.signal });
  cache.set(key, answer);
  if (cache.size > 50) cache.delete(cache.keys().next().value);
  return answer;
}

rounds(24, async () => {
  await Promise.all(Array.from({ length: 50 }, () => proxy(traffic.request(5000))));
});
