class A { get v() { return [this.constructor.name, this._v]; } set v(x) { this._v = x; } }
class B extends A { get v() { return super.v.concat('B'); } set v(x) { super.v = x + 1; } }
const b = new B(); b.v = 1; console.log(b.v, b, Object.keys(b));
const plain = Object.create({ get z() { return this.k; } }, { k: { value: 'own' } });
console.log(plain.z, plain);
const o = { get self() { Object.defineProperty(this, 'self', { value: 'computed', enumerable: true }); return 'first'; } };
console.log(o.self, o.self, o);
for (let i = 0; i < 3; i++) { const obj = i === 1 ? Object.create({ get p() { return 'proto' + i; } }) : { p: i }; console.log(obj.p); }
