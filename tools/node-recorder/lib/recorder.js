// SPDX-License-Identifier: MIT
'use strict'

// Watches the heap of this thread. Nothing here may change what the program does: timers do not keep
// it alive, errors end the recording and not the program, and what costs time is done seldom enough.

const fs = require('fs')
const path = require('path')
const v8 = require('v8')
const { performance } = require('perf_hooks')
const { isMainThread, threadId, BroadcastChannel } = require('worker_threads')
const { Recording } = require('./recording.js')
const { HeapProfile } = require('./profile.js')
const { Events, nanoseconds } = require('./events.js')
const { Snapshots } = require('./snapshots.js')
const { resolve, recordingPath } = require('./options.js')
const { version } = require('../package.json')

const { setInterval, clearInterval } = globalThis
const { existsSync, mkdirSync, writeSync } = fs

/// How often the recorder looks whether something is due, and writes what there is.
const longestTickMs = 1000
const channelName = 'heaplab-recorder: take a heap snapshot'
const parentVariable = 'HEAPLAB_RECORDER_PID'
/// What profiles may take before their share of the time counts: a short run is to have some too.
const profileCreditMs = 1000
/// A profile's collection makes V8 throw away optimised code that refers to what has died. To compile
/// that again costs a busy server about so much, after the pause (README.md, "What it costs").
const recompilingMs = 100
/// Near the limit, how often it is made sure with a profile what is really held.
const heapCheckMs = 3000

function say(message) {
  try {
    writeSync(2, `heaplab-recorder: ${message}\n`)
  } catch {
    // Nobody listens.
  }
}

/// Level by level: some file systems send Node's recursive mkdir round in circles. What is still
/// missing shows when the file is opened.
function makeFolder(folder) {
  const missing = []
  let at = folder
  while (!existsSync(at) && path.dirname(at) !== at) {
    missing.push(at)
    at = path.dirname(at)
  }
  try {
    while (missing.length > 0) mkdirSync(missing.pop())
  } catch {
    // Another thread has made it, most likely.
  }
}

class Recorder {
  /// Throws if the recording cannot be begun.
  constructor(options) {
    this.options = options
    this.recording = undefined
    const file = path.resolve(this.fileName())
    makeFolder(path.dirname(file))
    this.recording = new Recording(file, options.maxMb * 2 ** 20)
    this.snapshots = new Snapshots(file, options.snapshotMaxMb * 2 ** 20)
    this.ownCollections = []
    this.profilesMs = 0
    this.profiles = 0
    this.tickMs = Math.min(longestTickMs, options.interval, options.profileInterval)
    const now = performance.now()
    this.startedAt = now
    this.due = {
      memory: now,
      profile: now + this.tickMs,
      snapshot: now + (options.snapshotInterval || Infinity),
      heapCheck: now
    }
    this.isNearLimit = false
    this.describe()
    this.listen()
    this.guard(() => this.sampleMemory('start'))
    this.guard(() => this.recording.flush())
  }

  get isRunning() {
    return this.recording !== undefined
  }

  get path() {
    return this.recording && this.recording.path
  }

  fileName() {
    const parent = process.env[parentVariable]
    const isChild = parent !== undefined && parent !== String(process.pid)
    if (isMainThread) process.env[parentVariable] = String(process.pid)
    return recordingPath(this.options.path, { pid: process.pid, threadId, isChild })
  }

  describe() {
    const out = this.recording
    out.info('program', process.argv[1] || process.argv[0])
    out.info('arguments', process.argv.slice(2).join(' '))
    out.info('recorder', `heaplab-recorder ${version}`)
    out.info('runtime', `Node ${process.version}, V8 ${process.versions.v8}`)
    out.info('process', process.pid)
    out.info('thread', threadId)
    out.info('started', new Date(performance.timeOrigin).toISOString())
    out.info('heap size limit', v8.getHeapStatistics().heap_size_limit)
    if (this.options.samplingBytes > 0) out.info('sampling', this.options.samplingBytes)
  }

  listen() {
    const { snapshotSignal, samplingBytes } = this.options
    if (samplingBytes > 0) this.profile = this.beginProfile()
    this.events = new Events(this.recording, {
      isOurs: (time) => this.isOurCollection(time),
      guard: (action) => this.guard(action)
    })
    this.onExit = () => this.guard(() => this.finish())
    process.on('exit', this.onExit)
    if (isMainThread && snapshotSignal) {
      this.onSignal = () => {
        const channel = new BroadcastChannel(channelName)
        channel.postMessage('signal')
        channel.close()
        this.snapshot('signal')
      }
      process.on(snapshotSignal, this.onSignal)
    } else if (!isMainThread) {
      this.channel = new BroadcastChannel(channelName)
      this.channel.onmessage = () => this.snapshot('signal')
      this.channel.unref()
    }
    this.timer = setInterval(() => this.guard(() => this.tick()), this.tickMs)
    this.timer.unref()
  }

  beginProfile() {
    try {
      return new HeapProfile(this.options.samplingBytes)
    } catch (error) {
      say(`recording without allocation sites: ${error.message}`)
      return undefined
    }
  }

