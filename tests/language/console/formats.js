console.log('%s is %d years and %i months, %f', 'Bob', 42.5, 42.9, '1.5kg', 'extra', {a: 1});
console.log('%j %o %O %%', {a: [1, {b: 2}]}, {f() {}, a: [1]}, {deep: {a: {b: {c: 1}}}}, 'rest');
console.log('%s %s %s %s %s %s', null, undefined, true, Symbol('s'), -0, 12345678901234567890);
console.log(
    '%s %s %s', {a: 1, b: {c: {d: 1}}}, [1, [2, [3]]], () => 1, class A {}, new Error('e').message,
    new Date(0));
console.log('%d %d %d %d %i %f', '0x10', null, undefined, {}, 'abc', 'x');
console.log('%x %', 1, '%s', '100%', '%%', '%');
console.log('a%sb%sc', 1);
console.log('%c styled', 'color: red', 'after');
console.log(5, '%s', 'x');
console.log('%s', 'a', 'b', {c: 1});
console.log();
console.log('');
console.log(' ');
console.log('a', 'b', 3, null, undefined, true, [1], {x: 1}, () => {});
console.log('%s', Object.create(null), '%s', new (class T {
              toString() { return 'T!'; }
            })());
console.log(
    '%s|%s|%s', new (class T {
      toString() { return 'T!'; }
    })(),
    new (class E extends Error {})('msg').message, [new Date(0)]);
console.info('info');
console.debug('debug');
console.error('to stderr');
console.warn('to stderr');
console.group('Group');
console.log('inside\nsecond line');
console.group();
console.log({a: 1, list: ['x']});
console.groupEnd();
console.log('still');
console.groupEnd();
console.groupEnd();
console.log('outside');
console.dir({a: {b: {c: {d: 1}}}}, {depth: 0});
console.dir({a: {b: {c: {d: 1}}}}, {depth: null});
console.table([{a: 1, b: 'x'}, {a: 2, c: true}]);
console.table([[1, 2], [3, 4]]);
console.table(5);
console.table({r1: {v: 1}, r2: {v: 2}});
console.table([1, 'two', {three: 3}]);
console.table([{a: 1, b: 2}], ['b']);
console.table(new Map([['k', 1]]));
console.table([]);
console.count();
console.count('x');
console.count();
console.countReset();
console.count();
console.assert(true, 'never');
console.assert(false, 'stderr');
console.log(typeof console.time, typeof console.trace, typeof console.timeEnd);
console.log('%o', [1, 2, {a: 1}]);
console.log('%O', {a: {b: {c: {d: {}}}}});
console.log('%j', undefined, '%j');
console.log('%i', 5.9, -5.9);
console.log('%s', 'str'.repeat(3), 10, -0, [-0]);
const {log} = console;
log('detached');
[1, 2].forEach(console.log);
process.stdout.write('no newline');
process.stdout.write('\n');
console.log(process.stdout.write('') === true);
const circ = {};
circ.c = circ;
console.log('%j', circ);
console.log('%s %o', 'only one');
console.log('%5d|%-5s|', 1, 'a');
console.log(['%s'], 'x');
console.log(Symbol('%s'), 1);
