// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heaplab/trace/records.h"

// Where in the program was something allocated? The innermost function of its stack is often one
// that only hands memory out: operator new, a container of the C++ library, xmalloc. The site is
// the first function outwards that does not, here and in whatever names sites.

namespace heaplab::trace {

/// What a function is to somebody who asks who allocates.
enum class FunctionRole : std::uint8_t {
  program,    ///< does something with what it allocates
  allocator,  ///< by its name, hands out memory to whoever asks: xmalloc, Pool::allocate
  language,   ///< of the C or C++ library: operator new, std::vector, strdup
  library     ///< of another library of the system
};
FunctionRole role_of(const std::string& function, const std::string& file,
                     const std::string& module);
inline bool hands_memory_out(FunctionRole role) {
  return role == FunctionRole::allocator || role == FunctionRole::language;
}

/// "Cache::insert" for "void Cache<int>::insert(int const&) [clone .isra.0]".
std::string short_name(const std::string& function);
/// By its short name: does it belong to the C++ library, does it only allocate?
bool is_standard_library(const std::string& short_name);
bool is_allocator(const std::string& short_name);

/// The sites of a recording's stacks. The tables may grow meanwhile.
class SiteFinder {
 public:
  explicit SiteFinder(const Tables& tables) : tables_(tables) {}

  /// The innermost frame whose function does not only hand memory out; the innermost of all if each
  /// does; 0 of stack 0.
  FrameId site(StackId stack);

 private:
  static constexpr FrameId unknown = ~FrameId{0};
  FrameId find(StackId stack);
  bool hands_memory_out(FrameId frame);

  const Tables& tables_;
  std::vector<FrameId> sites_;   ///< by stack
  std::vector<char> hands_out_;  ///< by frame
};

}  // namespace heaplab::trace
