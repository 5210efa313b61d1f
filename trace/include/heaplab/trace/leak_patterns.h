// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace heaplab::trace {

/// Whether a text has what a pattern of LeakSanitizer's suppressions says: the pattern may be
/// anywhere in it; `*` stands for any text, `^` in front for the start, `$` for the end.
bool matches_leak_pattern(std::string_view pattern, std::string_view text);

/// The pattern of a line `leak:pattern`; "" if it is another kind of line.
std::string leak_pattern_of_line(std::string_view line);

/// Known leaks that are nobody's fault: what the C library, the dynamic linker and GLib allocate
/// once and keep, the same that heaptrack leaves out.
const std::vector<std::string>& builtin_leak_patterns();

}  // namespace heaplab::trace
