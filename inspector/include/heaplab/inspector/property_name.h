// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace heaplab::inspector {

/// A property's name inside a list of names, as DevTools writes it: in quotes if it has commas,
/// quotes or braces.
std::string format_property_name(std::string_view name);

/// UTF-16 units of UTF-8 text: JavaScript's `length`.
std::size_t utf16_length(std::string_view text);

}  // namespace heaplab::inspector
