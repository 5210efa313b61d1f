// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace heaplab::trace {

/// What is wrong with a file that begins like this, for who asked for a recording: which other verb
/// takes it, if any does.
std::string no_recording(std::string_view start);

}  // namespace heaplab::trace
