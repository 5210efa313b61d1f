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

namespace detail {
struct Pages {
  void* start = nullptr;
  std::size_t bytes = 0;
};
/// At least `bytes`, zeroed: spare pages if some fit, else new ones.
Pages take_pages(std::size_t bytes);
/// Keeps them for take_pages, or gives small ones to the system.
void drop_pages(Pages pages);
/// Makes them more, wherever they go; the added bytes are zero.
Pages grow_pages(Pages pages, std::size_t bytes);
/// Of pages that are address space from byte `ready` on: makes at least `needed` bytes, and a good
/// piece more, ready to be written, in large pages if these are to be had. Returns how many are.
std::size_t make_ready(Pages pages, std::size_t ready, std::size_t needed);
}  // namespace detail

/// Gives the system what dropped arrays left. Any thread may call it at any time.
void release_spare_pages();

/// A growable array of plain values for the hundreds of megabytes a heap graph takes. The pages
/// come from the system and grow in place (or are moved by it without being copied), so growing
/// never needs old and new memory at once, and memory that was not written costs (nearly) nothing.
/// New elements are zero. Large pages are asked for while these are cheap (see make_ready): graph
/// algorithms jump about, and a good part of their time would go to address translation.
///
/// Pages the system hands out for the first time are dear (a virtual machine pays several seconds
/// for a gigabyte). So what an array drops is kept for the next one, until `release_spare_pages()`.
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
        capacity_(std::exchange(other.capacity_, 0)),
        ready_(std::exchange(other.ready_, 0)),
        bytes_(std::exchange(other.bytes_, 0)) {}
  BigArray& operator=(BigArray&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    std::swap(ready_, other.ready_);
    std::swap(bytes_, other.bytes_);
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
    if (size_ == capacity_) [[unlikely]] {
      reserve(size_ + 1);
      make_ready(size_ + 1);
    }
    data_[size_++] = value;
  }
  void pop_back() { --size_; }
  /// New elements are zero unless memory that was used before a shrink is used again.
  void resize(std::size_t size) {
    if (size > capacity_) {
      if (bytes_for(size) > bytes_) map(bytes_for(size));
      make_ready(size);
    }
    size_ = size;
  }
  /// Address space, which costs nothing.
  void reserve(std::size_t size) {
    const std::size_t bytes = bytes_for(size);
    if (bytes > bytes_) map(bytes > 2 * bytes_ ? bytes : 2 * bytes_);
  }
  void assign(std::size_t size, T value) {
    resize(size);
    for (T& element : *this) element = value;
  }
  /// Gives what is beyond size() back to the system.
  void shrink_to_fit() {
    if (size_ == 0) return release();
    const std::size_t needed = bytes_for(size_);
    if (needed == bytes_) return;
    ::munmap(reinterpret_cast<char*>(data_) + needed, bytes_ - needed);
    bytes_ = ready_ = needed;
    capacity_ = bytes_ / sizeof(T);
  }
  /// Drops everything.
  void release() {
    if (data_ != nullptr) detail::drop_pages({data_, bytes_});
    data_ = nullptr;
    size_ = capacity_ = ready_ = bytes_ = 0;
  }

 private:
  static constexpr std::size_t page = 4096;

  static std::size_t bytes_for(std::size_t count) {
    if (count > (std::size_t{1} << 46) / sizeof(T)) throw std::bad_alloc();
    return (count * sizeof(T) + page - 1) / page * page;
  }

  void map(std::size_t bytes) {
    const detail::Pages pages =
        data_ == nullptr ? detail::take_pages(bytes) : detail::grow_pages({data_, bytes_}, bytes);
    data_ = static_cast<T*>(pages.start);
    bytes_ = pages.bytes;
  }

  void make_ready(std::size_t count) {
    ready_ = detail::make_ready({data_, bytes_}, ready_, bytes_for(count));
    capacity_ = ready_ / sizeof(T);
  }

  T* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;  ///< elements that fit into `ready_`
  std::size_t ready_ = 0;     ///< bytes that may be written
  std::size_t bytes_ = 0;     ///< of address space
};

}  // namespace heaplab
