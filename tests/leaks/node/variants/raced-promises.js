// culprit: stopping\b|stopped\b|lifetime\b
// kind: closure|forgotten cache/collection|unneeded reference|listener
//
// Each operation is raced against a promise that lasts as long as the service. A race that is over
// leaves its reactions on the one that lost.
'use strict';

const rounds = require('../rounds');
const random = require('../traffic')(138);

const lifetime = {};
lifetime.stopping = new Promise((resolve) => { lifetime.stop = resolve; });

async function fetchDocument(id) {
  await null;
  if (id % 40 === 0) throw new Error('gone');
  return { id, title: random.text(4), body: random.text(50).split(' ') };
}

const untilStopped = (operation) => Promise.race([
  operation,
  lifetime.stopping.then(() => { throw new Error('stopping'); }),
]);

const shelf = new Map();
const counts = { fetched: 0, gone: 0, words: 0 };

async function read(id) {
  try {
    const document = await untilStopped(fetchDocument(id));
    counts.fetched++;
    counts.words += document.body.length;
    shelf.set(id % 100, document);
  } catch (error) {
    if (error.message !== 'gone') throw error;
    counts.gone++;
  }
}

rounds(30, async () => {
  for (let i = 0; i < 10; i++) await Promise.all(Array.from({ length: 9 }, () => read(random.int(10000))));
}).then(() => console.log(JSON.stringify(counts), shelf.size));
