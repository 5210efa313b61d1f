console.log(
    process.argv.length, process.argv.slice(2), typeof process.argv[0],
    require('path').basename(process.argv[1]), process.argv0 !== undefined);
console.log(
    typeof process.pid, process.platform, typeof process.version, process.version.startsWith('v'),
    typeof process.versions, typeof process.env.PATH, process.env.SURELY_NOT_SET, typeof process.cwd(),
    process.exitCode, process.title !== '');
const mu = process.memoryUsage();
console.log(
    Object.keys(mu), Object.values(mu).every(Number.isInteger), mu.rss > mu.heapUsed,
    mu.heapTotal >= mu.heapUsed, typeof process.memoryUsage.rss(), process.memoryUsage.rss() > 1e6);
const before = process.memoryUsage();
const strings = Array.from({length: 20000}, (_, i) => ({i, s: 'value ' + i}));
const buffers = Array.from({length: 8}, () => new ArrayBuffer(1 << 20));
const after = process.memoryUsage();
console.log(
    after.heapUsed - before.heapUsed > 20000 * 32, after.arrayBuffers - before.arrayBuffers >= 8 << 20,
    after.external - before.external >= 8 << 20, strings.length, buffers.length);
const v8 = require('v8');
const hs = v8.getHeapStatistics();
console.log(
    [
      'total_heap_size', 'total_heap_size_executable', 'total_physical_size', 'total_available_size',
      'used_heap_size', 'heap_size_limit', 'malloced_memory', 'peak_malloced_memory', 'does_zap_garbage',
      'number_of_native_contexts', 'number_of_detached_contexts', 'external_memory'
    ].map((k) => [k, typeof hs[k]].join(':')),
    hs.used_heap_size > 0, hs.total_heap_size >= hs.used_heap_size, hs.heap_size_limit > hs.total_heap_size);
const spaces = v8.getHeapSpaceStatistics();
console.log(
    Array.isArray(spaces), Object.keys(spaces[0]), spaces.some((s) => s.space_name === 'new_space'),
    spaces.some((s) => s.space_name === 'old_space'),
    spaces.some((s) => s.space_name === 'large_object_space'),
    spaces.every((s) => s.space_used_size <= s.space_size || s.space_size === 0));
const t = process.hrtime(), t2 = process.hrtime(t);
console.log(
    t.length, t.every(Number.isInteger), t2[0] === 0, typeof process.uptime(), typeof process.nextTick,
    typeof process.on, typeof process.emitWarning, typeof process.stdout.write, process.stdout.isTTY);
const {performance, PerformanceObserver} = require('perf_hooks');
const t0 = performance.now();
performance.mark('start');
for (let i = 0; i < 1000; i++)
  ;
performance.mark('end', {detail: {n: 1}});
const m = performance.measure('work', 'start', 'end');
console.log(
    typeof t0, m.name, m.entryType, m.duration >= 0, performance.getEntriesByType('mark').map((x) => x.name),
    performance.getEntriesByName('work').length, performance.timeOrigin > 1e12,
    performance === globalThis.performance);
performance.clearMarks();
performance.clearMeasures();
console.log(performance.getEntries().length, typeof gc, gc());
try {
  performance.measure('bad', 'no such mark');
} catch (e) {
  console.log(e.name, e.message);
}
// Exit handlers, in order, synchronous only.
process.on('exit', (c) => {
  console.log('first exit handler', c);
  setTimeout(() => console.log('never'), 0);
});
process.once('exit', () => console.log('second', process.exitCode));
process.on('beforeExit', () => {
  if (!globalThis.again) {
    globalThis.again = true;
    console.log('beforeExit');
    setTimeout(() => console.log('kept alive once'), 1);
  }
});
