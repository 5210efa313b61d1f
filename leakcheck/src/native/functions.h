// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "heaplab/trace/allocation_site.h"

// Call stacks as a programmer reads them: functions of the program, without the ones that only hand
// memory out.

namespace heaplab::leakcheck::native {

using FunctionId = std::uint32_t;

/// What a function is to somebody who looks for a leak.
enum class Role : std::uint8_t {
  program,    ///< might be to blame
  allocator,  ///< by its name, hands out memory to whoever asks: xmalloc, operator new, strdup
  library     ///< of the C or C++ library, or another library of the system
};

class Functions {
 public:
  explicit Functions(const trace::Tables& tables) : tables_(tables) {}

  /// The functions of a stack, innermost first, each with its frame; a function that calls itself
  /// is there once.
  struct Call {
    FunctionId function = 0;
    trace::FrameId frame = 0;
    Role role = Role::program;
  };
  const std::vector<Call>& calls(trace::StackId stack);

  const std::string& name(FunctionId function) const { return names_[function]; }

 private:
  FunctionId function_of(trace::FrameId frame);
  Role role_of(trace::FrameId frame) const;

  const trace::Tables& tables_;
  std::unordered_map<std::string, FunctionId> ids_;
  std::vector<std::string> names_;
  std::vector<FunctionId> function_of_frame_;  ///< plus one
  std::vector<Role> role_of_frame_;
  std::vector<Call> calls_;
};

using trace::is_allocator;
using trace::is_standard_library;
using trace::short_name;

}  // namespace heaplab::leakcheck::native
