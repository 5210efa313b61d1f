// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace heaplab {

/// A range of address space from the system, without memory until touched.
class Reservation {
 public:
  Reservation() = default;
  ~Reservation();
  Reservation(const Reservation&) = delete;
  Reservation& operator=(const Reservation&) = delete;

  /// `bytes` inside the cage (see object.h), aligned to a block. Throws std::system_error.
  void reserve_in_cage(std::size_t bytes);
  /// `bytes` anywhere, for side tables. Throws std::system_error.
  void reserve_anywhere(std::size_t bytes);
  /// Asks for large pages where memory is taken from now on. Refused silently where the system has
  /// none.
  static void prefer_large_pages(void* start, std::size_t bytes);
  /// Takes the memory of [start, start + bytes) now, in one call instead of a fault for each page:
  /// for what is about to be filled. Systems without that call take it when it is touched.
  static void populate(void* start, std::size_t bytes);
  /// Gives the memory of [start, start + bytes) back to the system; it reads as zero afterwards.
  static void release(void* start, std::size_t bytes);

  std::uintptr_t base() const { return base_; }
  std::size_t bytes() const { return bytes_; }

 private:
  std::uintptr_t base_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace heaplab
