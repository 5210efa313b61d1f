// SPDX-License-Identifier: MIT
#include "table.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

namespace heaplab::cli::inspect {

std::vector<std::size_t> Table::widths() const {
  std::vector<std::size_t> result;
  for (const Column& column : columns_) result.push_back(display_width(column.title));
  for (const Row& row : rows_) {
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      result[i] = std::max(result[i], display_width(row.cells[i]));
    }
  }
  return result;
}

std::string Table::line(const std::vector<std::string>& cells,
                        const std::vector<std::size_t>& widths, std::size_t columns) const {
  std::string result;
  std::size_t used = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i + 1 < cells.size()) {
      result += pad_to_width(cells[i], widths[i], columns_[i].align) + "  ";
      used += widths[i] + 2;
    } else {
      // Narrow terminals wrap rather than show nothing of what a row is about.
      const std::size_t left = columns > used + 20 ? columns - used : 20;
      result += truncate_to_width(cells[i], left);
    }
  }
  result.erase(result.find_last_not_of(' ') + 1);
  return result;
}

std::string Table::text(const Painter& paint, std::size_t columns) const {
  const std::vector<std::size_t> all = widths();
  std::vector<std::string> titles;
  for (const Column& column : columns_) titles.push_back(column.title);
  std::string result = paint.dim(line(titles, all, columns)) + "\n";
  for (const Row& row : rows_) {
    const std::string text = line(row.cells, all, columns);
    result += (row.dim ? paint.dim(text) : text) + "\n";
  }
  return result;
}

void Table::print() const {
  // Who reads from a pipe or a file wants all of it.
  constexpr std::size_t unlimited = std::size_t{1} << 30;
  fmt::print("{}", text(painter(), isatty(STDOUT_FILENO) != 0 ? output_width() : unlimited));
}

std::size_t output_width() { return terminal_width(STDOUT_FILENO, 100); }

const Painter& painter() {
  static const Painter paint(STDOUT_FILENO);
  return paint;
}

}  // namespace heaplab::cli::inspect
