// SPDX-License-Identifier: MIT
'use strict'

// The allocation sites of what is alive, from V8's sampling heap profiler. V8 collects all garbage
// before it answers: what it names is really held, and each answer costs a full collection. The
// caller decides how often that is worth it.

const { fileURLToPath } = require('url')

/// Frames of this package and everything they call are none of the program's business.
const ownFolder = __dirname

function fileOf(url) {
  if (!url.startsWith('file://')) return url
  try {
    return fileURLToPath(url)
  } catch {
    return url
  }
}

class HeapProfile {
  /// Throws if there is no inspector in this Node, or somebody else samples already.
  constructor(samplingBytes) {
    const inspector = require('inspector')
    this.session = new inspector.Session()
    this.session.connect()
    this.post('HeapProfiler.startSampling', { samplingInterval: samplingBytes })
  }

  /// In one thread, the inspector answers before post() returns.
  post(method, parameters) {
    let failure
    let result
    this.session.post(method, parameters, (error, answer) => {
      failure = error
      result = answer
    })
    if (failure) throw new Error(`${method}: ${failure.message}`)
    return result
  }

  /// [stack, live bytes] of all sites, their stacks entered into the recording.
  take(recording) {
    const { profile } = this.post('HeapProfiler.getSamplingProfile')
    const liveBytes = new Map()
    const waiting = profile.head.children.map((node) => [node, 0])
    while (waiting.length > 0) {
      const [node, caller] = waiting.pop()
      const { functionName, url, lineNumber, columnNumber } = node.callFrame
      const file = fileOf(url)
      if (file.startsWith(ownFolder)) continue
      const frame = recording.frame(functionName, file, lineNumber + 1, columnNumber + 1)
      const stack = recording.stack(caller, frame)
      if (node.selfSize > 0) liveBytes.set(stack, (liveBytes.get(stack) || 0) + node.selfSize)
      for (const child of node.children) waiting.push([child, stack])
    }
    return [...liveBytes]
  }

  stop() {
    try {
      this.session.disconnect()
    } catch {
      // The thread is ending.
    }
  }
}

module.exports = { HeapProfile }
