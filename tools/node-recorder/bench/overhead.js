// SPDX-License-Identifier: MIT
'use strict'

// What recording costs: bench/server.js with and without the recorder, taking turns, so that both see
// the same machine; the processor time of the fastest run of each, as a ratio.
//
//   node bench/overhead.js [rounds] [requests]

const fs = require('fs')
const os = require('os')
const path = require('path')
const { spawnSync } = require('child_process')

const rounds = Number(process.argv[2] || 7)
const requests = process.argv[3] || '20000'
const recorder = path.join(__dirname, '..')
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heaplab-overhead-'))

const variants = [
  { name: 'not recorded', flags: [], environment: {} },
  { name: 'without sites', flags: ['-r', recorder], environment: { HEAPLAB_SAMPLING_BYTES: '0' } },
  { name: 'recorded', flags: ['-r', recorder], environment: {} }
]

function run({ flags, environment }) {
  const done = spawnSync(process.execPath, [...flags, path.join(__dirname, 'server.js'), requests], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...environment, HEAPLAB_RECORD: path.join(folder, 'run.heaprec') }
  })
  if (done.status !== 0) throw new Error(done.stderr)
  return JSON.parse(done.stdout)
}

try {
  const times = variants.map(() => [])
  const profiles = variants.map(() => [])
  for (let round = 0; round < rounds; ++round) {
    variants.forEach((variant, i) => {
      const result = run(variant)
      times[i].push(result.cpuMs)
      profiles[i].push(result.profiles)
    })
  }
  const best = times.map((list) => Math.min(...list))
  const middle = times.map((list) => [...list].sort((a, b) => a - b)[list.length >> 1])
  console.log(`Node ${process.version}, ${requests} requests, ${rounds} interleaved runs of each`)
  variants.forEach(({ name }, i) => {
    const ratio = (values) => (100 * (values[i] / values[0] - 1)).toFixed(1).padStart(6)
    console.log(
      `${name.padEnd(14)} ${best[i].toFixed(0).padStart(7)} ms of processor time` +
        `${ratio(best)} % (best) ${ratio(middle)} % (median), profiles: ${profiles[i].join(' ')}`
    )
  })
} finally {
  fs.rmSync(folder, { recursive: true, force: true })
}
