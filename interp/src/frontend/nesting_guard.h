// SPDX-License-Identifier: MIT
// Parser, scope analysis and code generation recurse along the program's nesting. The guard turns
// a program nested too deeply into a SyntaxError before the native stack ends.
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HEAPLAB_ASAN_BUILD 1
#endif
#endif

namespace heaplab::interp {

class NestingLimit {
 public:
  NestingLimit() : base_(stack_address()) {}

  /// One level of recursion; `ok()` says whether to go on.
  class Level {
   public:
    explicit Level(NestingLimit& limit) : limit_(limit) { ++limit_.depth_; }
    ~Level() { --limit_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    bool ok() const {
      const std::uintptr_t here = stack_address();
      const std::uintptr_t used = limit_.base_ > here ? limit_.base_ - here : here - limit_.base_;
      return limit_.depth_ <= kMaxDepth && used <= kMaxStack;
    }

   private:
    NestingLimit& limit_;
  };

 private:
  static constexpr std::size_t kMaxDepth = 10000;
  /// Bytes are watched too: frames differ between builds, most of all under a sanitizer.
#if defined(__SANITIZE_ADDRESS__) || defined(HEAPLAB_ASAN_BUILD)
  static constexpr std::size_t kMaxStack = 4 * 1024 * 1024;
#else
  static constexpr std::size_t kMaxStack = 1024 * 1024;
#endif

  static std::uintptr_t stack_address() {
    return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  }
  std::uintptr_t base_;
  std::size_t depth_ = 0;
};

inline constexpr const char* kNestedTooDeeply = "The program is nested too deeply";

}  // namespace heaplab::interp
