// SPDX-License-Identifier: MIT
'use strict'

// Whole programs under the recorder, their recordings read by heaplab.

const test = require('node:test')
const assert = require('node:assert')
const fs = require('fs')
const path = require('path')
const { once } = require('events')
const { setTimeout: sleep } = require('timers/promises')
const { recorder, run, begin, info, lines, needsHeaplab } = require('./helpers.js')

/// Waits until what the recording says is enough. It may be read while it is being written.
async function recorded(file, isEnough) {
  for (let i = 0; i < 600; ++i) {
    if (fs.existsSync(file)) {
      const facts = info(file)
      if (isEnough(facts)) return facts
    }
    await sleep(50)
  }
  assert.fail(`${file} does not get what it should`)
}

/// Works until it has set its marks and the recorder has made three profiles, however long that takes.
const busy = `
  const kept = []
  const { performance } = require('perf_hooks')
  const recorder = require(${JSON.stringify(recorder)}).start()
  let turns = 0
  const timer = setInterval(() => {
    if (turns < 20) performance.mark('turn ' + turns)
    for (let i = 0; i < 20000; i++) kept[i % 5000] = { i, text: 'number ' + i }
    if (++turns >= 20 && recorder.profiles >= 3) clearInterval(timer)
  }, 30)
  console.log('started')
`

test('a recording holds memory, collections, marks and profiles', needsHeaplab, () => {
  const { status, stdout, stderr, file } = run(busy)
  assert.strictEqual(status, 0, stderr)
  assert.strictEqual(stdout, 'started\n')
  assert.strictEqual(stderr, '')
  const facts = info(file)
  assert.strictEqual(facts.complete, true)
  assert.match(facts.info.program, /app\.js$/)
  assert.match(facts.info.recorder, /^heaplab-recorder /)
  assert.ok(facts.info.runtime.includes(process.version))
  assert.strictEqual(facts.info.sampling, '16384')
  assert.strictEqual(facts.markers, 20)
  assert.ok(facts.memory_samples >= 5, `${facts.memory_samples} samples`)
  assert.ok(facts.minor_collections >= 1)
  assert.ok(facts.major_collections >= facts.profiles)
  assert.ok(facts.profiles >= 2, `${facts.profiles} profiles`)
  assert.ok(facts.profiled_live_bytes > 100000)
  assert.ok(facts.time_ns > 0.5e9)
})

test('--import works too, and a program can start, mark and stop by itself', needsHeaplab, () => {
  const [major] = process.versions.node.split('.').map(Number)
  if (major >= 20) {
    const { file } = run(busy, {}, ['--import', path.join(recorder, 'register.js')])
    assert.strictEqual(info(file).markers, 20)
  }
  const own = run(`
    const recorder = require(${JSON.stringify(recorder)}).start({ path: 'own.heaprec' })
    console.log(recorder.isRunning, require(${JSON.stringify(recorder)}).start() === recorder)
    console.log(recorder.path)
    const snapshot = recorder.snapshot()
    console.log(snapshot)
    recorder.stop()
    console.log(recorder.isRunning, recorder.snapshot())
  `, {}, [])
  const [running, file, snapshot, stopped] = own.stdout.trim().split('\n')
  assert.strictEqual(running, 'true true')
  assert.strictEqual(path.basename(file), 'own.heaprec')
  assert.ok(fs.statSync(snapshot).size > 100000)
  assert.strictEqual(stopped, 'false undefined')
  const facts = info(path.join(own.folder, 'own.heaprec'))
  assert.strictEqual(facts.complete, true)
  assert.deepStrictEqual(facts.attachments.map((a) => [a.kind, a.path]),
    [['heapsnapshot', path.basename(snapshot)]])
})

