// SPDX-License-Identifier: MIT
'use strict'

// Services under load, recorded and judged: the leak that was planted is found and nothing else.

const test = require('node:test')
const assert = require('node:assert')
const path = require('path')
const { recorder, run, leaks, heaplabJson, needsHeaplab } = require('./helpers.js')

/// A service that is asked until the recorder has made so many profiles, and so many times. `body` is
/// handle() and what it needs; the load comes from the same process.
/// Nothing is optimized: V8 counts what an inlined function allocates as its caller's, and when it
/// inlines depends on the machine's speed.
const service = (body, { profiles = 16, requests = 3000, snapshotEvery = 0 }) => `
require('v8').setFlagsFromString('--no-opt')
const http = require('http')
const recorder = require(${JSON.stringify(recorder)}).start()
let served = 0

${body}

const server = http.createServer((request, response) => {
  served++
  response.end(handle(request, served))
  if (served % ${snapshotEvery} === 0) setImmediate(() => recorder.snapshot())
})
server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address()
  const agent = new http.Agent({ keepAlive: true, maxSockets: 4 })
  const ask = () => new Promise((resolve) => {
    const done = (response) => response.resume().on('end', resolve)
    http.get({ port, agent, host: '127.0.0.1' }, done).on('error', resolve)
  })
  while (recorder.profiles < ${profiles} || served < ${requests}) {
    await Promise.all(Array.from({ length: 16 }, ask))
  }
  process.exit(0)
})
`

const sessionLeak = `
const sessions = new Map()

class Session {
  constructor(id) {
    this.id = id
    this.user = { name: 'user ' + id, roles: ['reader', 'writer', 'n' + id % 7] }
    this.cart = new Array(200).fill(id)
  }
}

function handle(request, id) {
  sessions.set(id, new Session(id))
  return render(id)
}

function render(id) {
  const rows = []
  for (let i = 0; i < 40; i++) rows.push({ id, i, text: 'row ' + i })
  return JSON.stringify(rows)
}
`

const listenerLeak = `
const { EventEmitter } = require('events')
const settings = new EventEmitter().setMaxListeners(0)

function handle(request, id) {
  const view = { id, columns: new Array(200).fill(id) }
  settings.on('change', function redraw() { return view.columns.length })
  return String(view.columns.length)
}
`

const clean = `
const cache = new Map()

function handle(request, id) {
  cache.set(id, { id, columns: new Array(200).fill(id) })
  if (cache.size > 300) cache.delete(cache.keys().next().value)
  const rows = []
  for (let i = 0; i < 40; i++) rows.push({ id, i, text: 'row ' + i })
  return JSON.stringify(rows)
}
`

const lineOf = (text, what) => text.split('\n').findIndex((line) => line.includes(what)) + 1

function judge(body, load = {}) {
  const program = service(body, load)
  const done = run(program)
  assert.strictEqual(done.status, 0, done.stderr)
  assert.strictEqual(done.stderr, '')
  return { program, report: leaks(done.file) }
}

test('sessions that are never deleted: the function that makes them is named', needsHeaplab, () => {
  const { program, report } = judge(sessionLeak)
  const [leak] = report.leaks
  assert.strictEqual(leak.kind, 'growing allocation site')
  assert.ok(['Session', 'handle'].includes(leak.culprit.path), leak.culprit.path)
  const expected = [lineOf(program, 'constructor(id)'), lineOf(program, 'function handle')]
  const [file, line, column] = leak.culprit.location.split(':')
  assert.match(file, /app\.js$/)
  assert.ok(expected.includes(Number(line)), `line ${line}`)
  assert.ok(Number(column) > 1)
  assert.ok(leak.growth.bytes_per_round > 0)
  assert.strictEqual(report.inputs[0].profiles > 10, true)
})

test('listeners that are never removed: the function that adds them is named', needsHeaplab, () => {
  const { program, report } = judge(listenerLeak)
  const [leak] = report.leaks
  assert.strictEqual(leak.culprit.path, 'handle')
  assert.strictEqual(
    leak.culprit.location.split(':')[1], String(lineOf(program, 'function handle'))
  )
})

test('a service with a bounded cache is not blamed', needsHeaplab, () => {
  const { report } = judge(clean)
  assert.deepStrictEqual(report.leaks, [])
})

test('recordings of workers that were merged are judged worker by worker', needsHeaplab, () => {
  const { status, stderr, folder } = run(`
    const { Worker, isMainThread, threadId } = require('worker_threads')
    const recorder = require(${JSON.stringify(recorder)}).start()
    if (isMainThread) {
      for (const id of [1, 2]) new Worker(__filename)
    } else {
      globalThis.orders = new Map()
      for (let turn = 0; turn < 3; turn++) {
        for (let i = 0; i < 2000; i++) orders.set(turn * 2000 + i, { i, items: new Array(20).fill(i) })
        if (threadId === 2) orders.clear()
        recorder.snapshot()
      }
    }
  `, { HEAPLAB_SAMPLING_BYTES: '0' })
  assert.strictEqual(status, 0, stderr)
  const merged = path.join(folder, 'both.heaprec')
  const workers = ['app.t1.heaprec', 'app.t2.heaprec'].map((name) => path.join(folder, name))
  heaplabJson(['trace', 'merge', '-o', merged, workers[0]], workers[1])
  const report = leaks(merged)
  assert.deepStrictEqual(report.leaks.map((leak) => [leak.culprit.path, leak.heap]),
    [['globalThis.orders', 'app.t1']])
  assert.strictEqual(report.inputs.filter((input) => input.kind === 'heap snapshot').length, 6)
})

test('with heap snapshots beside it, the holder and the site are named', needsHeaplab, () => {
  const { report } = judge(sessionLeak, { snapshotEvery: 800 })
  assert.ok(report.inputs.filter((input) => input.kind === 'heap snapshot').length >= 3)
  assert.ok(report.inputs.some((input) => input.kind === 'recording'))
  const [leak] = report.leaks
  assert.strictEqual(leak.culprit.path, 'sessions')
  assert.strictEqual(leak.culprit.type, 'Map')
  assert.strictEqual(leak.kind, 'forgotten cache/collection')
  assert.strictEqual(leak.accumulates.type, 'Session')
  assert.ok(['Session', 'handle'].includes(leak.sites[0].function), leak.sites[0].function)
  assert.match(leak.evidence.join('\n'), /the allocation profile agrees/)
})
