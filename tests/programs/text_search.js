// An inverted index with ranking, phrase search and prefixes.
const words =
    'garbage collector heap memory leak cache object reference root closure event listener timer promise young old space mark sweep copy barrier slot page block'
        .split(' ');
const glue = ['the', 'a', 'of', 'and', 'holds', 'keeps', 'frees', 'moves', 'in', 'with'];
const stop = new Set(['the', 'a', 'of', 'and', 'in', 'with']);
let state = 99;
const next = (n) => {
  state = (Math.imul(state, 48271) >>> 0) % 2147483647;
  return state % n;
};

const documents = Array.from({length: 400}, (_, id) => {
  const length = 20 + next(60);
  const text =
      Array.from({length}, (_, i) => (i % 3 === 2 ? glue[next(glue.length)] : words[next(words.length)]));
  text[0] = text[0][0].toUpperCase() + text[0].slice(1);
  return {id, title: `Document #${id}`, text: text.join(' ').replace(/(\w+ \w+ \w+ \w+ \w+) /g, '$1. ')};
});

const tokenize = (text) => text.toLowerCase().match(/[a-z]+/g) ?? [];

class Index {
  constructor() {
    this.postings = new Map();
    this.lengths = [];
  }
  add({id, text}) {
    const tokens = tokenize(text);
    this.lengths[id] = tokens.length;
    tokens.forEach((token, position) => {
      if (stop.has(token)) return;
      let posting = this.postings.get(token);
      if (!posting) this.postings.set(token, (posting = new Map()));
      if (!posting.has(id)) posting.set(id, []);
      posting.get(id).push(position);
    });
  }
  search(query, limit = 3) {
    const scores = {};
    for (const term of tokenize(query)) {
      const posting = this.postings.get(term);
      if (!posting) continue;
      const idf = Math.log(1 + this.lengths.length / posting.size);
      for (const [id, {length}] of posting) {
        scores[id] = (scores[id] || 0) +
            (idf * length * 2.2) / (length + 1.2 * (0.25 + (0.75 * this.lengths[id]) / 50));
      }
    }
    return Object.entries(scores)
        .map(([id, score]) => ({id: +id, score: +score.toFixed(3)}))
        .sort((a, b) => b.score - a.score || a.id - b.id)
        .slice(0, limit);
  }
  phrase(text) {
    const [first, ...rest] = tokenize(text).filter((t) => !stop.has(t));
    const found = [];
    for (const [id, positions] of this.postings.get(first) ?? []) {
      const matches =
          positions.filter((p) => rest.every((t, i) => this.postings.get(t)?.get(id)?.includes(p + i + 1)));
      if (matches.length) found.push([id, matches]);
    }
    return found;
  }
  prefix(start) { return [...this.postings.keys()].filter((t) => t.startsWith(start)).sort(); }
}

const index = new Index();
documents.forEach((d) => index.add(d));
console.log(documents[7]);
console.log('terms', index.postings.size, 'tokens', index.lengths.reduce((a, b) => a + b, 0));
for (const query of ['memory leak', 'closure', 'young space barrier', 'nothing known', ''])
  console.log(JSON.stringify(query), index.search(query));
console.log(index.phrase('garbage collector').slice(0, 4), index.phrase('leak leak').length);
console.log(index.prefix('c'), index.prefix('zz'));
const snippet = (id, term) =>
    documents[id].text.replace(new RegExp(`\\b(${term}\\w*)`, 'gi'), '[$1]').slice(0, 90);
for (const {id} of index.search('heap root')) console.log(id, snippet(id, 'heap|root'));
const frequency = [...index.postings]
                      .map(([t, p]) => [t, [...p.values()].reduce((n, l) => n + l.length, 0)])
                      .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
console.log(Object.fromEntries(frequency.slice(0, 8)));
