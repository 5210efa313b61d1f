// Built-ins as base classes.
class Stack extends Array {
  peek() { return this[this.length - 1]; }
}
const s = new Stack();
s.push(1, 2, 3);
console.log(s.peek(), s.length, s instanceof Array, Array.isArray(s), s);
class HttpError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
    this.name = 'HttpError';
  }
}
const e = new HttpError(404, 'Not found');
console.log(e instanceof HttpError, e instanceof Error, String(e), e.status, Object.keys(e), e.stack.split('\n')[0]);
class Counter extends Map {
  add(k) { return this.set(k, (this.get(k) ?? 0) + 1); }
}
console.log(new Counter([['a', 5]]).add('a').add('b'));
class MySet extends Set {
  union(o) { return new MySet([...this, ...o]); }
}
console.log(new MySet([1]).union([2]));
class MyPromise extends Promise {}
const mine = MyPromise.resolve(1).then((x) => x + 1);
console.log(mine instanceof MyPromise, mine);

// extends null, a function, an expression, a class without constructor.
class Null extends null {
  static x = 1;
}
console.log(Object.getPrototypeOf(Null.prototype), Null.x);
try {
  new Null();
} catch (err) {
  console.log(err.name, err.message);
}
function Old(x) { this.x = x; }
Old.prototype.get = function () { return this.x; };
class New extends Old {}
console.log(new New(3).get(), new New(3));
const mixin = (Base) => class extends Base { mixed() { return 'mixed'; } };
class Mixed extends mixin(Object) {}
console.log(new Mixed().mixed(), new Mixed());
for (const bad of [5, undefined, {}, () => {}]) {
  try {
    class X extends bad {}
  } catch (err) {
    console.log(err.message);
  }
}

// super in methods, statics, objects, arrows; super property assignment.
class A {
  constructor() { this.tag = 'A'; }
  m() { return 'A.m ' + this.tag; }
  static s() { return 'A.s ' + this.name; }
  get g() { return 'A.g ' + this.tag; }
}
class B extends A {
  m() { return (() => 'B>' + super.m())(); }
  static s() { return 'B>' + super.s(); }
  get g() { return 'B>' + super.g; }
  put() { super.put = 'own'; return Object.keys(this); }
  missing() { return super.missing; }
  computed(k) { return super[k](); }
}
const b = new B();
console.log(b.m(), B.s(), b.g, b.put(), b.missing(), b.computed('m'));
const proto = { hello() { return 'proto hello ' + this.n; } };
const child = { __proto__: proto, n: 1, hello() { return super.hello() + '!'; } };
console.log(child.hello(), Object.keys(child));

// A constructor that returns an object; one that never calls super.
class R extends A {
  constructor() {
    super();
    return { replaced: true };
  }
}
console.log(new R());
class NoSuper extends A { constructor() {} }
try {
  new NoSuper();
} catch (err) {
  console.log(err.name, err.message);
}
class Prim extends A { constructor() { super(); return 1; } }
try {
  new Prim();
} catch (err) {
  console.log(err.name, err.message);
}

// new.target reaches the base.
class Shape {
  constructor() {
    if (new.target === Shape) throw new TypeError('abstract');
    this.kind = new.target.name;
  }
}
class Circle extends Shape {}
console.log(new Circle());
try {
  new Shape();
} catch (err) {
  console.log(err.message);
}
console.log(Reflect.construct(Shape, [], Circle) instanceof Circle);

// Symbol.hasInstance and changed prototypes.
class Even { static [Symbol.hasInstance](n) { return n % 2 === 0; } }
console.log(2 instanceof Even, 3 instanceof Even);
try {
  ({}) instanceof 5;
} catch (err) {
  console.log(err.message);
}
try {
  ({}) instanceof (() => {});
} catch (err) {
  console.log(err.message);
}
Object.setPrototypeOf(B.prototype, { m() { return 'changed'; } });
console.log(b.m(), b instanceof A);

// Fields shadow and see each other; arrow functions in fields keep this.
class F {
  a = 1;
  b = this.a + 1;
  handler = () => this.a;
  static instances = [];
  constructor() { F.instances.push(this); }
}
class G extends F { a = 10; }
const { handler } = new G();
console.log(handler(), F.instances, G.instances === F.instances);
const C1 = class Named { who() { return Named.name; } };
console.log(new C1().who(), C1.name, typeof Named);
class Acc {
  static #n = 0;
  static get n() { return Acc.#n; }
  static set n(v) { Acc.#n = v * 2; }
  static #inc() { return ++Acc.#n; }
  static inc() { return this.#inc(); }
}
Acc.n = 5;
console.log(Acc.n, Acc.inc(), Acc.n++, Acc.n);
