// SPDX-License-Identifier: MIT
'use strict'

const assert = require('node:assert')
const fs = require('fs')
const os = require('os')
const path = require('path')
const zlib = require('zlib')
const { spawn, spawnSync } = require('child_process')
const { xxh3 } = require('../lib/xxh3.js')

const recorder = path.join(__dirname, '..')
const heaplab = process.env.HEAPLAB
const folders = []

function temporaryFolder() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heaplab-recorder-'))
  folders.push(folder)
  return folder
}
process.on('exit', () => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true })
})

/// The blocks of a file, every checksum looked at.
function blocksOf(file) {
  const bytes = fs.readFileSync(file)
  const blocks = []
  assert.strictEqual(bytes.readBigUInt64LE(16), xxh3(bytes.subarray(0, 16)))
  for (let at = 24; at < bytes.length; ) {
    const frame = bytes.subarray(at, at + 32)
    assert.strictEqual(frame.readUInt32LE(0), 0x4b424c48)
    assert.strictEqual(frame.readBigUInt64LE(24), xxh3(frame.subarray(0, 24)))
    const stored = bytes.subarray(at + 32, at + 32 + frame.readUInt32LE(8))
    assert.strictEqual(frame.readBigUInt64LE(16), xxh3(stored))
    const payload = frame[5] & 1 ? zlib.zstdDecompressSync(stored) : stored
    assert.strictEqual(payload.length, frame.readUInt32LE(12))
    blocks.push({ kind: frame[4], payload: Buffer.from(payload) })
    at += 32 + stored.length
  }
  return blocks
}

/// Frequent, so that a test need not wait.
const quick = {
  HEAPLAB_INTERVAL: '50ms',
  HEAPLAB_PROFILE_INTERVAL: '150ms',
  HEAPLAB_PROFILE_PERCENT: '100',
  HEAPLAB_SAMPLING_BYTES: '16k'
}

function environmentFor(environment) {
  return { ...process.env, NODE_OPTIONS: '', HEAPLAB_RECORDER_PID: undefined, ...quick, ...environment }
}

/// Runs a program text under the recorder, in a folder of its own.
function run(program, environment = {}, flags = ['-r', recorder]) {
  const folder = temporaryFolder()
  fs.writeFileSync(path.join(folder, 'app.js'), program)
  const done = spawnSync(process.execPath, [...flags, 'app.js'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60000,
    env: environmentFor({ HEAPLAB_RECORD: 'app.heaprec', ...environment })
  })
  return { ...done, folder, file: path.join(folder, 'app.heaprec') }
}

/// The same, still running.
function begin(program, environment = {}) {
  const folder = temporaryFolder()
  fs.writeFileSync(path.join(folder, 'app.js'), program)
  const child = spawn(process.execPath, ['-r', recorder, 'app.js'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environmentFor({ HEAPLAB_RECORD: 'app.heaprec', ...environment })
  })
  child.stdout.setEncoding('utf8')
  return { child, folder, file: path.join(folder, 'app.heaprec') }
}

function heaplabJson(verb, file) {
  const done = spawnSync(heaplab, [...verb, '--format=json', file], { encoding: 'utf8' })
  assert.strictEqual(done.status, 0, done.stderr)
  return JSON.parse(done.stdout)
}
const info = (file) => heaplabJson(['trace', 'info'], file)
const leaks = (file) => heaplabJson(['leaks'], file)

/// The records of one kind, as lines of JSON tell them.
function lines(file, op) {
  const done = spawnSync(heaplab, ['trace', 'convert', '--to=jsonl', '-o', '-', file],
    { encoding: 'utf8', maxBuffer: 1 << 28 })
  assert.strictEqual(done.status, 0, done.stderr)
  return done.stdout.trim().split('\n').map(JSON.parse).filter((record) => record.op === op)
}

/// For tests that need the heaplab program: HEAPLAB says where it is.
const needsHeaplab = heaplab ? {} : { skip: 'HEAPLAB does not name the program' }

module.exports = { recorder, temporaryFolder, blocksOf, run, begin, info, leaks, lines, heaplabJson, needsHeaplab }
