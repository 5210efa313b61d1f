// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace heaplab {

/// The values as one line of block characters, `▁▂▃▅▇`: the shape of growth beside a number. Drawn
/// from zero, so a value that hardly changes looks flat. When there are more values than `columns`,
/// each column shows the largest of its share; fewer values make a shorter line.
/// Negative and non-finite values are drawn as zero.
std::string sparkline(std::span<const double> values, std::size_t columns);

/// A horizontal bar `fraction` of `columns` long, to an eighth of a column, padded with spaces to
/// `columns`. `fraction` is clamped to 0…1.
std::string bar(double fraction, std::size_t columns);

/// A filled chart of the values, `rows` lines, top line first, each `columns` columns, drawn from
/// zero to `maximum`; values above it are cut off. Fewer values than columns are stretched, more
/// are reduced to the largest of each column's share.
/// \pre `rows` > 0.
std::vector<std::string> area_chart(std::span<const double> values, double maximum,
                                    std::size_t columns, std::size_t rows);

}  // namespace heaplab
