// SPDX-License-Identifier: MIT
'use strict'

// XXH3, 64 bits, seed 0: the checksum of recordings. Short inputs (frames, headers) take 64-bit
// arithmetic as it is, in BigInt; the loop over long ones works on halves of 32 bits, which is some
// fifty times faster.

const secret = Buffer.from(
  'b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671f' +
  'cb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c' +
  '3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8' +
  'a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364' +
  'eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e' +
  '2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e',
  'hex'
)
const secretWords = Uint32Array.from({ length: 48 }, (_, i) => secret.readUInt32LE(4 * i))

const prime32 = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d]
const prime64 = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n
]
const primeMix1 = 0x165667919e3779f9n
const primeMix2 = 0x9fb21c651e98df25n

const stripe = 64
const stripesPerBlock = (secret.length - stripe) / 8
const block = stripe * stripesPerBlock

const wrap = (value) => BigInt.asUintN(64, value)
const key = (offset) => secret.readBigUInt64LE(offset)
const rotate = (value, bits) => wrap(value << bits) | (value >> (64n - bits))

function foldedProduct(a, b) {
  const product = a * b
  return wrap(product) ^ (product >> 64n)
}

function swapBytes(value) {
  let result = 0n
  for (let i = 0; i < 8; ++i, value >>= 8n) result = (result << 8n) | (value & 0xffn)
  return result
}

function avalanche(hash) {
  hash ^= hash >> 37n
  hash = wrap(hash * primeMix1)
  return hash ^ (hash >> 32n)
}

/// The one XXH64 ends in; XXH3 uses it for the shortest inputs.
function avalancheOfXxh64(hash) {
  hash ^= hash >> 33n
  hash = wrap(hash * prime64[1])
  hash ^= hash >> 29n
  hash = wrap(hash * prime64[2])
  return hash ^ (hash >> 32n)
}

function hashTo3(bytes) {
  const n = bytes.length
  if (n === 0) return avalancheOfXxh64(key(56) ^ key(64))
  const combined = ((bytes[0] << 16) | (bytes[n >> 1] << 24) | bytes[n - 1] | (n << 8)) >>> 0
  return avalancheOfXxh64(BigInt((combined ^ secretWords[0] ^ secretWords[1]) >>> 0))
}

function hash4To8(bytes) {
  const n = bytes.length
  const first = BigInt(bytes.readUInt32LE(0))
  const last = BigInt(bytes.readUInt32LE(n - 4))
  let hash = (last + (first << 32n)) ^ key(8) ^ key(16)
  hash ^= rotate(hash, 49n) ^ rotate(hash, 24n)
  hash = wrap(hash * primeMix2)
  hash ^= (hash >> 35n) + BigInt(n)
  hash = wrap(hash * primeMix2)
  return hash ^ (hash >> 28n)
}

function hash9To16(bytes) {
  const n = bytes.length
  const low = bytes.readBigUInt64LE(0) ^ key(24) ^ key(32)
  const high = bytes.readBigUInt64LE(n - 8) ^ key(40) ^ key(48)
  return avalanche(wrap(BigInt(n) + swapBytes(low) + high + foldedProduct(low, high)))
}

function mix16(bytes, at, keyAt) {
  return foldedProduct(
    bytes.readBigUInt64LE(at) ^ key(keyAt),
    bytes.readBigUInt64LE(at + 8) ^ key(keyAt + 8)
  )
}

function hash17To128(bytes) {
  const n = bytes.length
  let sum = BigInt(n) * prime64[0]
  for (let pair = (n - 1) >> 5; pair >= 0; --pair) {
    sum += mix16(bytes, 16 * pair, 32 * pair)
    sum += mix16(bytes, n - 16 * (pair + 1), 32 * pair + 16)
  }
  return avalanche(wrap(sum))
}

function hash129To240(bytes) {
  const n = bytes.length
  let sum = BigInt(n) * prime64[0]
  for (let i = 0; i < 8; ++i) sum += mix16(bytes, 16 * i, 16 * i)
  sum = avalanche(wrap(sum))
  for (let i = 8; i < n >> 4; ++i) sum += mix16(bytes, 16 * i, 16 * (i - 8) + 3)
  return avalanche(wrap(sum + mix16(bytes, n - 16, 136 - 17)))
}

