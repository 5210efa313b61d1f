class A extends (class {}) {
  #a = 1; static #b; ['x' + 1] = () => this.#a; static { this.#c(); } static #c() {}
  constructor(x, ...y) { super(...y); (() => super.m())(); }
  get v() { return #a in this; } set v(z) { this.#a ??= z; } async *[Symbol.iterator]() { yield* [1]; }
}
