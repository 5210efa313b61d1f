// clean
//
// Loaders made for each request, with a bounded second-level cache behind them that is emptied
// when it is full.
'use strict';
const rounds = require('../rounds');
const random = require('../traffic')(124);

const secondLevel = {
  entries: new Map(),
  flushes: 0,
  remember(key, value) {
    if (this.entries.size >= 900) {
      this.entries = new Map();
      this.flushes++;
    }
    this.entries.set(key, value);
    return value;
  },
};

const makeLoader = (kind) => {
  const pending = new Map();
  return (id) => {
    if (!pending.has(id)) {
      pending.set(id, Promise.resolve().then(() => {
        const key = `${kind}:${id}`;
        return secondLevel.entries.get(key)
          || secondLevel.remember(key, { kind, id, title: random.text(4), tags: random.text(3).split(' ') });
      }));
    }
    return pending.get(id);
  };
};

const makeContext = (request) => ({
  request,
  loaders: { author: makeLoader('author'), book: makeLoader('book') },
  warnings: [],
});

async function resolve(context) {
  const ids = Array.from({ length: 8 }, () => random.int(1500));
  const books = await Promise.all(ids.map((id) => context.loaders.book(id)));
  const authors = await Promise.all(books.map((book) => context.loaders.author(book.id % 400)));
  if (new Set(authors).size < 8) context.warnings.push('the same author twice');
  return authors.length + context.warnings.length;
}

let resolved = 0;
rounds(33, async () => {
  for (let i = 0; i < 30; i++) resolved += await resolve(makeContext(random.request()));
}).then(() => console.log(resolved > 0, secondLevel.flushes > 0, secondLevel.entries.size <= 900));
