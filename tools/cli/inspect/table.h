// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "heaplab/support/terminal.h"
#include "heaplab/support/text.h"

namespace heaplab::cli::inspect {

/// Rows in columns that fit the terminal. The last column takes what is left, and is cut there;
/// where there is no terminal, nothing is.
class Table {
 public:
  struct Column {
    std::string title;
    Align align = Align::right;
  };
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// Cells must be printable (see `printable`). `dim` is for rows that matter less.
  void add(std::vector<std::string> cells, bool dim = false) {
    rows_.push_back({std::move(cells), dim});
  }
  bool empty() const { return rows_.empty(); }

  /// As text, a line a row after one of titles.
  std::string text(const Painter& paint, std::size_t columns) const;
  void print() const;  ///< to standard output

 private:
  struct Row {
    std::vector<std::string> cells;
    bool dim;
  };
  std::vector<std::size_t> widths() const;
  std::string line(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths,
                   std::size_t columns) const;

  std::vector<Column> columns_;
  std::vector<Row> rows_;
};

/// Columns of standard output; 100 where there is no terminal.
std::size_t output_width();

/// How to paint on standard output.
const Painter& painter();

}  // namespace heaplab::cli::inspect
