// clean
//
// Large tables that are made when first asked for, one after another, the last of them half-way.
'use strict';

const rounds = require('./rounds');
const traffic = require('./traffic')(67);

const lazy = (make) => {
  let value;
  return () => (value === undefined ? (value = make()) : value);
};

const crcTable = lazy(() => Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
}));

const currencies = lazy(() => new Map(Array.from({ length: 800 }, (_, i) =>
  [`C${i}`, { code: `C${i}`, digits: i % 4, name: traffic.text(3) }])));

const collation = lazy(() => Array.from({ length: 3000 }, (_, i) => ({ from: i, to: (i * 7919) % 3000, weight: [i, i >> 2] })));

const stopWords = lazy(() => new Set(Array.from({ length: 1200 }, (_, i) => `${traffic.word()}${i}`)));

const features = [
  () => {
    let crc = ~0;
    for (const c of traffic.text(4)) crc = crcTable()[(crc ^ c.charCodeAt(0)) & 255] ^ (crc >>> 8);
    return crc >>> 0;
  },
  () => currencies().get(`C${traffic.int(800)}`).digits,
  () => collation()[traffic.int(3000)].to,
  () => Number(stopWords().has(`${traffic.word()}${traffic.int(1200)}`)),
];

let checksum = 0;
rounds(36, (round) => {
  // A new feature is switched on every five rounds, until all are.
  const enabled = Math.min(features.length, 1 + Math.floor(round / 5));
  for (let i = 0; i < 300; i++) checksum = (checksum + features[i % enabled]()) % 1000003;
}).then(() => console.log(checksum >= 0, currencies().size, stopWords().size));
