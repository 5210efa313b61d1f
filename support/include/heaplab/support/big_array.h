// SPDX-License-Identifier: MIT
#pragma once

#include <sys/mman.h>

#include <cassert>
#include <cstddef>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

namespace heaplab {

/// A growable array of plain values for the hundreds of megabytes a heap graph takes. The pages
/// come from the system and grow in place (or are moved by it without being copied), so growing
/// never needs old and new memory at once, memory that was not written costs nothing, and what is
/// dropped goes back at once. New elements are zero. Large pages are asked for: graph algorithms
/// jump about, and most of their time would go to address translation.
///
/// Throws std::bad_alloc when the system has no address space left.
template <typename T>
class BigArray {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  BigArray() = default;
  explicit BigArray(std::size_t size) { resize(size); }
  ~BigArray() { release(); }
  BigArray(BigArray&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  BigArray& operator=(BigArray&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    return *this;
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T* data() { return data_; }
  const T* data() const { return data_; }
  T& operator[](std::size_t index) {
    assert(index < size_ && "index beyond the end");
    return data_[index];
  }
  const T& operator[](std::size_t index) const {
    assert(index < size_ && "index beyond the end");
    return data_[index];
  }
  T& back() { return (*this)[size_ - 1]; }
  const T& back() const { return (*this)[size_ - 1]; }
  T* begin() { return data_; }
  T* end() { return data_ + size_; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }
  operator std::span<const T>() const { return {data_, size_}; }

  void push_back(T value) {
    if (size_ == capacity_) [[unlikely]]
      reserve(size_ + 1);
    data_[size_++] = value;
  }
  void pop_back() { --size_; }
  /// New elements are zero unless memory that was used before a shrink is used again.
  void resize(std::size_t size) {
    if (size > capacity_) grow(size);
    size_ = size;
  }
  void reserve(std::size_t size) {
    if (size > capacity_) grow(size > 2 * capacity_ ? size : 2 * capacity_);
  }
  void assign(std::size_t size, T value) {
    resize(size);
    for (T& element : *this) element = value;
  }
  /// Gives what is beyond size() back to the system.
  void shrink_to_fit() {
    if (size_ == 0) {
      release();
      return;
    }
    remap(bytes_for(size_));
  }
  /// Gives everything back.
  void release() {
    if (data_ != nullptr) ::munmap(data_, capacity_bytes());
    data_ = nullptr;
    size_ = capacity_ = 0;
  }

 private:
  static constexpr std::size_t page = 4096;
  static constexpr std::size_t large_page = std::size_t{2} << 20;

  static std::size_t bytes_for(std::size_t count) {
    if (count > (std::size_t{1} << 46) / sizeof(T)) throw std::bad_alloc();
    return (count * sizeof(T) + page - 1) / page * page;
  }
  std::size_t capacity_bytes() const { return bytes_for(capacity_); }

  void grow(std::size_t count) { remap(bytes_for(count)); }

  void remap(std::size_t bytes) {
    void* memory = data_ == nullptr ? ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
                                    : ::mremap(static_cast<void*>(data_), capacity_bytes(), bytes,
                                               MREMAP_MAYMOVE);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    if (bytes >= 2 * large_page) ::madvise(memory, bytes, MADV_HUGEPAGE);
    data_ = static_cast<T*>(memory);
    capacity_ = bytes / sizeof(T);
  }

  T* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace heaplab
