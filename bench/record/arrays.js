// SPDX-License-Identifier: MIT
let acc = 0;
for (let r = 0; r < 1000; r++) {
  const list = [];
  for (let i = 0; i < 2000; i++) list.push([i, r]);
  const mapped = list.map((p) => ({ x: p[0], y: p[1] })).filter((p) => p.x % 3 === 0);
  acc += mapped.reduce((s, p) => s + p.x + p.y, 0);
}
console.log(acc);
