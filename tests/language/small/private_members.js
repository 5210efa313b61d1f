class Stack {
  #items = [];
  static #made = 0;
  #limit;
  constructor(limit = 3) {
    this.#limit = limit;
    Stack.#made++;
  }
  push(...xs) {
    for (const x of xs) {
      if (this.#full) throw new RangeError(`full at ${this.#limit}`);
      this.#items.push(x);
    }
    return this;
  }
  get #full() { return this.#items.length >= this.#limit; }
  set #top(v) { this.#items[this.#items.length - 1] = v; }
  get #top() { return this.#items.at(-1); }
  double() {
    this.#top *= 2;
    return this.#top;
  }
  bump() { return [this.#top++, ++this.#top]; }
  static get made() { return Stack.#made; }
  equals(o) { return #items in o && o.#items.join() === this.#items.join(); }
  * [Symbol.iterator]() { yield* this.#items; }
  #secret() { return 'secret'; }
  tell = () => this.#secret();
  static peek(s) { return s?.#top; }
}
const s = new Stack();
console.log(
    [...s.push(1, 2)], s.double(), s.bump(), [...s], s.equals(new Stack()), s.equals({}), s.tell(),
    Stack.made, s, Stack.peek(s), Stack.peek(null), Object.keys(s));
try {
  s.push(7, 8, 9);
} catch (e) {
  console.log(e.message, [...s]);
}
class Other {
  #items = 'different';
  try(x) {
    return x.#items;
  }
}
try {
  new Other().try(s);
} catch (e) {
  console.log(e.message);
}
class Ret {
  constructor(o) { return o; }
}
class Stamp extends Ret {
  #mark = 'stamped';
  static read(o) { return o.#mark; }
}
const plain = {};
new Stamp(plain);
console.log(Stamp.read(plain), plain);
try {
  new Stamp(plain);
} catch (e) {
  console.log(e.message);
}
