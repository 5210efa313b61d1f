class Config {
  static #cache = new Map();
  static get size() { return Config.#cache.size; }
  static set(k, v) {
    Config.#cache.set(k, v);
    return this;
  }
  static get(k) { return Config.#cache.get(k) ?? 'none'; }
  static defaults = Object.freeze({depth: 2});
  static { Config.set('init', true); }
}
console.log(
    Config.size, Config.set('a', 1).set('b', 2).size, Config.get('a'), Config.get('z'), Config.defaults,
    Config);
class Sub extends Config {
  static get size() { return `sub ${super.size}`; }
}
console.log(Sub.size, Sub.get('b'), Sub.defaults === Config.defaults, Sub);
const o = {
  get[`dyn${1}`]() { return 'dynamic'; },
  set['dyn1'](v) { console.log('set', v); }
};
o.dyn1 = 5;
console.log(o.dyn1, o);
