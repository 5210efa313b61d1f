module.exports = class Thing {
  constructor(n) { this.n = n; }
  double() { return this.n * 2; }
};
