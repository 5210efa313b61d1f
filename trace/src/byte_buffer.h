// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "wire.h"

namespace heaplab::trace {

/// Bytes that grow at the end. Whoever appends says first how many it may be, so that the numbers
/// of a record go in without a check each.
class ByteBuffer {
 public:
  static constexpr std::size_t longest_varint = 10;

  explicit ByteBuffer(std::size_t capacity) : bytes_(new char[capacity]), capacity_(capacity) {}

  const char* data() const { return bytes_.get(); }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  void clear() { size_ = 0; }

  /// \post `bytes` more fit.
  void reserve_more(std::size_t bytes) {
    if (capacity_ - size_ < bytes) grow(bytes);
  }
  /// Where the end is kept while many numbers are put: the buffer's own members would have to be
  /// read again after each byte, for all the compiler knows. It counts once `end` is given it back.
  class Cursor {
   public:
    explicit Cursor(ByteBuffer& buffer) : at_(buffer.bytes_.get() + buffer.size_) {}
    /// \pre Reserved: longest_varint bytes.
    void put_varint(std::uint64_t value) {
      while (value >= 0x80) {
        *at_++ = static_cast<char>((value & 0x7f) | 0x80);
        value >>= 7;
      }
      *at_++ = static_cast<char>(value);
    }
    void put_difference(std::uint64_t value, std::uint64_t base) {
      put_varint(zigzag(value - base));
    }

   private:
    friend class ByteBuffer;
    char* at_;
  };
  void end(const Cursor& cursor) { size_ = static_cast<std::size_t>(cursor.at_ - bytes_.get()); }

  /// \pre Reserved: longest_varint bytes. So are the next two.
  void put_varint(std::uint64_t value) {
    Cursor cursor(*this);
    cursor.put_varint(value);
    end(cursor);
  }
  void put_difference(std::uint64_t value, std::uint64_t base) { put_varint(zigzag(value - base)); }
  void put_byte(std::uint8_t byte) { bytes_[size_++] = static_cast<char>(byte); }
  /// Reserves by itself.
  void put_text(std::string_view text) {
    reserve_more(longest_varint + text.size());
    put_varint(text.size());
    put_bytes(text);
  }
  /// Reserves by itself.
  void put_bytes(std::string_view bytes) {
    reserve_more(bytes.size());
    std::memcpy(bytes_.get() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
  }

 private:
  void grow(std::size_t bytes) {
    const std::size_t capacity = 2 * capacity_ + bytes;
    std::unique_ptr<char[]> larger(new char[capacity]);
    std::memcpy(larger.get(), bytes_.get(), size_);
    bytes_ = std::move(larger);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_;
};

}  // namespace heaplab::trace
