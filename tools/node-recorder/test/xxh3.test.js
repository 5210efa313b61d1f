// SPDX-License-Identifier: MIT
'use strict'

const test = require('node:test')
const assert = require('node:assert')
const { execFileSync } = require('child_process')
const { xxh3 } = require('../lib/xxh3.js')

// What libxxhash 0.8.1 says of the first so many of the bytes below.
const known = [
  [0, '2d06800538d394c2'],
  [1, '429e81bc6744101c'],
  [2, 'a65771cbfd464c2d'],
  [3, '32dbb5c7774cc94f'],
  [4, '65775238ca34c06f'],
  [5, 'd3bdebb681920cdf'],
  [7, '39027a52dcba383e'],
  [8, '90b760c9d253d0ff'],
  [9, '15ae9f843bb50ea4'],
  [12, '8b715eccbb8c022c'],
  [15, '54b0978486c08a15'],
  [16, '372c92fa68129c98'],
  [17, 'b5d6b9c1898bd9d6'],
  [31, '79c8355e61bb90b5'],
  [32, '0ab1dbf9e9f8c22c'],
  [33, '4f4ae280e8465c3c'],
  [64, '84fcac4cce9f990d'],
  [65, '2c9f18dff914a8bd'],
  [96, 'e1e1ba1b4e47ded7'],
  [97, '5cc877781800cb6b'],
  [100, '2d7c1fb25df2d1da'],
  [128, 'c59e505a97d029e0'],
  [129, 'f9e651a476d6d3ca'],
  [130, 'a54d13e6fd3143d3'],
  [144, '6630fc8e0296f27f'],
  [160, '35073e7743b6b66a'],
  [200, '85d691776ef97dbe'],
  [239, '4d083af3e4a9a1cf'],
  [240, '967597e635f3c527'],
  [241, 'd6afac6f8fa85b01'],
  [255, '22062a421972fdde'],
  [256, '9e6593bab96413da'],
  [257, 'c7f456fff4eaca08'],
  [500, '51faff8052aded20'],
  [1023, '120a0457e3e899f6'],
  [1024, 'bb9f0c3761cdfd54'],
  [1025, '95edccc1adc4d895'],
  [1088, 'e8391a3978cbcf06'],
  [2047, '52e24987b24854e3'],
  [2048, '278f7a6a39416b51'],
  [2049, '644272755e8980a0'],
  [5000, '06983d4ce0939f36']
]

function bytes(count) {
  const result = Buffer.alloc(count)
  let state = 1
  for (let i = 0; i < count; ++i) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    result[i] = state >>> 24
  }
  return result
}

const hex = (hash) => hash.toString(16).padStart(16, '0')

test('known hashes of every way that XXH3 has', () => {
  const all = bytes(5000)
  for (const [length, hash] of known) {
    assert.strictEqual(hex(xxh3(all.subarray(0, length))), hash, `${length} bytes`)
  }
})

test('the hash of libxxhash, for every length up to 2100 and some long ones', (t) => {
  const program = process.env.HEAPLAB_XXH3_VECTORS
  if (!program) return t.skip('HEAPLAB_XXH3_VECTORS names no program')
  const lines = execFileSync(program, { encoding: 'utf8' }).trim().split('\n')
  assert.ok(lines.length > 2100)
  const all = bytes(300000)
  for (const line of lines) {
    const [length, hash] = line.split(' ')
    assert.strictEqual(hex(xxh3(all.subarray(0, Number(length)))), hash, `${length} bytes`)
  }
})
