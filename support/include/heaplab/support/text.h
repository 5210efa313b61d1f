// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace heaplab {

/// `text` made safe to print: names in a recording come from strangers, and a terminal obeys what
/// it is sent. Well-formed UTF-8 passes unchanged, except
///  - control characters (C0, DEL, C1), line and paragraph separators, and the invisible characters
///    that reorder what surrounds them (bidirectional controls), shown as `\n`, `\x1b`, `\u202e`;
///  - bytes that are not UTF-8, shown as `\xff`.
/// \post The result is one line of well-formed UTF-8.
std::string printable(std::string_view text);

/// Columns `text` takes in a terminal: combining marks take none, East Asian wide characters and
/// emoji take two. Bytes that are not UTF-8 count as one each.
std::size_t display_width(std::string_view text);

/// `text` cut to at most `columns` columns, ending in `…` when something was cut.
std::string truncate_to_width(std::string_view text, std::size_t columns);

enum class Align { left, right };

/// `text` padded with spaces to `columns` columns; longer text is returned unchanged.
std::string pad_to_width(std::string_view text, std::size_t columns, Align align = Align::left);

}  // namespace heaplab