/// Eight sums of 64 bits as pairs of halves, the lower first.
class Sums {
  constructor() {
    const start = [
      BigInt(prime32[2]), ...prime64.slice(0, 4), BigInt(prime32[1]), prime64[4], BigInt(prime32[0])
    ]
    this.words = new Uint32Array(16)
    start.forEach((value, i) => this.set(i, value))
  }

  set(i, value) {
    this.words[2 * i] = Number(value & 0xffffffffn)
    this.words[2 * i + 1] = Number(value >> 32n)
  }

  get(i) {
    return (BigInt(this.words[2 * i + 1]) << 32n) | BigInt(this.words[2 * i])
  }

  add(i, low, high) {
    const sum = this.words[2 * i] + low
    this.words[2 * i] = sum
    this.words[2 * i + 1] += high + (sum > 0xffffffff ? 1 : 0)
  }

  accumulate(bytes, at, keyAt) {
    for (let i = 0; i < 8; ++i) {
      const dataLow = word(bytes, at + 8 * i)
      const dataHigh = word(bytes, at + 8 * i + 4)
      const a = (dataLow ^ word(secret, keyAt + 8 * i)) >>> 0
      const b = (dataHigh ^ word(secret, keyAt + 8 * i + 4)) >>> 0
      this.add(i ^ 1, dataLow, dataHigh)
      this.add(i, Math.imul(a, b) >>> 0, highProduct(a, b))
    }
  }

  scramble() {
    const words = this.words
    const keyAt = (secret.length - stripe) / 4
    for (let i = 0; i < 16; i += 2) {
      // ^= itself >> 47, ^= key, *= a prime of 32 bits
      const low = (words[i] ^ (words[i + 1] >>> 15) ^ secretWords[keyAt + i]) >>> 0
      const high = words[i + 1] ^ secretWords[keyAt + i + 1]
      words[i] = Math.imul(low, prime32[0])
      words[i + 1] = highProduct(low, prime32[0]) + Math.imul(high, prime32[0])
    }
  }

  merged(n) {
    let sum = BigInt(n) * prime64[0]
    for (let i = 0; i < 4; ++i) {
      sum += foldedProduct(this.get(2 * i) ^ key(11 + 16 * i), this.get(2 * i + 1) ^ key(19 + 16 * i))
    }
    return avalanche(wrap(sum))
  }
}

function word(bytes, at) {
  return (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0
}

/// The upper 32 bits of the product of two numbers of 32 bits. No step leaves the 53 bits that a
/// double holds exactly.
function highProduct(a, b) {
  const low = (a & 0xffff) * b
  const high = (a >>> 16) * b
  return Math.floor((high + Math.floor(low / 65536)) / 65536)
}

function hashLong(bytes) {
  const n = bytes.length
  const sums = new Sums()
  const blocks = Math.floor((n - 1) / block)
  for (let b = 0; b < blocks; ++b) {
    for (let s = 0; s < stripesPerBlock; ++s) sums.accumulate(bytes, b * block + s * stripe, 8 * s)
    sums.scramble()
  }
  const rest = Math.floor((n - 1 - blocks * block) / stripe)
  for (let s = 0; s < rest; ++s) sums.accumulate(bytes, blocks * block + s * stripe, 8 * s)
  sums.accumulate(bytes, n - stripe, secret.length - stripe - 7)
  return sums.merged(n)
}

/// The hash of a Buffer, as a BigInt.
function xxh3(bytes) {
  const n = bytes.length
  if (n <= 3) return hashTo3(bytes)
  if (n <= 8) return hash4To8(bytes)
  if (n <= 16) return hash9To16(bytes)
  if (n <= 128) return hash17To128(bytes)
  if (n <= 240) return hash129To240(bytes)
  return hashLong(bytes)
}

module.exports = { xxh3 }
