// SPDX-License-Identifier: MIT
'use strict'

// Records in, blocks out. What defines a number (strings, frames, stacks) and what there is little
// of goes into blocks that stay; samples, collections and profiles into blocks that can be spared
// when the file gets too large.

const { Bytes } = require('./bytes.js')
const { BlockFile } = require('./block-file.js')

const op = {
  info: 1, string: 2, frame: 4, stack: 5, collection: 11, memory: 12, marker: 13, end: 21,
  profile: 28, attachment: 29
}

const longestText = 2000
const blockBytes = 256 << 10
const mostProfileEntries = 50000

class Recording {
  /// Creates or replaces the file; throws if it cannot. `maxBytes`: what it may take on the disk.
  constructor(path, maxBytes = Infinity) {
    this.file = new BlockFile(path, maxBytes)
    this.maxStaying = maxBytes / 4
    this.stayingBytes = 0
    this.staying = new Bytes()
    this.events = new Bytes()
    this.strings = new Map([['', 0]])
    this.frames = new Map()
    this.stacks = new Map()
    this.hasSample = false
  }

  get path() {
    return this.file.path
  }

  get size() {
    return this.file.size
  }

  /// 1, 2, 4, …: how much seldomer samples are to be taken, after as many thinnings.
  get thinness() {
    return 2 ** this.file.thinnings
  }

  /// Whether the tables may still grow. What is not in them is number 0, "unknown".
  get hasRoom() {
    return this.stayingBytes + this.staying.length < this.maxStaying
  }

  info(key, value) {
    this.staying.byte(op.info)
    this.staying.text(key)
    this.staying.text(String(value).slice(0, longestText))
  }

  string(value) {
    const text = value.length > longestText ? value.slice(0, longestText) : value
    const known = this.strings.get(text)
    if (known !== undefined) return known
    if (!this.hasRoom) return 0
    this.staying.byte(op.string)
    this.staying.text(text)
    return this.number(this.strings, text, this.strings.size)
  }

  frame(functionName, file, line, column) {
    const key = `${functionName}\0${file}\0${line}\0${column}`
    const known = this.frames.get(key)
    if (known !== undefined) return known
    if (!this.hasRoom) return 0
    const names = [this.string(functionName), this.string(file)]
    this.staying.byte(op.frame)
    this.staying.varints([...names, line, column])
    return this.number(this.frames, key, this.frames.size + 1)
  }

  /// `parent`: the caller's stack, 0 for none.
  stack(parent, frame) {
    if (frame === 0) return parent
    const key = parent * 2 ** 24 + frame
    const known = this.stacks.get(key)
    if (known !== undefined) return known
    if (!this.hasRoom) return parent
    this.staying.byte(op.stack)
    this.staying.varints([parent, frame])
    return this.number(this.stacks, key, this.stacks.size + 1)
  }

  number(table, key, value) {
    table.set(key, value)
    this.keepBlocksSmall()
    return value
  }

  /// `usage`: what process.memoryUsage() says.
  memory(timeNs, event, usage) {
    const name = this.string(event)
    this.events.byte(op.memory)
    this.events.varints([timeNs, name, usage.rss, usage.heapTotal, usage.heapUsed, usage.external])
    this.events.varint(usage.arrayBuffers)
    this.hasSample = true
  }

  /// Sizes are not known, so they are 0. Major collections stay.
  collection({ number, major, collector, reason, startNs, pauseNs }) {
    const names = [this.string(collector), this.string(reason)]
    const out = major && this.hasRoom ? this.staying : this.events
    out.byte(op.collection)
    out.varints([number, major ? 1 : 0, ...names, startNs, pauseNs])
    for (let i = 0; i < 15; ++i) out.byte(0) // the clock, sizes before and after, promoted, freed
    this.keepBlocksSmall()
  }

  marker(timeNs, name) {
    const text = this.string(name)
    const out = this.hasRoom ? this.staying : this.events
    out.byte(op.marker)
    out.varints([timeNs, 0, text])
    this.keepBlocksSmall()
  }

  /// A file beside the recording.
  attachment(timeNs, kind, relativePath) {
    const names = [this.string(kind), this.string(relativePath)]
    this.staying.byte(op.attachment)
    this.staying.varints([timeNs, ...names])
  }

  /// `entries`: [stack, live bytes]. How many objects they are is not known: 0.
  profile(timeNs, entries) {
    let list = entries
    if (list.length > mostProfileEntries) {
      list = [...list].sort((a, b) => b[1] - a[1]).slice(0, mostProfileEntries)
    }
    const record = new Bytes(16 + 8 * list.length)
    record.byte(op.profile)
    record.varints([timeNs, list.length])
    for (const [stack, bytes] of list) record.varints([stack, bytes, 0])
    this.flush()
    this.file.write(record.contents(), 'profile')
  }

  /// Puts all records so far into the file. Throws if the disk fails.
  flush() {
    if (this.staying.length > 0) {
      this.stayingBytes += this.staying.length
      const payload = this.staying.contents()
      this.staying = new Bytes()
      this.file.write(payload)
    }
    // In a thinned recording, collections are kept along with samples, as they were before.
    const isWanted = this.thinness === 1 || this.hasSample
    if (isWanted && this.events.length > 0) this.file.write(this.events.contents(), 'events')
    this.events.clear()
    this.hasSample = false
  }

  keepBlocksSmall() {
    if (this.staying.length >= blockBytes || this.events.length >= blockBytes) this.flush()
  }

  finish() {
    this.flush()
    const record = new Bytes(8)
    record.byte(op.end)
    record.varints([0, 0])
    this.file.finish(record.contents())
  }

  abandon() {
    this.file.abandon()
  }
}

module.exports = { Recording }
