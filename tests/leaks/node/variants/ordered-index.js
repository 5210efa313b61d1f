// culprit: byPrice(\.#root)?( →.*)?$
// kind: forgotten cache/collection|closure
//
// An ordered index as a treap. Offers that expire leave the map they are looked up in, and stay in
// the tree.
'use strict';

const rounds = require('../rounds');
const random = require('../traffic')(132);

class Treap {
  #root = null;

  insert(key, value) {
    this.#root = Treap.#put(this.#root, { key, value, rank: random.next(), left: null, right: null });
  }

  static #put(tree, node) {
    if (tree === null) return node;
    if (node.key < tree.key) {
      tree.left = Treap.#put(tree.left, node);
      if (tree.left.rank <= tree.rank) return tree;
      const up = tree.left;
      tree.left = up.right;
      up.right = tree;
      return up;
    }
    tree.right = Treap.#put(tree.right, node);
    if (tree.right.rank <= tree.rank) return tree;
    const up = tree.right;
    tree.right = up.left;
    up.left = tree;
    return up;
  }

  * from(key, tree = this.#root) {
    if (tree === null) return;
    if (key <= tree.key) yield* this.from(key, tree.left);
    if (key <= tree.key) yield tree.value;
    yield* this.from(key, tree.right);
  }
}

const market = { offers: new Map(), byPrice: new Treap(), sold: 0 };
let serial = 0;

function offer() {
  const item = { id: ++serial, title: random.text(5), seller: random.user(80), price: random.int(100000) };
  market.offers.set(item.id, item);
  market.byPrice.insert(item.price, item);
}

function cheapest(from) {
  for (const item of market.byPrice.from(from)) if (market.offers.has(item.id)) return item;
  return null;
}

rounds(30, () => {
  for (let i = 0; i < 60; i++) {
    offer();
    const wanted = market.offers.size > 40 && cheapest(random.int(90000));
    if (wanted && market.offers.delete(wanted.id)) market.sold++;
  }
  while (market.offers.size > 50) market.offers.delete(market.offers.keys().next().value);
}).then(() => console.log(market.sold, market.offers.size));
