// SPDX-License-Identifier: MIT
'use strict'

// Every option: its name for start(), its environment variable, its default, and how text becomes a
// value. README.md has the same table in words.

const { constants } = require('os')

function duration(text) {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)?$/.exec(String(text).trim())
  if (!match) throw new Error('a duration is a number of milliseconds, or like 500ms, 10s, 5m, 1h')
  return Number(match[1]) * { ms: 1, s: 1000, m: 60000, h: 3600000 }[match[2] || 'ms']
}

function bytes(text) {
  const match = /^(\d+)\s*([kKmM])?$/.exec(String(text).trim())
  if (!match) throw new Error('a size is a number of bytes, or like 64k, 1m')
  return Number(match[1]) * { '': 1, k: 1 << 10, m: 1 << 20 }[(match[2] || '').toLowerCase()]
}

function number(text) {
  const value = Number(text)
  if (!(value >= 0) || !Number.isFinite(value)) throw new Error('this must be a number, 0 or more')
  return value
}

function signal(text) {
  const name = String(text).trim()
  if (name === '' || name === 'none' || name === 'false') return ''
  if (!(name in constants.signals)) throw new Error('there is no such signal')
  return name
}

const atLeast = (least, parse) => (text) => Math.max(least, parse(text))

const table = {
  path: ['HEAPLAB_RECORD', 'heaplab-%p.heaprec', String],
  interval: ['HEAPLAB_INTERVAL', '1s', atLeast(10, duration)],
  profileInterval: ['HEAPLAB_PROFILE_INTERVAL', '30s', atLeast(10, duration)],
  profilePercent: ['HEAPLAB_PROFILE_PERCENT', '1', atLeast(0.01, number)],
  samplingBytes: ['HEAPLAB_SAMPLING_BYTES', '128k', bytes],
  maxMb: ['HEAPLAB_MAX_MB', '64', atLeast(0.0625, number)],
  snapshotSignal: ['HEAPLAB_SNAPSHOT_SIGNAL', 'SIGUSR2', signal],
  snapshotInterval: ['HEAPLAB_SNAPSHOT_INTERVAL', '0', duration],
  snapshotHeapPercent: ['HEAPLAB_SNAPSHOT_HEAP_PERCENT', '90', number],
  snapshotMaxMb: ['HEAPLAB_SNAPSHOT_MAX_MB', '1024', number]
}

/// What `given` says, else the environment, else the default. A value that is none is told to
/// `complain`, and the default taken: a service must start.
function resolve(given, environment, complain) {
  const options = {}
  for (const [name, [variable, standard, parse]] of Object.entries(table)) {
    const isGiven = given[name] !== undefined
    const text = isGiven ? given[name] : environment[variable] || standard
    try {
      options[name] = parse(text)
    } catch (error) {
      complain(`${isGiven ? name : variable}=${text}: ${error.message}; taking ${standard}`)
      options[name] = parse(standard)
    }
  }
  for (const name of Object.keys(given)) {
    if (!(name in table)) complain(`there is no option ${name}`)
  }
  return options
}

/// The file for this process and thread. %p is the process, %t the thread (0: main), %% a percent
/// sign. Each heap has its own file, so what the pattern does not tell apart is told apart here:
/// `isChild` if a process above this one is recorded under the same pattern.
function recordingPath(pattern, { pid, threadId, isChild }) {
  const used = new Set([...pattern.matchAll(/%(.)/g)].map(([, letter]) => letter))
  const more = []
  if (isChild && !used.has('p')) more.push('.%p')
  if (threadId !== 0 && !used.has('t')) more.push('.t%t')
  const path = pattern.replace(/(\.[^./\\]*)?$/, (extension) => more.join('') + extension)
  const fill = { p: String(pid), t: String(threadId), '%': '%' }
  return path.replace(/%([pt%])/g, (_, letter) => fill[letter])
}

module.exports = { resolve, recordingPath }
