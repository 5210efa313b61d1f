// SPDX-License-Identifier: MIT
'use strict'

const test = require('node:test')
const assert = require('node:assert')
const fs = require('fs')
const path = require('path')
const { Bytes } = require('../lib/bytes.js')
const { BlockFile, fileHeader } = require('../lib/block-file.js')
const { Recording } = require('../lib/recording.js')
const { resolve, recordingPath } = require('../lib/options.js')
const { temporaryFolder, blocksOf } = require('./helpers.js')

test('varints are LEB128, and what is no number is 0', () => {
  const encoded = (value) => {
    const out = new Bytes(1)
    out.varint(value)
    return [...out.contents()]
  }
  assert.deepStrictEqual(encoded(0), [0])
  assert.deepStrictEqual(encoded(127), [0x7f])
  assert.deepStrictEqual(encoded(128), [0x80, 1])
  assert.deepStrictEqual(encoded(300.4), [0xac, 2])
  assert.deepStrictEqual(encoded(2 ** 32), [0x80, 0x80, 0x80, 0x80, 0x10])
  assert.deepStrictEqual(encoded(2 ** 53 - 1), [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f])
  for (const none of [-1, NaN, Infinity, undefined]) assert.deepStrictEqual(encoded(none), [0])
})

test('texts are UTF-8 with their length in bytes', () => {
  const out = new Bytes(1)
  out.text('größe')
  assert.deepStrictEqual(out.contents(), Buffer.concat([Buffer.from([7]), Buffer.from('größe')]))
})

test('each block is in the file when write() returns', () => {
  const file = new BlockFile(path.join(temporaryFolder(), 'a.heaprec'))
  assert.deepStrictEqual(fs.readFileSync(file.path), fileHeader())
  const payloads = [Buffer.from('first'), Buffer.alloc(5000, 'x')]
  payloads.forEach((payload, i) => {
    file.write(payload)
    assert.deepStrictEqual(blocksOf(file.path).map((block) => block.payload), payloads.slice(0, i + 1))
  })
  file.finish(Buffer.from([21, 0, 0]))
  assert.deepStrictEqual(blocksOf(file.path).map((block) => block.kind), [1, 1, 2])
})

test('a file that gets too large is thinned evenly, and stays below its limit', () => {
  const file = new BlockFile(path.join(temporaryFolder(), 'a.heaprec'), 20000)
  file.write(Buffer.from('stays'))
  for (let i = 0; i < 2000; ++i) {
    if (i % 2 ** file.thinnings === 0) file.write(Buffer.from(`sample ${i}`), 'samples')
    assert.ok(fs.statSync(file.path).size <= 10000)
    assert.strictEqual(fs.statSync(file.path).size, file.size)
  }
  const texts = blocksOf(file.path).map((block) => block.payload.toString())
  assert.strictEqual(texts[0], 'stays')
  const numbers = texts.slice(1).map((text) => Number(text.split(' ')[1]))
  assert.strictEqual(numbers[0], 0)
  assert.ok(numbers.length > 50, `${numbers.length} blocks`)
  assert.ok(numbers.at(-1) > 1900)
  const early = numbers.filter((number) => number < 1000).length
  assert.ok(Math.abs(early - numbers.length / 2) < 0.1 * numbers.length, `${early} of the first half`)
  assert.deepStrictEqual(fs.readdirSync(path.dirname(file.path)), ['a.heaprec'])
})

test('a file whose blocks must all stay ends at its limit', () => {
  const file = new BlockFile(path.join(temporaryFolder(), 'a.heaprec'), 4000)
  assert.throws(() => {
    for (let i = 0; i < 1000; ++i) file.write(Buffer.from(`block ${i}`))
  }, /largest size/)
  assert.ok(blocksOf(file.path).length > 20)
})

test('a full disk is an error, now and later', () => {
  assert.throws(() => new BlockFile('/dev/full'), /ENOSPC/)
  assert.throws(() => new BlockFile('/nowhere/a.heaprec'), /ENOENT/)
})

test('tables stop growing in time, and then a stack is its caller', () => {
  const recording = new Recording(path.join(temporaryFolder(), 'a.heaprec'), 8000)
  const outer = recording.stack(0, recording.frame('outer', 'a.js', 1, 1))
  assert.strictEqual(outer, 1)
  assert.strictEqual(recording.stack(0, recording.frame('outer', 'a.js', 1, 1)), 1)
  let last = outer
  for (let i = 0; i < 1000; ++i) last = recording.stack(outer, recording.frame(`f${i}`, 'a.js', i, 1))
  assert.strictEqual(last, outer)
  recording.profile(1, [[outer, 100]])
  recording.finish()
  assert.ok(recording.size < 4000)
})

test('options come from the call, the environment, or the table', () => {
  const said = []
  const options = resolve(
    { interval: 250, typo: 1 },
    { HEAPLAB_INTERVAL: '9s', HEAPLAB_PROFILE_INTERVAL: '2m', HEAPLAB_MAX_MB: 'many',
      HEAPLAB_SNAPSHOT_SIGNAL: 'none', HEAPLAB_SAMPLING_BYTES: '64k' },
    (message) => said.push(message)
  )
  assert.strictEqual(options.interval, 250)
  assert.strictEqual(options.profileInterval, 120000)
  assert.strictEqual(options.maxMb, 64)
  assert.strictEqual(options.snapshotSignal, '')
  assert.strictEqual(options.samplingBytes, 65536)
  assert.strictEqual(said.length, 2)
  assert.match(said[0], /HEAPLAB_MAX_MB=many/)
  assert.match(said[1], /typo/)
})

test('each heap has a file of its own', () => {
  const main = { pid: 12, threadId: 0, isChild: false }
  assert.strictEqual(recordingPath('app-%p.heaprec', main), 'app-12.heaprec')
  assert.strictEqual(recordingPath('app.heaprec', main), 'app.heaprec')
  assert.strictEqual(recordingPath('app.heaprec', { ...main, threadId: 3 }), 'app.t3.heaprec')
  assert.strictEqual(recordingPath('app.heaprec', { ...main, isChild: true }), 'app.12.heaprec')
  assert.strictEqual(
    recordingPath('logs.d/app', { pid: 12, threadId: 3, isChild: true }), 'logs.d/app.12.t3'
  )
  assert.strictEqual(recordingPath('%p-%t-100%%', { ...main, threadId: 3 }), '12-3-100%')
})
