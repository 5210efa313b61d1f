// SPDX-License-Identifier: MIT
'use strict'

// The file: a header, then blocks with a frame each (trace/README.md of heaplab is the
// specification). Every block is written before write() returns, so whatever kills the process, the
// file is readable up to its last whole block.
//
// Its size is bounded. When it has grown to half the limit, every other block of each kind that can
// be spared is left out: what remains is spread evenly over the whole run, at half the resolution.
// The thinner file is written beside the old one and then takes its name, so at no moment is there
// less than one readable recording, and both together stay below the limit.

const fs = require('fs')
const zlib = require('zlib')
const { xxh3 } = require('./xxh3.js')

// As they are now: the program may replace them later (to mock a file system, say).
const { openSync, closeSync, readSync, writeSync, renameSync, unlinkSync, ftruncateSync } = fs
const compress = zlib.zstdCompressSync

const magic = Buffer.from('\x89HLREC\r\n', 'latin1')
const headerBytes = 24
const frameBytes = 32
const blockMagic = 0x4b424c48
const kinds = { records: 1, end: 2 }
const compressedFlag = 1
const leastToCompress = 512

function fileHeader() {
  const header = Buffer.alloc(headerBytes)
  magic.copy(header)
  header.writeUInt16LE(2, 8) // major version; minor version and features are 0
  header.writeBigUInt64LE(xxh3(header.subarray(0, 16)), 16)
  return header
}

/// Frame and payload of a block.
function framed(kind, payload) {
  let stored = payload
  let flags = 0
  if (compress && payload.length >= leastToCompress) {
    const packed = compress(payload)
    if (packed.length < payload.length) {
      stored = packed
      flags = compressedFlag
    }
  }
  const block = Buffer.alloc(frameBytes + stored.length)
  block.writeUInt32LE(blockMagic, 0)
  block.writeUInt8(kind, 4)
  block.writeUInt8(flags, 5)
  block.writeUInt32LE(stored.length, 8)
  block.writeUInt32LE(payload.length, 12)
  block.writeBigUInt64LE(xxh3(stored), 16)
  block.writeBigUInt64LE(xxh3(block.subarray(0, 24)), 24)
  stored.copy(block, frameBytes)
  return block
}

function writeAll(file, bytes) {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(file, bytes, done, bytes.length - done)
  }
}

class BlockFile {
  /// Creates or replaces the file; throws if it cannot.
  constructor(path, maxBytes = Infinity) {
    this.path = path
    this.maxBytes = maxBytes
    this.file = openSync(path, 'w')
    this.size = 0
    this.thinnings = 0
    /// The blocks that may be left out: {offset, bytes, group}.
    this.spare = []
    try {
      this.put(fileHeader())
    } catch (error) {
      closeSync(this.file)
      throw error
    }
  }

  /// Appends a block of records. `group`: a name if the block may be left out; every other one of a
  /// group is, when the file is thinned. Returns whether it was. Throws if the disk fails.
  write(payload, group) {
    const block = framed(kinds.records, payload)
    if (group !== undefined) this.spare.push({ offset: this.size, bytes: block.length, group })
    this.put(block)
    if (this.size <= this.maxBytes / 2) return false
    this.thin()
    return true
  }

  finish(endRecord) {
    this.put(framed(kinds.end, endRecord))
    closeSync(this.file)
    this.file = undefined
  }

  /// Leaves the file as it is.
  abandon() {
    if (this.file === undefined) return
    try {
      closeSync(this.file)
    } catch {
      // There is nothing more to do for it.
    }
    this.file = undefined
  }

  put(bytes) {
    try {
      writeAll(this.file, bytes)
    } catch (error) {
      try {
        ftruncateSync(this.file, this.size) // no half block
      } catch {
        // A reader takes a half block for the end.
      }
      throw error
    }
    this.size += bytes.length
  }

  thin() {
    const seen = new Map()
    const kept = []
    const dropped = []
    for (const block of this.spare) {
      const count = seen.get(block.group) || 0
      seen.set(block.group, count + 1)
      ;(count % 2 === 0 ? kept : dropped).push(block)
    }
    const oldSize = this.size
    this.copyWithout(dropped)
    let shift = 0
    let next = 0
    for (const block of kept) {
      for (; next < dropped.length && dropped[next].offset < block.offset; ++next) {
        shift += dropped[next].bytes
      }
      block.offset -= shift
    }
    this.spare = kept
    ++this.thinnings
    if (this.size > 0.9 * oldSize) throw new Error('the recording has reached its largest size')
  }

  /// The file without some of its blocks takes the place of the file.
  copyWithout(dropped) {
    const temporary = `${this.path}.thinner`
    const source = openSync(this.path, 'r')
    let target
    try {
      target = openSync(temporary, 'w')
      let from = 0
      let size = 0
      for (const block of [...dropped, { offset: this.size, bytes: 0 }]) {
        size += copyRange(source, target, from, block.offset)
        from = block.offset + block.bytes
      }
      renameSync(temporary, this.path)
      closeSync(this.file)
      this.file = target
      this.size = size
    } catch (error) {
      if (target !== undefined) {
        closeSync(target)
        unlinkSync(temporary)
      }
      throw error
    } finally {
      closeSync(source)
    }
  }
}

function copyRange(source, target, from, to) {
  const buffer = Buffer.allocUnsafe(Math.min(1 << 20, to - from))
  for (let at = from; at < to; ) {
    const count = readSync(source, buffer, 0, Math.min(buffer.length, to - at), at)
    if (count === 0) throw new Error('the recording is shorter than what was written')
    writeAll(target, buffer.subarray(0, count))
    at += count
  }
  return to - from
}

module.exports = { BlockFile, framed, fileHeader }