test('a killed program leaves a readable recording', needsHeaplab, async () => {
  const { child, file } = begin(`${busy}\nsetInterval(() => {}, 1000)`)
  await recorded(file, ({ profiles }) => profiles >= 2)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const facts = info(file)
  assert.strictEqual(facts.complete, false)
  assert.ok(facts.blocks > 5)
  assert.ok(facts.memory_samples >= 2)
})

test('a signal makes a heap snapshot, in each thread', needsHeaplab, async () => {
  const { child, folder, file } = begin(`
    const { Worker, isMainThread } = require('worker_threads')
    if (isMainThread) {
      new Worker(__filename)
      setInterval(() => {}, 1000)
    } else {
      setImmediate(() => console.log('ready'))
      setInterval(() => {}, 1000)
    }
  `)
  await once(child.stdout, 'data')
  child.kill('SIGUSR2')
  const worker = path.join(folder, 'app.t1.heaprec')
  for (const [recording, name] of [[file, 'app.1.heapsnapshot'], [worker, 'app.t1.1.heapsnapshot']]) {
    const facts = await recorded(recording, ({ attachments, profiles }) =>
      attachments.length > 0 && profiles > 0)
    assert.deepStrictEqual(facts.attachments.map((a) => a.path), [name])
    assert.ok(fs.existsSync(path.join(folder, name)))
  }
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.strictEqual(info(worker).info.thread, '1')
})

test('worker threads and children have recordings of their own', needsHeaplab, () => {
  const { status, stderr, folder } = run(`
    const { Worker, isMainThread } = require('worker_threads')
    const cluster = require('cluster')
    if (!isMainThread) {
      const list = []
      for (let i = 0; i < 1e5; i++) list.push({ i })
    } else if (cluster.isPrimary) {
      new Worker(__filename).on('exit', () => cluster.fork().on('exit', () => process.exit(0)))
    } else {
      setTimeout(() => process.exit(0), 100)
    }
  `)
  assert.strictEqual(status, 0, stderr)
  const names = fs.readdirSync(folder).filter((name) => name.endsWith('.heaprec')).sort()
  assert.strictEqual(names.length, 3)
  assert.match(names.join(' '), /^app\.\d+\.heaprec app\.heaprec app\.t1\.heaprec$/)
  for (const name of names) assert.strictEqual(info(path.join(folder, name)).complete, true, name)
})

test('folders that are missing are made, for the recording and its workers', needsHeaplab, () => {
  const { status, stderr, folder } = run(`
    const { Worker, isMainThread } = require('worker_threads')
    if (isMainThread) new Worker(__filename)
  `, { HEAPLAB_RECORD: 'logs/today/%t/app.heaprec' })
  assert.strictEqual(status, 0, stderr)
  assert.strictEqual(stderr, '')
  for (const thread of ['0', '1']) {
    assert.strictEqual(info(path.join(folder, 'logs', 'today', thread, 'app.heaprec')).complete, true)
  }
})

test('a disk that is full, or a place that cannot be written, does not stop the program', () => {
  for (const place of ['/dev/full', '/proc/nowhere/app.heaprec', '/dev/null/app.heaprec']) {
    const { status, stdout, stderr } = run('console.log("works")', { HEAPLAB_RECORD: place })
    assert.strictEqual(status, 0, stderr)
    assert.strictEqual(stdout, 'works\n')
    assert.match(stderr, /^heaplab-recorder: \S+: .*\n$/, place)
    assert.strictEqual(stderr.trim().split('\n').length, 1)
  }
})

test('a disk that becomes full ends the recording only', needsHeaplab, () => {
  const { status, stdout, stderr, file } = run(`
    const recorder = require(${JSON.stringify(recorder)}).start()
    const timer = setInterval(() => {
      if (recorder.isRunning) return
      clearInterval(timer)
      console.log('works')
    }, 10)
  `, {}, ['-r', path.join(__dirname, 'full-disk.js'), '-r', recorder])
  assert.strictEqual(status, 0, stderr)
  assert.strictEqual(stdout, 'works\n')
  assert.match(stderr, /^heaplab-recorder: \S+app\.heaprec: ENOSPC.*without being recorded\n$/)
  const facts = info(file)
  assert.strictEqual(facts.complete, false)
  assert.ok(facts.blocks >= 1)
})

