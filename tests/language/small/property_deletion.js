const o = {
  a: 1,
  b: 2,
  c: 3
};
delete o.b;
o.d = 4;
o.b = 5;
console.log(o, 'b' in o, delete o.a, o);
const arr = [1, 2, 3];
delete arr[1];
console.log(arr, arr.length, 1 in arr, arr.indexOf(undefined));
class A {
  x = 1;
}
const a = new A();
delete a.x;
console.log(a, a.x);
a.x = 2;
console.log(a);
function F() { this.q = 1; }
F.prototype.q = 'proto';
const f = new F();
delete f.q;
console.log(f.q);
delete F.prototype.q;
console.log(f.q);
for (let i = 0; i < 100; i++) {
  o['k' + i] = i;
  delete o['k' + (i - 3)];
}
console.log(o);
