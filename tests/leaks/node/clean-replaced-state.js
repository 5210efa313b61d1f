// clean
//
// A read model that is built anew every round and replaces the one before. Readers hold the one
// they started with, and not for long.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(76);

const PRODUCTS = 700;
const stock = new Int32Array(PRODUCTS).fill(100);
let model = Object.freeze({ revision: 0, products: [], byCategory: new Map() });

function rebuild() {
  const products = Array.from({ length: PRODUCTS }, (_, id) => ({
    id,
    stock: stock[id],
    category: `category-${id % 25}`,
    label: `${id}: ${stock[id]} left, ${traffic.word()}`,
  }));
  const byCategory = new Map();
  for (const product of products) {
    if (!byCategory.has(product.category)) byCategory.set(product.category, []);
    byCategory.get(product.category).push(product);
  }
  model = Object.freeze({ revision: model.revision + 1, products, byCategory });
}

const readers = [];
let listed = 0;

function browse() {
  const snapshot = model;
  readers.push(() => snapshot.byCategory.get(`category-${traffic.int(25)}`).length);
  if (readers.length > 60) readers.shift();
  for (const read of readers.slice(-3)) listed += read();
}

function sell(count) {
  for (let i = 0; i < count; i++) {
    const id = traffic.int(PRODUCTS);
    stock[id] = stock[id] > 0 ? stock[id] - 1 : 100;
  }
}

rounds(30, () => {
  rebuild();
  for (let i = 0; i < 40; i++) browse();
  sell(200);
}).then(() => console.log(model.revision, listed > 0, readers.length));