test('the recorder does not keep a program alive, nor change how it ends', () => {
  const short = run('console.log("done")')
  assert.strictEqual(short.status, 0)
  const failing = run('setTimeout(() => { throw new Error("as before") }, 10)')
  assert.strictEqual(failing.status, 1)
  assert.match(failing.stderr, /Error: as before/)
  const exiting = run('process.on("exit", () => { process.exitCode = 7 })')
  assert.strictEqual(exiting.status, 7)
})

/// The program ends when its recording was thinned so often, however long that takes. Some
/// collections in each turn, so that a block is small against the limit at any speed.
const thinned = (times) => `
  const fs = require('fs')
  let largest = 0
  let before = 0
  let thinnings = 0
  const timer = setInterval(() => {
    for (let i = 0; i < 3; i++) gc({ type: 'minor' })
    const size = fs.statSync('app.heaprec').size
    largest = Math.max(largest, size)
    if (size < before && ++thinnings === ${times}) clearInterval(timer)
    before = size
  }, 1)
  process.on('exit', () => console.log(largest))
`

test('the disk use is bounded, and the whole run stays covered', needsHeaplab, () => {
  const most = 0.0625 * 2 ** 20
  const { stdout, stderr, file } = run(thinned(3), {
    HEAPLAB_MAX_MB: '0.0625', HEAPLAB_INTERVAL: '10ms', HEAPLAB_PROFILE_INTERVAL: '10ms'
  }, ['--expose-gc', '-r', recorder])
  assert.strictEqual(stderr, '')
  const largest = Number(stdout)
  assert.ok(largest > most / 4, `the file grew to ${largest} bytes`)
  assert.ok(largest <= most / 2, `the file grew to ${largest} bytes`)
  const facts = info(file)
  assert.strictEqual(facts.complete, true)
  assert.ok(facts.profiles >= 2, `${facts.profiles} profiles`)
  const samples = lines(file, 'memory').map((record) => record.time_ns)
  const covered = new Set(samples.map((time) => Math.floor((4 * time) / (samples.at(-1) + 1))))
  assert.deepStrictEqual([...covered], [0, 1, 2, 3], `samples at ${samples}`)
})

test('wrong settings are told, and the defaults taken', needsHeaplab, () => {
  const { status, stderr, file } = run('0', { HEAPLAB_INTERVAL: 'often' })
  assert.strictEqual(status, 0)
  assert.match(stderr, /^heaplab-recorder: HEAPLAB_INTERVAL=often: .*; taking 1s\n$/)
  assert.strictEqual(info(file).complete, true)
})

/// Waits for the snapshot, and then for as long as the recorder takes to look again.
test('near the heap limit a snapshot is taken, once', needsHeaplab, () => {
  const { status, stderr, file } = run(`
    const fs = require('fs')
    const kept = []
    const limit = require('v8').getHeapStatistics().heap_size_limit
    const timer = setInterval(() => {
      if (fs.existsSync('app.1.heapsnapshot')) {
        clearInterval(timer)
        setTimeout(() => kept.pop(), 3500)
        return
      }
      gc()
      if (process.memoryUsage().heapUsed > 0.6 * limit) return
      for (let i = 0; i < 10000; i++) kept.push({ i })
    }, 20)
  `, { HEAPLAB_SNAPSHOT_HEAP_PERCENT: '50' },
  ['--expose-gc', '--max-old-space-size=24', '--max-semi-space-size=1', '-r', recorder])
  assert.strictEqual(status, 0, stderr)
  assert.deepStrictEqual(info(file).attachments.map((a) => a.path), ['app.1.heapsnapshot'])
})
