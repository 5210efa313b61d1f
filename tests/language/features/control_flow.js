const out = [];
for (let i = 0; i < 10; i++) {
  if (i === 2) continue;
  if (i === 6) break;
  out.push(i);
}
console.log(out.join());
let n = 0;
while (true) {
  if (++n > 5) break;
}
do {
  n--;
} while (n > 3);
console.log(n);
outer: for (let i = 0; i < 4; i++) {
  for (let j = 0; j < 4; j++) {
    if (j === 2) continue outer;
    if (i === 2) break outer;
    console.log(i, j);
  }
}
block: {console.log('in'); if (n) break block; console.log('never');} lbl: while (1) {
  switch (1) {
    case 1:
      break lbl;
  }
}
function sw(x) {
  switch (x) {
    case 1:
      return 'one';
    case 2:
    case 3:
      return 'two or three';
    case 'a': {
      let y = 'A';
      return y;
    }
    default:
      return 'other';
    case NaN:
      return 'nan';
  }
}
console.log(sw(1), sw(2), sw(3), sw('a'), sw(NaN), sw('1'));
function fall(x) {
  const r = [];
  switch (x) {
    default:
      r.push('d');
    case 1:
      r.push(1);
    case 2:
      r.push(2);
      break;
    case 3:
      r.push(3);
  }
  return r.join();
}
console.log(fall(1), fall(2), fall(3), fall(9));
switch (3) {
  case 1:
    var q;
    break;
  default:
    q = 4;
    console.log(q);
}
for (const k in {a: 1, b: 2, 2: 0, 1: 0}) console.log(k);
for (const k in [7, 8]) console.log(typeof k, k);
for (const ch of 'a😀b') console.log(ch, ch.length);
for (const [k, v] of Object.entries({x: 1, y: 2})) console.log(k, v);
for (const k in 'ab') console.log(k);
class P {
  constructor() { this.own = 1; }
}
P.prototype.inherited = 2;
for (const k in new P) console.log(k);
const del = {
  a: 1,
  b: 2,
  c: 3
};
for (const k in del) {
  delete del.b;
  console.log(k);
}
for (const k in null) console.log('never');
for (const k in undefined) console.log('never');
let m = 0;
for (;;) {
  if (m++ > 2) break;
}
console.log(m);
for (let i = 0, j = 10; i < j; i += 3, j -= 2) console.log(i, j);
if (0)
  console.log('no');
else if ('')
  console.log('no');
else
  console.log('else');
var k2;
for (k2 of [1, 2])
  ;
console.log(k2);
const obj = {};
for (obj.p of [1, 2, 3])
  ;
console.log(obj);
for (const x of new Set([3, 1, 3])) console.log(x);
for (const [a, {b}] of [[1, {b: 2}], [3, {b: 4}]]) console.log(a, b);
foo: for (const a of [1, 2, 3]) {
  for (const b of [1, 2, 3]) {
    if (b > a) continue foo;
    console.log(a, b);
  }
}