  /// Whatever fails in `action` ends the recording, with one line, and not the program.
  guard(action) {
    if (!this.isRunning) return undefined
    try {
      return action()
    } catch (error) {
      const file = this.path
      this.close((recording) => recording.abandon())
      say(`${file}: ${error.message}; the program goes on without being recorded`)
      return undefined
    }
  }

  tick() {
    const now = performance.now()
    const thinness = this.recording.thinness
    if (now >= this.due.memory) {
      this.due.memory = now + this.options.interval * thinness - 1
      this.sampleMemory('interval')
    }
    if (now >= this.due.heapCheck) this.checkHeapLimit(now)
    if (now >= this.due.snapshot) {
      this.due.snapshot = now + this.options.snapshotInterval
      this.snapshot('interval')
    } else if (now >= this.due.profile) {
      this.takeProfile()
    }
    if (this.isRunning) this.recording.flush()
  }

  sampleMemory(event) {
    this.recording.memory(nanoseconds(performance.now()), event, process.memoryUsage())
  }

  takeProfile() {
    if (!this.profile) return
    const begin = performance.now()
    const entries = this.profile.take(this.recording)
    const end = performance.now()
    this.noteOwnCollection(begin, end)
    const cost = end - begin + recompilingMs
    this.profilesMs += cost
    this.due.profile = end + this.pauseUntilProfile(end - this.startedAt, cost)
    this.events.drain()
    this.sampleMemory('after-gc')
    this.recording.profile(nanoseconds(end), entries)
    ++this.profiles
  }

  /// Close together at first, then as configured; and never so that they take more than their share
  /// of the time.
  pauseUntilProfile(elapsed, cost) {
    const { profileInterval, profilePercent } = this.options
    const wanted = Math.min(profileInterval, Math.max(this.tickMs, elapsed / 5))
    const share = profilePercent / 100
    const affordable = (this.profilesMs + cost - profileCreditMs) / share - elapsed
    return Math.max(wanted * this.recording.thinness, affordable) - this.tickMs / 2
  }

  noteOwnCollection(begin, end) {
    this.ownCollections.push([begin, end])
    if (this.ownCollections.length > 16) this.ownCollections.shift()
  }

  isOurCollection(time) {
    return this.ownCollections.some(([begin, end]) => time >= begin && time <= end)
  }

  /// Near the limit after a full collection: what is there is held. Once, until it goes down again.
  checkHeapLimit(now) {
    const percent = this.options.snapshotHeapPercent
    if (percent === 0) return
    const share = () => {
      const { used_heap_size: used, heap_size_limit: limit } = v8.getHeapStatistics()
      return (100 * used) / limit
    }
    const before = share()
    if (before < 0.8 * percent) this.isNearLimit = false
    if (before < percent || this.isNearLimit) return
    this.due.heapCheck = now + heapCheckMs
    this.takeProfile()
    if (this.profile && share() < percent) return
    this.isNearLimit = true
    this.snapshot('near the heap limit')
  }

  /// Writes a heap snapshot beside the recording now; its path, or undefined if that failed (one
  /// line on stderr says why). Stops the thread for as long as V8 takes.
  snapshot(reason = 'program') {
    if (!this.isRunning) return undefined
    let file
    const begin = performance.now()
    try {
      file = this.snapshots.take(begin)
    } catch (error) {
      say(`no heap snapshot (${reason}): ${error.message}`)
      return undefined
    }
    this.noteOwnCollection(begin, performance.now())
    return this.guard(() => {
      this.recording.attachment(nanoseconds(begin), 'heapsnapshot', file)
      this.takeProfile()
      this.recording.flush()
      return path.join(this.snapshots.folder, file)
    })
  }

  /// Puts all that is known into the file.
  flush() {
    this.guard(() => {
      this.events.drain()
      this.recording.flush()
    })
  }

  /// There is no profile at the exit: a program that has ended has let go of much that it held.
  finish() {
    this.events.drain()
    this.sampleMemory('exit')
    if (this.events.marksLeftOut > 0) {
      this.recording.info('marks left out', this.events.marksLeftOut)
    }
    this.close((recording) => recording.finish())
  }

  /// Ends the recording; it is complete then.
  stop() {
    this.guard(() => {
      this.takeProfile()
      this.finish()
    })
  }

  close(end) {
    const { recording } = this
    this.recording = undefined
    clearInterval(this.timer)
    process.removeListener('exit', this.onExit)
    if (this.onSignal) process.removeListener(this.options.snapshotSignal, this.onSignal)
    if (this.channel) this.channel.close()
    if (this.events) this.events.stop()
    if (this.profile) this.profile.stop()
    end(recording)
  }
}

let current

/// Begins to record this thread; see README.md for the options. While one runs, it is returned
/// again. Never throws: if it cannot record, it says so on stderr, and the result is not running.
function start(given = {}) {
  if (current && current.isRunning) return current
  const options = resolve(given, process.env, say)
  try {
    current = new Recorder(options)
  } catch (error) {
    say(`${options.path}: ${error.message}; the program is not recorded`)
    current = notRunning
  }
  return current
}

const notRunning = {
  isRunning: false,
  path: undefined,
  profiles: 0,
  snapshot: () => undefined,
  flush: () => {},
  stop: () => {}
}

module.exports = { start }
