// SPDX-License-Identifier: MIT
#include "heaplab/support/chart.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace heaplab {

namespace {

// Blocks that fill a character cell by eighths, from below and from the left.
constexpr std::array<const char*, 9> rising{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<const char*, 9> lengthening{" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};

double drawable(double value) { return std::isfinite(value) && value > 0 ? value : 0; }

// One value a column: the largest of the column's share, so a short peak is never lost.
std::vector<double> resample(std::span<const double> values, std::size_t columns) {
  std::vector<double> out;
  if (values.empty()) return out;
  out.reserve(columns);
  for (std::size_t column = 0; column < columns; ++column) {
    const std::size_t first = column * values.size() / columns;
    const std::size_t last = std::max(first + 1, (column + 1) * values.size() / columns);
    double largest = 0;
    for (std::size_t i = first; i < last; ++i) largest = std::max(largest, drawable(values[i]));
    out.push_back(largest);
  }
  return out;
}

// How many eighths of a cell `fraction` of `cells` cells is. Something is never drawn as nothing.
std::size_t eighths(double fraction, std::size_t cells) {
  if (!(fraction > 0)) return 0;
  const double exact = std::min(fraction, 1.0) * static_cast<double>(cells) * 8;
  return std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(exact)));
}

std::size_t fill_of_cell(std::size_t total_eighths, std::size_t cell) {
  return std::min<std::size_t>(8, total_eighths > cell * 8 ? total_eighths - cell * 8 : 0);
}

}  // namespace

std::string sparkline(std::span<const double> values, std::size_t columns) {
  const std::vector<double> heights = resample(values, std::min(columns, values.size()));
  if (heights.empty()) return {};
  const double top = *std::max_element(heights.begin(), heights.end());
  std::string line;
  for (const double height : heights) {
    // Zero is drawn too: a gap in a sparkline reads as a missing value.
    const double part = top > 0 ? height / top : 0;
    line += rising[std::max<std::size_t>(1, eighths(part, 1))];
  }
  return line;
}

std::string bar(double fraction, std::size_t columns) {
  const std::size_t total = eighths(fraction, columns);
  std::string line;
  for (std::size_t cell = 0; cell < columns; ++cell) line += lengthening[fill_of_cell(total, cell)];
  return line;
}

std::vector<std::string> area_chart(std::span<const double> values, double maximum,
                                    std::size_t columns, std::size_t rows) {
  std::vector<std::string> lines(rows);
  for (const double height : resample(values, columns)) {
    const std::size_t total = maximum > 0 ? eighths(height / maximum, rows) : 0;
    for (std::size_t row = 0; row < rows; ++row) {
      lines[row] += rising[fill_of_cell(total, rows - 1 - row)];
    }
  }
  return lines;
}

}  // namespace heaplab
