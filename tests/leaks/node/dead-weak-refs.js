// culprit: refs\b
// kind: forgotten cache/collection
//
// A cache of weak references: the images go, but the references and their keys stay in the map.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(48);

class Image {
  constructor(key, width, height) {
    this.key = key;
    this.width = width;
    this.height = height;
    this.pixels = new Uint8Array(width * height);
  }
}

class ImageCache {
  constructor() {
    this.refs = new Map();
    this.hits = 0;
    this.misses = 0;
  }

  get(key, load) {
    const entry = this.refs.get(key);
    const known = entry && entry.ref.deref();
    if (known) {
      this.hits++;
      return known;
    }
    this.misses++;
    const image = load(key);
    this.refs.set(key, { ref: new WeakRef(image), key, loadedAt: this.misses, source: `/img/${key}.png` });
    return image;
  }
}

const images = new ImageCache();
const onScreen = [];
let decoded = 0;

function decode(key) {
  decoded++;
  return new Image(key, 16 + traffic.int(16), 16);
}

function show(key) {
  onScreen.push(images.get(key, decode));
  if (onScreen.length > 30) onScreen.shift();
}

rounds(30, () => {
  for (let i = 0; i < 160; i++) show(traffic.int(8) === 0 ? `logo-${traffic.int(20)}` : traffic.hex(20));
}).then(() => console.log(decoded > 1000, onScreen.length, images.hits > 0));
