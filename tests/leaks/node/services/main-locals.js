// culprit: (results|main)
// kind: forgotten cache/collection
//
// Everything is local to main(), as in a script that grew into a daemon.
'use strict';

const rounds = require('../rounds');
const makeTraffic = require('../traffic');

async function main() {
  const traffic = makeTraffic(223);
  const results = [];
  const buffer = [];
  let processed = 0;

  const crawl = async (url) => {
    await null;
    buffer.push(url);
    if (buffer.length > 40) buffer.length = 0;
    return { url, title: traffic.text(4), links: traffic.text(5).split(' ') };
  };

  await rounds(30, async () => {
    for (let i = 0; i < 50; i++) {
      const page = await crawl(traffic.request().url);
      results.push(page);
      processed++;
    }
  });
  console.log(processed === results.length);
}

main();
