// SPDX-License-Identifier: MIT
function tree(depth) { return depth === 0 ? { left: null, right: null } : { left: tree(depth - 1), right: tree(depth - 1) }; }
function count(t) { return t.left === null ? 1 : 1 + count(t.left) + count(t.right); }
let total = 0;
const kept = new Map();
for (let i = 0; i < 120; i++) { const t = tree(14); total += count(t); kept.set(i % 5, { t }); }
for (let i = 0; i < 200000; i++) kept.set(i % 1000, { i, previous: kept.get((i + 1) % 1000) === undefined ? null : i });
console.log(total, kept.size);
