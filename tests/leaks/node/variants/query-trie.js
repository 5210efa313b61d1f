// culprit: trie\b|completer\b|root\b
// kind: forgotten cache/collection
//
// Auto-completion that learns each query it sees, in a trie. No node ever has many children: it is
// the whole tree that grows.
'use strict';

const rounds = require('../rounds');
const random = require('../traffic')(131);

const makeNode = () => ({ weight: 0, last: 0, next: null });

const completer = {
  trie: makeNode(),
  learned: 0,

  learn(query) {
    let node = this.trie;
    for (const letter of query) {
      if (!node.next) node.next = Object.create(null);
      node = node.next[letter] || (node.next[letter] = makeNode());
      node.weight++;
    }
    node.last = ++this.learned;
  },

  complete(prefix) {
    let node = this.trie;
    for (const letter of prefix) {
      node = node.next && node.next[letter];
      if (!node) return '';
    }
    let text = prefix;
    while (node.next) {
      const [letter, child] = Object.entries(node.next).reduce((a, b) => (b[1].weight > a[1].weight ? b : a));
      text += letter;
      node = child;
    }
    return text;
  },
};

const answered = { queries: 0, letters: 0 };

function type(query) {
  answered.queries++;
  answered.letters += completer.complete(query.slice(0, 4)).length;
  completer.learn(query);
}

rounds(30, () => {
  for (let i = 0; i < 25; i++) type(`${random.word()} ${random.word()} ${random.int(100000)}`);
}).then(() => console.log(JSON.stringify(answered)));
