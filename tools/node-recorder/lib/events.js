// SPDX-License-Identifier: MIT
'use strict'

// Collections and the program's marks, as perf_hooks reports them: a little later than they happen,
// in batches.

const { PerformanceObserver, constants } = require('perf_hooks')

/// A program that marks each request must not fill the disk.
const mostMarksInASecond = 100

const collectors = new Map([
  [constants.NODE_PERFORMANCE_GC_MINOR, 'scavenge'],
  [2, 'minor mark-sweep'],
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'mark-compact'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental marking'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weak callbacks']
])
const reasons = [
  [constants.NODE_PERFORMANCE_GC_FLAGS_FORCED, 'forced'],
  [constants.NODE_PERFORMANCE_GC_FLAGS_ALL_AVAILABLE_GARBAGE, 'all available garbage'],
  [constants.NODE_PERFORMANCE_GC_FLAGS_ALL_EXTERNAL_MEMORY, 'external memory'],
  [constants.NODE_PERFORMANCE_GC_FLAGS_SCHEDULE_IDLE, 'idle'],
  [constants.NODE_PERFORMANCE_GC_FLAGS_SYNCHRONOUS_PHANTOM_PROCESSING, 'synchronous weak callbacks'],
  [constants.NODE_PERFORMANCE_GC_FLAGS_CONSTRUCT_RETAINED, 'retained object infos']
]

const nanoseconds = (milliseconds) => Math.round(milliseconds * 1e6)

class Events {
  /// `isOurs(time)`: whether the recorder itself asked for the collection at that time. `guard`
  /// calls what it is given, and knows what to do if that fails.
  constructor(recording, { isOurs, guard }) {
    this.recording = recording
    this.isOurs = isOurs
    this.collections = 0
    this.second = -1
    this.marksInSecond = 0
    this.marksLeftOut = 0
    this.observer = new PerformanceObserver((list) => {
      guard(() => this.take(list.getEntries()))
    })
    this.observer.observe({ entryTypes: ['gc', 'mark'] })
  }

  take(entries) {
    entries.sort((a, b) => a.startTime - b.startTime)
    for (const entry of entries) {
      if (entry.entryType === 'gc') this.collection(entry)
      else this.mark(entry)
    }
  }

  collection({ startTime, duration, detail }) {
    const { kind, flags } = detail
    const reason = reasons.find(([flag]) => flags & flag)
    this.recording.collection({
      number: ++this.collections,
      major: kind !== constants.NODE_PERFORMANCE_GC_MINOR && kind !== 2,
      collector: collectors.get(kind) || `kind ${kind}`,
      reason: this.isOurs(startTime) ? 'heaplab-recorder' : reason ? reason[1] : '',
      startNs: nanoseconds(startTime),
      pauseNs: nanoseconds(duration)
    })
  }

  mark({ startTime, name }) {
    const second = Math.floor(startTime / 1000)
    if (second !== this.second) {
      this.second = second
      this.marksInSecond = 0
    }
    if (++this.marksInSecond > mostMarksInASecond) ++this.marksLeftOut
    else this.recording.marker(nanoseconds(startTime), name)
  }

  /// What has happened and not been reported yet.
  drain() {
    this.take(this.observer.takeRecords())
  }

  stop() {
    this.observer.disconnect()
  }
}

module.exports = { Events, nanoseconds }
