const o = { a: { b: { c: 1, f() { return this.c; } } }, n: null, arr: [[5]], zero: 0 };
console.log(o?.a?.b?.c, o.x?.b.c.d.e, o.n?.anything, o?.['a']?.['b'], o.arr?.[0]?.[0], o.zero?.toFixed(1));
console.log(o.a.b.f?.(), o.a.b.g?.(), o.nothing?.().more.stuff, o.a?.b.f(), (o.a?.b).f());
let evaluated = 0;
const effect = () => { evaluated++; return 'a'; };
console.log(o.n?.[effect()], o.n?.x(effect()), o.missing?.[effect()][effect()], evaluated, o?.[effect()].b.c, evaluated);
console.log(delete o?.zero, o.zero, delete o.n?.x, delete o.q?.z.y);
console.log(null ?? 'd', undefined ?? 'd', 0 ?? 'd', '' ?? 'd', false ?? 'd', NaN ?? 'd', (null || undefined) ?? 'z');
console.log(o?.a ? 'ternary' : .5, true?.5:1);
for (const bad of [() => o.n.x, () => o.a.x.y, () => o.a?.x.y, () => o.a.f(), () => o.zero1(), () => (o.n?.x).y, () => o.a.b?.c()]) {
  try {
    console.log(bad());
  } catch (e) {
    console.log(e.message);
  }
}
// Logical assignment: short-circuits and evaluates the target once.
let x = null, y = 0, z = 1;
x ??= 5; x ??= 6;
y ||= 7; y ||= 8;
z &&= 9; z &&= z + 1;
console.log(x, y, z);
const traced = { get p() { console.log('get'); return this._p; }, set p(v) { console.log('set', v); this._p = v; } };
traced.p ??= 1;
traced.p ??= 2;
traced.p ||= 3;
traced.p &&= 4;
const list = [0, , null];
let i = 0;
list[i++] ||= 'a';
list[i++] ??= 'b';
list[i++] ??= 'c';
console.log(list, i);
const frozen = Object.freeze({ k: 1 });
frozen.k ||= 2;
console.log(frozen);
let fn;
fn ??= () => {};
console.log(fn.name);
class P { #v; set(v) { this.#v ??= v; return this.#v; } static has(o) { return o?.#v; } }
const p = new P();
console.log(p.set(1), p.set(2), P.has(p), P.has(null));
