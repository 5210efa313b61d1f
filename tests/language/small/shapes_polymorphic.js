// One place of the program sees many shapes of object.
const get = (o) => o.x;
const shapes = [
  {x: 1}, {y: 0, x: 2}, {z: 0, y: 0, x: 3}, Object.create({x: 4}), {get x() { return 5; }},
  new (class { x = 6; })(), Object.assign([], {x: 7}), Object.assign(() => {}, {x: 8}), 'string', 9,
  new Map(), Object.freeze({x: 12}), new (class {
    get x() { return 13; }
  })(),
  {['x']: 14}, Object.create(null, {x: {value: 15}}), true, Symbol('s')
];
for (let round = 0; round < 3; round++) console.log(shapes.map(get).join());
const set = (o, v) => {
  o.x = v;
  return o;
};
for (const s
         of [{}, {x: 1}, {y: 1}, Object.freeze({x: 1}), {set x(v) { this.got = v; }},
             Object.create({x: 'proto'}), Object.create({set x(v) { this.viaSetter = v; }}), [],
             Object.create(Object.freeze({x: 0}))])
  console.log(set(s, 'v'));
const call = (o) => o.m();
class A {
  m() { return 'A'; }
}
class B extends A {}
class C extends A {
  m() { return 'C' + super.m(); }
}
const objects = [new A(), new B(), new C(), {m: () => 'own'}];
console.log(objects.map(call));
A.prototype.m = () => 'patched';
console.log(objects.map(call));
B.prototype.m = () => 'B now';
console.log(objects.map(call));
delete B.prototype.m;
console.log(objects.map(call));
Object.prototype.late = 'everywhere';
console.log(objects[0].late, 'x'.late, (5).late);
delete Object.prototype.late;
console.log(objects[0].late);
