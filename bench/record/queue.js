// SPDX-License-Identifier: MIT
let head = null, tail = null, sum = 0;
function push(value) { const node = { value, next: null, meta: { seen: false } }; if (tail) tail.next = node; else head = node; tail = node; }
function shift() { const node = head; head = head.next; if (!head) tail = null; node.meta.seen = true; return node.value; }
for (let i = 0; i < 1000; i++) push({ id: i, name: 'n' + i });
for (let i = 0; i < 2000000; i++) { push({ id: i, name: 'job' }); sum += shift().id; }
console.log(sum);
