let out = [];
for (let i = 0, j = 10; i < j; i += 3, j--) out.push(`${i}:${j}`);
console.log(out.join(' '));

let i = 5;
while (i-- > 0) if (i % 2) continue; else out[i] = i;
console.log(i, out);

do var once = 'once'; while (false)
console.log(once);

for (;;) break;
for (var x in [7, 8, 9]) console.log(x, typeof x);
console.log(x);

for (const c of 'a😀b') console.log(c, c.length);
for (let key in 'abc') out.push(key);
console.log(out);
for (const key in null) console.log('never');
for (const key in undefined) console.log('never');
for (const key in 5) console.log('never');

// Inherited enumerable properties come after own ones; shadowed and hidden ones do not come.
const base = { a: 1, b: 2, hidden: 3 };
const derived = Object.create(base, { own: { value: 1, enumerable: true }, hidden: { value: 0, enumerable: false } });
derived.b = 5;
for (const key in derived) console.log(key);

// Deleting during for-in: what was deleted before its turn does not come.
const doomed = { p: 1, q: 2, r: 3 };
for (const key in doomed) {
  console.log(key);
  delete doomed.q;
}

// Targets that are not variables.
const target = { list: [] };
for (target.field of [1, 2]) target.list.push(target.field);
for (target.list[2] in { z: 1 });
console.log(target);
for ([target.p, target.q = 4] of [[1], [2, 3]]) console.log(target.p, target.q);

// An array that grows while we go over it.
const growing = [1, 2, 3];
for (const value of growing) if (growing.length < 6) growing.push(value * 10);
console.log(growing);

let sum = 0;
for (let k = 0; k < 100000; k++) sum = (sum + k * k) % 1000003;
console.log(sum);

let a = 0, b = 0;
for (a = 0; a < 3; a++) for (b = 0; b < 3; b++) if (a * b === 2) break;
console.log(a, b);
var of = [1];
for (of of [[2]]) console.log(of);
let text = '';
for (const ch of new Set('mississippi')) text += ch;
console.log(text);
