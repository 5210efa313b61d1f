// SPDX-License-Identifier: MIT
// Linked lists: what makes an algorithm that recurses fail, and one that is not quite linear slow.
//
//   node --max-old-space-size=16000 chains.js LISTS LENGTH OUT.heapsnapshot
'use strict';
const fs = require('fs');
const v8 = require('v8');

const [lists, length, out] = process.argv.slice(2);
globalThis.kept = [];
for (let i = 0; i < Number(lists); i++) {
  let head = null;
  for (let j = 0; j < Number(length); j++) head = {next: head, value: j + 0.5};
  globalThis.kept.push(head);
}
console.log(v8.writeHeapSnapshot(out), fs.statSync(out).size);
