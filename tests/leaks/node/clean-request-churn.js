// clean
//
// Plain request handling that keeps nothing but counters and a histogram of fixed size.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(70);

const histogram = new Uint32Array(64);
const counters = { requests: 0, errors: 0, bytes: 0 };
const byMethod = { GET: 0, POST: 0, PUT: 0, DELETE: 0 };

async function readBody(request) {
  const body = traffic.text(request.method === 'GET' ? 0 : 60);
  await null;
  return body === '' ? null : { words: body.split(' '), length: body.length };
}

function project(body) {
  const counts = new Map();
  for (const word of body.words) counts.set(word, (counts.get(word) || 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).slice(0, 5);
}

async function handle(request) {
  counters.requests++;
  byMethod[request.method]++;
  try {
    const body = await readBody(request);
    if (request.user % 41 === 0) throw new Error(`user ${request.user} is locked`);
    const answer = JSON.stringify({
      url: request.url,
      top: body ? project(body) : [],
      related: Array.from({ length: 6 }, () => traffic.user(900)),
    });
    counters.bytes += answer.length;
    histogram[Math.min(63, answer.length >> 4)]++;
    return 200;
  } catch (error) {
    counters.errors += error.message.length > 0 ? 1 : 0;
    return 423;
  }
}

rounds(30, async () => {
  for (let batch = 0; batch < 10; batch++) {
    await Promise.all(Array.from({ length: 20 }, () => handle(traffic.request())));
  }
}).then(() => console.log(JSON.stringify(counters), JSON.stringify(byMethod)));
