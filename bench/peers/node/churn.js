// SPDX-License-Identifier: MIT
// random-slot churn. The 64-bit xorshift runs on two 32-bit halves.
'use strict';

class Item {
  constructor(id, value) {
    this.id = id;
    this.value = value;
  }
}

let high = 0x9e3779b9 | 0;
let low = 0x7f4a7c15 | 0;

function step() {
  let h = high ^ ((high << 13) | (low >>> 19));
  let l = low ^ (low << 13);
  l ^= (l >>> 7) | (h << 25);
  h ^= h >>> 7;
  high = h ^ ((h << 17) | (l >>> 15));
  low = l ^ (l << 17);
}

function churn(slots, bits, replacements) {
  let checksum = 0;
  const shift = 32 - bits;
  for (let i = 0; i < replacements; i++) {
    step();
    const slot = high >>> shift;
    const replacement = new Item(slots.length + i, low);
    const old = slots[slot];
    checksum = (Math.imul(checksum, 31) + (old.id ^ old.value)) | 0;
    slots[slot] = replacement;
  }
  return checksum;
}

const bits = Number(process.argv[2] ?? 20);
const replacements = Number(process.argv[3] ?? 30_000_000);

const slots = new Array(2 ** bits).fill(null);
for (let i = 0; i < slots.length; i++) {
  step();
  slots[i] = new Item(i, low);
}
let checksum = churn(slots, bits, replacements);
for (const item of slots) checksum = (Math.imul(checksum, 31) + (item.id ^ item.value)) | 0;
console.log(`checksum ${checksum >>> 0}`);
