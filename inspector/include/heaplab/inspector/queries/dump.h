// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string_view>

#include "heaplab/inspector/queries/view.h"

namespace heaplab::inspector {

/// Where output goes, in pieces of some tens of kilobytes.
using ByteSink = std::function<void(std::string_view)>;

enum class DumpFormat { tsv, csv, jsonl };

/// A row per node in file order, after a header line (tsv, csv):
///
///     id type name self retained distance dominator
///
/// `self` is DevTools' shallow size, `dominator` is an id, the root's its own. In tsv a tab, a line
/// feed, a carriage return and a backslash in a name are written \t \n \r \\; csv quotes as RFC
/// 4180; jsonl is one JSON object a line with the same keys.
void dump_nodes(const View& view, DumpFormat format, const ByteSink& sink);

/// A row per edge: `from kind name to`, ids at both ends. Not as jsonl.
void dump_edges(const View& view, DumpFormat format, const ByteSink& sink);

/// A row per class: `class count self retained distance`.
void dump_classes(const View& view, DumpFormat format, const ByteSink& sink);

}  // namespace heaplab::inspector
