// Each round of a loop has its own let; var has one for all.
const lets = [];
for (let i = 0; i < 3; i++) lets.push(() => i);
console.log(lets.map((f) => f()));

var vars = [];
for (var v = 0; v < 3; v++) vars.push(() => v);
console.log(vars.map((f) => f()));

// A closure made in the head and in the update part.
const heads = [];
for (let i = 0, get = () => i; i < 3; i++) heads.push(get);
console.log(heads.map((f) => f()));

const updates = [];
for (let i = 0; i < 3; updates.push(() => i), i++);
console.log(updates.map((f) => f()));

// A closure that changes its round's variable changes only that one, and the loop goes on from it.
const counters = [];
for (let i = 0; i < 6; i++) {
  counters.push({ bump: () => ++i, get: () => i });
  if (i === 1) counters[1].bump();
}
console.log(counters.length, counters.map((c) => c.get()));
counters[0].bump();
counters[0].bump();
console.log(counters.map((c) => c.get()));

const ofs = [];
for (const [k, w] of Object.entries({ a: 1, b: 2 })) ofs.push(() => k + w);
console.log(ofs.map((f) => f()));

const ins = [];
for (const key in { x: 1, y: 2 }) ins.push(() => key);
console.log(ins.map((f) => f()));

const whiles = [];
let n = 0;
while (n < 3) {
  const m = n * n;
  whiles.push(() => m);
  n++;
}
console.log(whiles.map((f) => f()));

// Two levels, and a block between them.
const nested = [];
for (let i = 0; i < 2; i++) {
  for (let j = 0; j < 2; j++) {
    let k = i * 10 + j;
    nested.push(() => [i, j, k++]);
  }
}
console.log(nested.map((f) => f().join()), nested.map((f) => f().join()));
