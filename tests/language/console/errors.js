const e = new Error('message here');
const firstLines = (x) => require('util').inspect(x).split('\n').filter((l) => !/^\s+at /.test(l)).join('\n');
console.log(
    firstLines(e), firstLines(new TypeError('t')), firstLines(new Error('')), firstLines(new Error()));
console.log(firstLines(Object.assign(new Error('with props'), {code: 'ECODE', info: {a: 1}})));
console.log(
    firstLines(new Error('caused', {cause: new TypeError('root')})),
    firstLines(new Error('caused by text', {cause: 'text'})));
console.log(firstLines(new AggregateError([new Error('a'), new Error('b')], 'many')));
class Custom extends Error {
  constructor(m) {
    super(m);
    this.name = 'CustomName';
    this.extra = 1;
  }
}
class Plain extends Error {}
class Tagged extends Error {
  get name() { return 'Getter'; }
}
console.log(
    firstLines(new Custom('c')), firstLines(new Plain('p')), firstLines(new Tagged('t')),
    firstLines([new Plain('in array')]), firstLines({err: new Plain('in object')}));
const noStack = new Error('no stack');
noStack.stack = undefined;
const ownStack = new Error('x');
ownStack.stack = 'own stack text';
const renamed = new Error('renamed');
renamed.name = 'Renamed';
const remessaged = new Error('before');
remessaged.message = 'after';
console.log(firstLines(noStack), firstLines(ownStack), firstLines(renamed), firstLines(remessaged));
console.log(
    String(new Custom('s')), String(new Plain('p')), new Error('x') + '', `${new RangeError('r')}`,
    String(new Error()), String(Object.assign(new Error('m'), {name: ''})),
    Error.prototype.toString.call({name: 'N', message: 'M'}));
console.log(
    Object.keys(e), Object.getOwnPropertyNames(e).sort(), JSON.stringify(e), e.name, e.message, 'cause' in e,
    new Error('q', {cause: 0}).cause, Object.prototype.hasOwnProperty.call(e, 'name'),
    Error('no new') instanceof Error, TypeError('t').name, EvalError.name, URIError.prototype.name,
    SyntaxError('s') instanceof Error, new Error(undefined).message === '', new Error(null).message,
    new Error({a: 1}).message, Object.getPrototypeOf(TypeError) === Error);
console.log(
    Error.length, AggregateError.length, typeof Error.captureStackTrace, Error.stackTraceLimit,
    e instanceof TypeError, Object.prototype.toString.call(e), new Custom('k') instanceof Custom,
    new Custom('k').constructor.name);
const holder = {};
Error.captureStackTrace(holder);
console.log(typeof holder.stack, holder.stack.split('\n')[0]);
