// SPDX-License-Identifier: MIT
#include "heaplab/heap/reservation.h"

#include <sys/mman.h>

#include <cerrno>
#include <system_error>

#include "heaplab/heap/block.h"
#include "heaplab/heap/options.h"

namespace heaplab {
namespace {

constexpr int reserve_flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

// The low 4 GiB stay free: non-relocatable executables and their brk heaps live there.
constexpr std::uintptr_t first_address = cage_base + 4 * GiB;
constexpr std::uintptr_t step = 64 * MiB;

}  // namespace

Reservation::~Reservation() {
  if (base_) munmap(reinterpret_cast<void*>(base_), bytes_);
}

void Reservation::reserve_in_cage(std::size_t bytes) {
  int error = ENOMEM;
  for (std::uintptr_t hint = first_address; hint + bytes <= cage_base + cage_bytes; hint += step) {
    void* memory = mmap(reinterpret_cast<void*>(hint), bytes, PROT_READ | PROT_WRITE,
                        reserve_flags | MAP_FIXED_NOREPLACE, -1, 0);
    if (memory == MAP_FAILED) {
      error = errno;
      if (error != EEXIST) break;
      continue;
    }
    if (address_of(memory) != hint) {  // a kernel without MAP_FIXED_NOREPLACE chose elsewhere
      munmap(memory, bytes);
      continue;
    }
    base_ = hint;
    bytes_ = bytes;
    return;
  }
  throw std::system_error(error, std::generic_category(),
                          "cannot reserve " + std::to_string(bytes / MiB) +
                              " MiB of address space below 32 GiB for a heap");
}

void Reservation::reserve_anywhere(std::size_t bytes) {
  bytes = (bytes + os_page_bytes - 1) & ~(os_page_bytes - 1);
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, reserve_flags, -1, 0);
  if (memory == MAP_FAILED) {
    throw std::system_error(errno, std::generic_category(),
                            "cannot reserve address space for a side table");
  }
  base_ = address_of(memory);
  bytes_ = bytes;
}

void Reservation::prefer_large_pages(void* start, std::size_t bytes) {
  madvise(start, bytes, MADV_HUGEPAGE);
}

void Reservation::populate(void* start, std::size_t bytes) {
#ifdef MADV_POPULATE_WRITE
  madvise(start, bytes, MADV_POPULATE_WRITE);
#else
  static_cast<void>(start);
  static_cast<void>(bytes);
#endif
}

void Reservation::release(void* start, std::size_t bytes) {
  if (bytes != 0) madvise(start, bytes, MADV_DONTNEED);
}

}  // namespace heaplab
