// culprit: (feed|source|pipes|listeners)
// kind: listener|forgotten cache/collection|large object
// needs: node (streams)
//
// Clients follow a log. Each has a stream that the feed is piped into, and when it goes away nobody
// unpipes it.
'use strict';

const rounds = require('../rounds');
const traffic = require('../traffic')(207);
const { PassThrough } = require('stream');
require('events').defaultMaxListeners = 0;

const feed = new PassThrough({ highWaterMark: 1 << 20 });
const served = { clients: 0, lines: 0 };

function follow(client) {
  const output = new PassThrough();
  output.on('data', (chunk) => { served.lines += chunk.length > 0 ? 1 : 0; });
  output.client = client;
  feed.pipe(output);
  served.clients++;
  return output;
}

rounds(21, async () => {
  for (let i = 0; i < 10; i++) {
    const stream = follow({ name: traffic.word(), address: traffic.hex(8) });
    feed.write(traffic.text(5) + '\n');
    await null;
    stream.removeAllListeners('data');
    stream.resume();
  }
});
