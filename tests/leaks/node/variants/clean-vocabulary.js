// clean
//
// Words are numbered as they are met. The first texts have many new ones, later texts few, and in
// the end there are none left.
'use strict';

const rounds = require('../rounds');
const random = require('../traffic')(155);

const vocabulary = Object.create(null);
const words = [];
const pairs = new Map();

function number(word) {
  let found = vocabulary[word];
  if (found === undefined) {
    found = vocabulary[word] = { id: words.length, count: 0, documents: new Uint8Array(64) };
    words.push(word);
  }
  found.count++;
  return found;
}

function index(document, text) {
  let previous = null;
  for (const word of text.split(' ')) {
    const entry = number(word);
    entry.documents[document % 64] = 1;
    if (previous !== null) {
      // Neighbours are counted for the hundred commonest words only.
      if (entry.id < 12 && previous.id < 12) {
        const key = `${previous.id}/${entry.id}`;
        pairs.set(key, (pairs.get(key) || 0) + 1);
      }
    }
    previous = entry;
  }
}

let documents = 0;
rounds(36, () => {
  for (let i = 0; i < 14; i++) {
    const inflected = random.text(60).split(' ').map((word) => word + random.pick(['', 's', 'ed', 'ing'])).join(' ');
    index(documents++, inflected);
  }
}).then(() => console.log(documents, words.length, pairs.size <= 144));
