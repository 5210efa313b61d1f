class Animal {
  static count = 0;
  #secret = 'x';
  name;
  legs = 4;
  ['dyn' + 'amic'] = this.legs + 1;
  constructor(name) {
    this.name = name;
    Animal.count++;
  }
  get upper() { return this.name.toUpperCase(); }
  set upper(v) { this.name = v.toLowerCase(); }
  speak() { return `${this.name} makes a sound`; }
  static create(...args) { return new this(...args); }
  #hidden() { return this.#secret + this.name; }
  reveal() { return this.#hidden(); }
  static isAnimal(o) { return #secret in o; }
  toString() { return `Animal(${this.name})`; }
}
class Dog extends Animal {
  tricks = [];
  constructor(name, ...tricks) {
    super(name);
    this.tricks.push(...tricks);
  }
  speak() { return super.speak() + ': woof'; }
  get upper() { return super.upper + '!'; }
  static create(name) { return super.create(name, 'sit'); }
  get [Symbol.toStringTag]() { return 'Dog'; }
}
const a = new Animal('Cat');
const d = Dog.create('Rex');
console.log(a, d);
console.log(a.speak(), '|', d.speak(), '|', a.upper, d.upper, d.dynamic);
a.upper = 'TIGER';
console.log(a.name, a.reveal(), d.reveal(), Animal.isAnimal(d), Animal.isAnimal({}), Animal.count);
console.log(`${a}`, String(d), Object.prototype.toString.call(d));
console.log(d instanceof Animal, Object.getPrototypeOf(Dog) === Animal, Dog.prototype.constructor === Dog);
console.log(Object.getOwnPropertyNames(Animal.prototype), Object.getOwnPropertyNames(Dog), Object.keys(d));
console.log(typeof Animal, Animal.name, Animal.length, Dog.length, Dog);
try {
  Animal();
} catch (e) {
  console.log(e.message);
}
try {
  d.upper = 1;
  console.log('assignment to a getter without setter is silent', d.upper);
} catch (e) {
  console.log(e.message);
}
try {
  Animal.prototype.reveal.call({});
} catch (e) {
  console.log(e.name, e.message);
}
try {
  class P { #x = 1; static get(o) { return o.#x; } static set(o) { o.#x = 2; } }
  console.log(P.get(new P()));
  P.set({});
} catch (e) {
  console.log(e.name, e.message);
}
class RO {
  get #g() { return 1; }
  set #s(v) {}
  #m() {}
  static test() {
    const o = new RO();
    for (const f of [() => { o.#g = 1; }, () => o.#s, () => { o.#m = 1; }]) {
      try {
        f();
      } catch (e) {
        console.log(e.name, e.message);
      }
    }
  }
}
RO.test();

// Static blocks, static private, order of initialisation.
const order = [];
class Order {
  static a = order.push('static a');
  x = order.push('field x');
  static {
    order.push('block ' + this.a);
  }
  static #p = 6;
  static {
    order.push('p ' + Order.#p);
  }
  y = order.push('field y');
  constructor() {
    order.push('constructor');
  }
  [(order.push('computed key'), 'z')] = order.push('field z');
}
new Order();
console.log(order);
