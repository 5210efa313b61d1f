class A {
  static count = 0;
  static #secret = 's';
  #priv = 1;
  pub = this.#priv + 1;
  ['comp' + 1] = 'c';
  constructor(x) {
    this.x = x;
    A.count++;
  }
  get priv() { return this.#priv; }
  set priv(v) { this.#priv = v; }
  #m() { return 'private ' + this.x; }
  callM() { return this.#m(); }
  static s() { return A.#secret + this.count; }
  static { this.init = 'block'; }
  static has(o) { return #priv in o; }
  toString() { return `A(${this.x})`; }
}
const a = new A(5);
a.priv = 10;
console.log(a, a.priv, a.callM(), A.s(), A.init, A.has(a), A.has({}), `${a}`, A.count);
class B extends A {
  constructor(x, y) {
    super(x);
    this.y = y;
  }
  callM() { return 'B:' + super.callM(); }
  get priv() { return super.priv * 2; }
  set priv(v) { super.priv = v; }
  static s() { return 'B' + super.s(); }
}
const b = new B(1, 2);
console.log(
    b, b.callM(), b.priv, B.s(), b instanceof A, B.__proto__ === A, B.count,
    Object.getPrototypeOf(b) === B.prototype);
console.log(
    B.name, B.length, typeof B, A.prototype.constructor === A, Object.getOwnPropertyNames(A.prototype),
    Object.keys(a));
class C extends B {}
console.log(new C(3, 4).y, new C(3).x, C.s());
const E = class Named {
  who() { return Named.name; }
};
console.log(E.name, new E().who(), (class {}).name);
class Stack extends Array {
  peek() { return this[this.length - 1]; }
  static get[Symbol.species]() { return Array; }
}
const st = Stack.from([1, 2, 3]);
st.push(4);
console.log(st.peek(), st.length, st instanceof Stack, st.map((x) => x) instanceof Stack, st);
class Base {
  constructor() { this.init(); }
  init() { this.kind = 'base'; }
}
class Derived extends Base {
  field = 'set after super';
  init() {
    this.kind = 'derived';
    this.early = this.field;
  }
}
console.log(new Derived());
const o = {
  __proto__: {hi() { return 'proto hi'; }},
  hi() { return super.hi() + '!'; }
};
console.log(o.hi());
class G {
  * [Symbol.iterator]() {
    yield 1;
    yield 2;
  }
  static async sa() { return 'async static'; }
}
console.log([...new G]);
G.sa().then(console.log);
class Acc {
  static #n = 0;
  static next() { return ++Acc.#n; }
  static get n() { return Acc.#n; }
}
Acc.next();
Acc.next();
console.log(Acc.n);
const mixin = (Sup) => class extends Sup {
  mixed() { return 'mixed'; }
};
class M extends mixin
(Object) {}
console.log(new M().mixed());
try {
  A();
} catch (e) {
  console.log(e.message);
}
try {
  new (class extends A {
    constructor() {}
  })();
} catch (e) {
  console.log(e.message);
}
try {
  a.callM.call({});
} catch (e) {
  console.log(e.message);
}
try {
  class X extends null {}
  new X();
} catch (e) {
  console.log(e.name);
}
try {
  class Y extends 5 {}
} catch (e) {
  console.log(e.message);
}
try {
  new (class {
    #p;
    static t(o) { return o.#p; }
  }).constructor.t({});
} catch (e) {
  console.log(e.message);
}
class Temp {
  static #conv(c) { return c * 9 / 5 + 32; }
  constructor(c) { this.c = c; }
  get f() { return Temp.#conv(this.c); }
  set f(v) { this.c = (v - 32) * 5 / 9; }
}
const t = new Temp(100);
console.log(t.f);
t.f = 32;
console.log(t.c);
class Order {
  a = console.log('field a');
  constructor() { console.log('ctor'); }
  b = console.log('field b');
  static s = console.log('static');
}
new Order();
class Par {
  who = 'parent field';
  constructor() { console.log(this.who); }
}
class Chi extends Par {
  who = 'child field';
}
console.log(new Chi().who);
class Sing {
  static #inst;
  static get() { return Sing.#inst ??= new Sing(); }
}
console.log(Sing.get() === Sing.get());
class Arrow {
  v = 1;
  get = () => this.v;
}
const {get} = new Arrow();
console.log(get());
console.log(
    Object.getOwnPropertyDescriptor(A.prototype, 'priv').enumerable,
    typeof Object.getOwnPropertyDescriptor(A, 'count'), new (class {
      'quoted name'() { return 'q'; }
    })()['quoted name']());
class Chain {
  constructor() { this.ops = []; }
  add(x) {
    this.ops.push(x);
    return this;
  }
}
console.log(new Chain().add(1).add(2).ops);
class NewT {
  constructor() { this.t = new.target.name; }
}
class NewT2 extends NewT {}
console.log(new NewT().t, new NewT2().t, Reflect.construct(NewT, [], NewT2).t);
class Ret {
  constructor() { return {custom: true}; }
}
class Ret2 extends Ret {
  f = 1;
}
console.log(new Ret(), new Ret2());
class Meth {
  static static() { return 'static named static'; }
  get get() { return 'getter get'; }
  async async() {}
  set set(v) {}
}
console.log(Meth.static(), new Meth().get);
console.log(class {
  static x = 1;
  static y = this.x + 1;
}.y, String(class Foo {
              bar() { return 1; }
            }));
class Inst {
  static[Symbol.hasInstance](x) { return x === 1; }
}
console.log(1 instanceof Inst, 2 instanceof Inst);
class P2 {
  #x = 0;
  inc() {
    this.#x++;
    this.#x += 2;
    return this.#x;
  }
  #y;
  swap() {
    [this.#x, this.#y] = ['a', 'b'];
    return this.#x + this.#y;
  }
  opt(o) { return o?.#x; }
}
const p2 = new P2();
console.log(p2.inc(), p2.swap(), p2.opt(null), p2.opt(p2));
