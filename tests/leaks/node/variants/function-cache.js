// culprit: \bcache\b|\bslug\b
// kind: forgotten cache/collection
//
// A function that keeps its cache as a property of itself; a second one does it right.
'use strict';

const rounds = require('../rounds');
const random = require('../traffic')(140);

function slug(title) {
  const cache = slug.cache;
  if (cache[title] === undefined) {
    const words = title.toLowerCase().replace(/[^a-z0-9 ]/g, '').split(' ');
    cache[title] = { words, text: words.join('-'), short: words.slice(0, 3).join('-') };
  }
  return cache[title];
}
slug.cache = {};

function initials(name) {
  const { seen, order } = initials;
  if (!seen.has(name)) {
    seen.set(name, name.split(/[ .]/).map((part) => part[0]).join(''));
    order.push(name);
    if (order.length > 300) seen.delete(order.shift());
  }
  return seen.get(name);
}
initials.seen = new Map();
initials.order = [];

const feed = new Array(50).fill('');
let posts = 0;

function post() {
  const author = random.user(1e6).name;
  const title = `${random.text(6)} ${random.int(10000)}`;
  feed[posts++ % feed.length] = `/${initials(author)}/${slug(title).short}`;
}

rounds(30, () => {
  for (let i = 0; i < 90; i++) post();
}).then(() => console.log(posts, feed.length, initials.seen.size));
