// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace heaplab {

/// One step through a string that may not be UTF-8.
struct Utf8Step {
  char32_t code_point;  ///< Meaningless when `!valid`.
  std::size_t bytes;    ///< At least 1, so a loop always advances.
  bool valid;
};

/// Decodes the character at the front of `text`, strictly: no overlong forms, no surrogates,
/// nothing above U+10FFFF. \pre `text` is not empty.
Utf8Step decode_utf8(std::string_view text);

}  // namespace heaplab
