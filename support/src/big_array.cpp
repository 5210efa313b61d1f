// SPDX-License-Identifier: MIT
#include "heaplab/support/big_array.h"

#include <algorithm>
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

}  // namespace

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
