// culprit: (retries|retryQueue|backoff)
// kind: large object|closure|forgotten cache/collection|listener
//
// What could not be uploaded is tried again later, by a closure that has the whole body. Those given
// up are never taken out.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(209);

const MAX_ATTEMPTS = 3;
const retries = [];
const totals = { sent: 0, failed: 0 };

function upload(name, body) {
  let attempts = 0;
  const attempt = () => {
    if (attempts >= MAX_ATTEMPTS) return 'given up';
    attempts++;
    if (traffic.int(10) < 3) {
      totals.failed++;
      return 'failed';
    }
    totals.sent += body.length;
    return 'sent';
  };
  if (attempt() === 'failed') retries.push(attempt);
}

function retryAll() {
  for (let i = Math.max(0, retries.length - 20); i < retries.length; i++) retries[i]();
}

rounds(24, (round) => {
  for (let i = 0; i < 12; i++) {
    const body = Buffer.alloc(48 * 1024, round);
    body.write(traffic.word());
    upload(`part-${round}-${i}`, body);
  }
  retryAll();
});
