// culprit: promiseCache\b
// kind: forgotten cache/collection
// accumulates: Promise|Object
//
// A resolver tree in the way of GraphQL. The batching loader was to be made for each request; here
// there is one for the whole process, and it remembers every promise.
'use strict';
const rounds = require('../rounds');
const random = require('../traffic')(105);

const BatchLoader = (batchLoad, { cacheKey = (k) => k } = {}) => {
  const promiseCache = new Map();
  let queue = [];
  const dispatch = async () => {
    const batch = queue;
    queue = [];
    const values = await batchLoad(batch.map((entry) => entry.key));
    batch.forEach((entry, i) => (values[i] instanceof Error ? entry.reject(values[i]) : entry.resolve(values[i])));
  };
  return {
    load(key) {
      const id = cacheKey(key);
      const cached = promiseCache.get(id);
      if (cached) return cached;
      const promise = new Promise((resolve, reject) => {
        if (queue.length === 0) queueMicrotask(dispatch);
        queue.push({ key, resolve, reject });
      });
      promiseCache.set(id, promise);
      return promise;
    },
  };
};

const authorLoader = BatchLoader(async (keys) => keys.map(({ id, fields }) => ({
  __typename: 'Author',
  id,
  ...Object.fromEntries(fields.map((f) => [f, random.text(3)])),
})), { cacheKey: ({ id, fields }) => `${id}:${fields.join()}` });

const FIELDS = ['name', 'bio', 'mail', 'city', 'motto'];

const resolvers = {
  Query: {
    articles: (_, { first, offset }) => Array.from({ length: first }, (__, i) => ({ id: offset + i, author: (offset + i) * 7 })),
  },
  Article: {
    title: () => random.text(4),
    author: (article, { fields }) => authorLoader.load({ id: article.author, fields }),
  },
};

async function execute(query) {
  const articles = resolvers.Query.articles(null, query);
  return Promise.all(articles.map(async (article) => ({
    id: article.id,
    title: resolvers.Article.title(article),
    author: await resolvers.Article.author(article, query),
  })));
}

const planCache = new Map();
const plan = (shape) => {
  if (!planCache.has(shape)) planCache.set(shape, { shape, steps: shape.split(',').map((name) => ({ name })) });
  return planCache.get(shape);
};

let answers = 0;
rounds(30, async () => {
  for (let i = 0; i < 12; i++) {
    const fields = FIELDS.filter(() => random.int(2));
    plan(fields.join());
    answers += (await execute({ first: 10, offset: random.int(100000), fields })).length;
  }
}).then(() => console.log(answers, planCache.size <= 32));
