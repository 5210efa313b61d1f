// SPDX-License-Identifier: MIT
#include "heaplab/support/big_array.h"

#include <time.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <vector>

namespace heaplab {
namespace detail {
namespace {

/// Smaller ones are not worth keeping.
constexpr std::size_t large = std::size_t{2} << 20;

void* checked(void* memory) {
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return memory;
}

class SparePages {
 public:
  Pages take(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    auto best = spare_.end();
    for (auto it = spare_.begin(); it != spare_.end(); ++it) {
      if (it->bytes >= bytes && (best == spare_.end() || it->bytes < best->bytes)) best = it;
    }
    if (best == spare_.end()) return {};
    const Pages pages{best->start, bytes};
    best->start = static_cast<char*>(best->start) + bytes;
    best->bytes -= bytes;
    if (best->bytes == 0) spare_.erase(best);
    return pages;
  }
  void keep(Pages pages) {
    const std::lock_guard lock(mutex_);
    spare_.push_back(pages);
  }
  void release() {
    const std::lock_guard lock(mutex_);
    for (const Pages& pages : spare_) ::munmap(pages.start, pages.bytes);
    spare_.clear();
  }

 private:
  std::mutex mutex_;
  std::vector<Pages> spare_;
};

/// Never destroyed: arrays of static duration may drop theirs after it would be.
SparePages& spare_pages() {
  static auto* const pages = new SparePages;
  return *pages;
}

// Large pages (2 MiB) make random accesses cheaper and a gigabyte arrives in 500 faults, not in
// 250,000: 0.08 s for 0.35 s, measured in a virtual machine. But such a machine may have lent the
// memory it does not use to others, large pieces first; to get these back takes 2 s a gigabyte,
// small pages being where they always were. So large pages are touched when they are asked for, a
// piece of an array at a time, and timed; when one took long, that was the last.

constexpr std::size_t large_page = std::size_t{2} << 20;
constexpr std::size_t piece = 4 * large_page;
/// Ten times as long as it takes to clear two mebibytes, a quarter of what lent memory takes.
constexpr std::int64_t too_long_ns = 1'000'000;

std::atomic<bool> large_pages_are_dear{false};

/// Not on the wall: another process may have its turn meanwhile.
std::int64_t own_time_ns() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

char* aligned_up(char* address) {
  const auto value = reinterpret_cast<std::uintptr_t>(address);
  return address + (large_page - value % large_page) % large_page;
}

/// Touches the large pages that lie wholly in [start, end).
void touch_large_pages(char* start, const char* end) {
  for (char* at = aligned_up(start); end - at >= static_cast<std::ptrdiff_t>(large_page);
       at += large_page) {
    const std::int64_t before = own_time_ns();
    *static_cast<volatile char*>(at) = 0;
    if (own_time_ns() - before < too_long_ns) continue;
    large_pages_are_dear = true;
    return;
  }
}

}  // namespace

std::size_t make_ready(Pages pages, std::size_t ready, std::size_t needed) {
  if (pages.bytes < piece) return pages.bytes;
  char* const start = static_cast<char*>(pages.start);
  char* const end =
      std::min(start + pages.bytes, aligned_up(start + std::max(needed, ready + piece)));
  // Advice is for all of the pages: in two minds they would be two mappings to the kernel, which
  // could not grow.
  if (!large_pages_are_dear) {
    if (::madvise(start, pages.bytes, MADV_HUGEPAGE) != 0) return pages.bytes;
    touch_large_pages(start + ready, end);
    if (!large_pages_are_dear) return static_cast<std::size_t>(end - start);
  }
  ::madvise(start, pages.bytes, MADV_NOHUGEPAGE);
  return pages.bytes;
}

Pages take_pages(std::size_t bytes) {
  const Pages spare = bytes >= large ? spare_pages().take(bytes) : Pages{};
  if (spare.start != nullptr) {
    std::memset(spare.start, 0, spare.bytes);
    return spare;
  }
  return {checked(::mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)),
          bytes};
}

void drop_pages(Pages pages) {
  if (pages.bytes >= large) {
    spare_pages().keep(pages);
  } else {
    ::munmap(pages.start, pages.bytes);
  }
}

Pages grow_pages(Pages pages, std::size_t bytes) {
  return {checked(::mremap(pages.start, pages.bytes, bytes, MREMAP_MAYMOVE)), bytes};
}

}  // namespace detail

void release_spare_pages() { detail::spare_pages().release(); }

}  // namespace heaplab
