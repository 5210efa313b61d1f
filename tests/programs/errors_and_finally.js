// Errors: classes, causes, finally in every position, rethrowing, generators closed, getters that throw.
class AppError extends Error {
  static #count = 0;
  static get count() { return AppError.#count; }
  constructor(message, { cause, code = 'E_APP' } = {}) {
    super(message, cause ? { cause } : undefined);
    this.code = code;
    AppError.#count++;
  }
  get name() { return `AppError[${this.code}]`; }
}
class NotFound extends AppError { constructor(what, rest) { super(`${what} not found`, { code: 'E_404', ...rest }); this.what = what; } }
const trace = [];
const t = (x) => (trace.push(x), x);
function completion(kind) {
  for (const i of [1, 2, 3]) {
    try {
      t(`try${i}`);
      if (kind === 'return') return t('value');
      if (kind === 'throw') throw new Error('thrown');
      if (kind === 'break') break;
      if (kind === 'continue') continue;
    } catch (e) {
      t(`catch ${e.message}`);
      if (i === 2) return 'from catch';
    } finally {
      t(`finally${i}`);
      if (kind === 'override' && i === 2) return 'overridden';
    }
  }
  return 'end';
}
for (const kind of ['return', 'throw', 'break', 'continue', 'override', 'none']) console.log(kind, completion(kind), trace.splice(0).join(' '));
function nested() {
  a: try {
    try { throw new NotFound('inner', { cause: new TypeError('root') }); } finally { t('f1'); break a; }
  } finally { t('f2'); }
  b: for (let i = 0; ; i++) { try { for (;;) { try { if (i > 2) break b; continue b; } finally { t('l' + i); } } } finally { t('L' + i); } }
  return trace.splice(0).join(' ');
}
console.log(nested());
function* resource(name) { try { t(`open ${name}`); for (let i = 0; i < 3; i++) yield i; return 'end'; } catch (e) { t('gen caught ' + e.message); yield 'recovered'; } finally { t(`close ${name}`); } }
for (const x of resource('A')) if (x === 1) break;
try { for (const x of resource('B')) { throw new Error('loop body'); } } catch (e) { t(e.message); }
const [first] = resource('C'); const g = resource('D'); g.next(); console.log(first, g.throw(new Error('in')), g.next(), g.next());
(() => { for (const x of resource('E')) return; })();
console.log(trace.splice(0));
const show = (f) => { try { return ['ok', f()]; } catch (e) { return [e?.constructor?.name, String(e), e?.code, e?.cause && String(e.cause)]; } };
console.log(show(() => { throw new NotFound('page', { cause: new RangeError('too far') }); }), show(() => { throw null; }), show(() => { throw { message: 'plain' }; }), show(() => { throw 'text'; }));
console.log(AppError.count, new NotFound('x') instanceof AppError, Object.prototype.toString.call(new NotFound('y')), Object.keys(new NotFound('z')), new NotFound('q').toString());
const risky = { get bad() { throw new SyntaxError('getter'); }, set bad(v) { throw new EvalError('setter ' + v); }, toString() { throw new URIError('toString'); }, [Symbol.toPrimitive]: undefined };
console.log(show(() => risky.bad), show(() => { risky.bad = 1; }), show(() => `${risky}`), show(() => ({ ...risky })), show(() => Object.assign({}, risky)), show(() => { const { bad = 1 } = risky; }), show(() => JSON.stringify(risky)));
console.log(show(() => [3, 1, 2].sort(() => { throw new Error('compare'); })), show(() => [1].map((x) => x.y.z)), show(() => new Map([[1]].map(([k, v]) => [k, v.length]))), show(() => 'abc'.replace(/b/, () => { throw new Error('replacer'); })), show(() => JSON.parse('[1,2', (k, v) => v)), show(() => JSON.parse('[1,2]', () => { throw new Error('reviver'); })), show(() => Array.from({ length: 2 }, (_, i) => { if (i) throw new Error('mapper ' + i); })));
console.log(show(() => { class A { constructor() { this.init(); } init() { throw new Error('init'); } } class B extends A { x = t('never'); } new B(); }), trace);
console.log(show(() => { class A { static x = (() => { throw new Error('static init'); })(); } }), show(() => { class A { [(() => { throw new Error('key'); })()]() {} } }), show(() => { class P { #x = 1; static read(o) { return o.#x; } } return [P.read(new P()), P.read({})]; }));
console.log(show(() => { const f = () => f(); f(); })[0], show(() => { let depth = 0; const down = () => { depth++; try { down(); } finally { depth--; } }; try { down(); } catch (e) { return [e instanceof RangeError, e.message, depth]; } }));
const aggregate = new AggregateError([new AppError('one'), new TypeError('two')], 'several', { cause: 'because' });
console.log(aggregate.errors.map((e) => e.name), aggregate.message, aggregate.cause, aggregate.name, aggregate instanceof Error);
const top = (e) => e.stack.split('\n').slice(0, 3).map((l) => l.replace(/\(?\/.*\//, '(')).join(' <- ');
function makeError(Type) { return new Type('from factory'); }
console.log(top(makeError(AppError)), '|', top(makeError(Error)));
const obj = { method() { return makeError(TypeError); }, handler: null };
obj.handler = function () { return obj.method(); };
console.log(top(obj.handler()), '|', top([1].map(() => new Error('in map'))[0]));
process.on('exit', (code) => console.log('exit', code, process.exitCode));
Promise.reject(new NotFound('async')).catch((e) => { console.log('caught', e.name); throw new AppError('again', { cause: e }); }).finally(() => console.log('finally')).catch((e) => console.log(e.message, e.cause.what)).then(() => { process.exitCode = 0; });
(async () => { try { await (async () => { throw new AppError('deep'); })(); } catch (e) { console.log('await', e.code); } finally { console.log('async finally'); } })();
