const o = {};
for (const k of ['z', '10', 'a', '9', '-1', '1.5', '00', '4294967295', '4294967294', Symbol('s'), 'b'])
  o[k] = 1;
console.log(Reflect.ownKeys(o), Object.keys(o));
for (const k in o) console.log(k);
class A {
  b = 1;
  a = 2;
  3 = 3;
  1 = 1;
}
console.log(Object.keys(new A()), JSON.stringify(new A()));
const c = {
  ...{y: 1, 2: 2},
  x: 3,
  1: 1
};
console.log(c);
const p = Object.create({inherited: 1, 5: 5});
p.own = 2;
p[7] = 7;
const keys = [];
for (const k in p) keys.push(k);
console.log(keys);
const m = Object.assign({b: 1}, {a: 2, b: 3});
console.log(m, Object.entries(m));
delete m.b;
m.b = 9;
console.log(Object.values(m));
for (const k in [5, , 6]) console.log(typeof k, k);
for (const k in 'ab') console.log(k);
function F() {}
F.prototype.x = 1;
const f = new F();
f.y = 2;
for (const k in f) console.log(k, f.hasOwnProperty(k));
