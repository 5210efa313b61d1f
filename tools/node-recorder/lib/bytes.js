// SPDX-License-Identifier: MIT
'use strict'

/// Bytes that grow at their end: what records are put together in.
class Bytes {
  constructor(capacity = 4096) {
    this.buffer = Buffer.allocUnsafe(capacity)
    this.length = 0
  }

  reserve(more) {
    if (this.length + more <= this.buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(2 * this.buffer.length, this.length + more))
    this.buffer.copy(larger, 0, 0, this.length)
    this.buffer = larger
  }

  byte(value) {
    this.reserve(1)
    this.buffer[this.length++] = value
  }

  /// LEB128. What is no number, negative, or beyond 2^53 becomes 0: it cannot be told.
  varint(value) {
    let rest = Math.round(value)
    if (!(rest >= 0 && rest <= Number.MAX_SAFE_INTEGER)) rest = 0
    this.reserve(8)
    while (rest >= 0x80) {
      this.buffer[this.length++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    this.buffer[this.length++] = rest
  }

  varints(values) {
    for (const value of values) this.varint(value)
  }

  /// A length, then UTF-8.
  text(value) {
    const bytes = Buffer.byteLength(value)
    this.varint(bytes)
    this.reserve(bytes)
    this.length += this.buffer.write(value, this.length)
  }

  append(other) {
    this.reserve(other.length)
    other.buffer.copy(this.buffer, this.length, 0, other.length)
    this.length += other.length
  }

  contents() {
    return this.buffer.subarray(0, this.length)
  }

  clear() {
    this.length = 0
  }
}

module.exports = { Bytes }
