// culprit: current\b|previous\b
// kind: closure|large object|forgotten cache/collection
//
// `audit` is never called, but it is a closure beside `size`, so both share one context, and with
// it `previous`: every publication keeps the one before.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(19);

let current = null;
const checksums = new Array(16).fill(0);

function render(version) {
  const lines = [];
  for (let i = 0; i < 120; i++) lines.push(`${version}.${i} ${traffic.text(8)}`);
  return lines.join('\n');
}

function publish(version) {
  const previous = current;
  const text = render(version);

  function audit() {
    if (previous) console.log(`replaces a text of ${previous.size()} characters`);
  }

  current = {
    version,
    size: () => text.length,
    line: (n) => text.split('\n')[n],
    debug: process.env.PUBLISH_DEBUG ? audit : null,
  };
}

function checksum(publication) {
  let sum = 0;
  for (let n = 0; n < 5; n++) {
    for (const word of publication.line(n).split(' ')) sum = (sum * 31 + word.length) % 65521;
  }
  return sum;
}

rounds(30, (round) => {
  for (let i = 0; i < 6; i++) {
    publish(`${round}-${i}`);
    checksums[(round * 6 + i) % checksums.length] = checksum(current);
  }
}).then(() => console.log(`published ${current.version}, ${current.size()} characters`));
