// SPDX-License-Identifier: MIT
'use strict'

// Heap snapshots beside the recording. They are large, so their number is bounded by their size:
// when they take too much, one in the middle goes, the one whose neighbours are closest; the first
// and the last say most about growth.

const fs = require('fs')
const path = require('path')
const v8 = require('v8')

const { statSync, renameSync, unlinkSync, statfsSync } = fs

class Snapshots {
  constructor(recordingPath, maxBytes) {
    this.folder = path.dirname(recordingPath)
    this.base = path.basename(recordingPath).replace(/\.[^.]*$/, '')
    this.maxBytes = maxBytes
    this.count = 0
    /// Those still there: {file, time, bytes}.
    this.list = []
  }

  /// Writes one; its file, relative to the recording. Throws if it cannot.
  take(time) {
    this.checkSpace()
    const file = `${this.base}.${this.count + 1}.heapsnapshot`
    const full = path.join(this.folder, file)
    const unfinished = `${full}.unfinished`
    try {
      v8.writeHeapSnapshot(unfinished)
      renameSync(unfinished, full)
    } catch (error) {
      remove(unfinished)
      throw error
    }
    ++this.count
    this.list.push({ file, time, bytes: statSync(full).size })
    this.makeRoom()
    return file
  }

  /// A snapshot is about as large as the heap. It must not be what fills the disk.
  checkSpace() {
    if (!statfsSync) return
    const { bavail, bsize } = statfsSync(this.folder)
    const needed = 2 * v8.getHeapStatistics().used_heap_size
    if (bavail * bsize < needed) throw new Error('there is too little space on the disk')
  }

  makeRoom() {
    const total = () => this.list.reduce((sum, { bytes }) => sum + bytes, 0)
    while (this.list.length > 2 && total() > this.maxBytes) {
      let closest = 1
      const gap = (i) => this.list[i + 1].time - this.list[i - 1].time
      for (let i = 2; i + 1 < this.list.length; ++i) if (gap(i) < gap(closest)) closest = i
      remove(path.join(this.folder, this.list[closest].file))
      this.list.splice(closest, 1)
    }
  }
}

function remove(file) {
  try {
    unlinkSync(file)
  } catch {
    // It is not there.
  }
}

module.exports = { Snapshots }
