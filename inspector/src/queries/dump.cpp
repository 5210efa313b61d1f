// SPDX-License-Identifier: MIT
#include "heaplab/inspector/queries/dump.h"

#include <algorithm>
#include <array>

#include "output.h"

namespace heaplab::inspector {
namespace {

void append_escaped_tsv(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\\':
        out += "\\\\";
        break;
      default:
        out += c;
    }
  }
}

void append_escaped_csv(std::string& out, std::string_view text) {
  if (text.find_first_of(",\"\n\r") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void append_escaped_json(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  out += '"';
}

void append_escaped(std::string& out, DumpFormat format, std::string_view text) {
  switch (format) {
    case DumpFormat::tsv:
      return append_escaped_tsv(out, text);
    case DumpFormat::csv:
      return append_escaped_csv(out, text);
    case DumpFormat::jsonl:
      return append_escaped_json(out, text);
  }
}

/// The texts a stretch of nodes needs, escaped, in one piece of memory that has a limit. All
/// strings of a snapshot may be more than memory; those of a stretch are read in one pass over the
/// store.
class EscapedTexts {
 public:
  EscapedTexts(const Snapshot& snapshot, DumpFormat format)
      : snapshot_(snapshot),
        format_(format),
        slots_((std::size_t{snapshot.strings().size()} + 63) / 64) {}

  /// Reads what nodes from `begin` need, and says where their stretch ends. `visit_needs(node,
  /// need)` calls `need` with the numbers of a node's strings.
  template <typename VisitNeeds>
  NodeIndex load(NodeIndex begin, VisitNeeds&& visit_needs) {
    constexpr std::uint64_t memory_limit = 256U << 20;
    const SnapshotStrings& strings = snapshot_.strings();
    wanted_.clear();
    for (std::uint64_t& bits : slots_) bits = 0;
    std::uint64_t bytes = 0;
    NodeIndex end = begin;
    for (; end < snapshot_.node_count() && bytes < memory_limit; ++end) {
      visit_needs(end, [&](std::uint32_t text) {
        if (text >= strings.size() || is_wanted(text)) return;
        bytes += strings.raw_length(text) + 16;
        slots_[text / 64] |= std::uint64_t{1} << (text % 64);
      });
    }
    read();
    return end;
  }

  std::string_view operator[](std::uint32_t name) const {
    if (name >= snapshot_.strings().size()) return format_ == DumpFormat::jsonl ? "\"\"" : "";
    const std::size_t rank = first_of_word_[name / 64] +
                             static_cast<std::size_t>(__builtin_popcountll(
                                 slots_[name / 64] & ((std::uint64_t{1} << (name % 64)) - 1)));
    return std::string_view(text_).substr(wanted_[rank], wanted_[rank + 1] - wanted_[rank]);
  }

 private:
  bool is_wanted(std::uint32_t name) const { return ((slots_[name / 64] >> (name % 64)) & 1) != 0; }

  void read() {
    first_of_word_.resize(slots_.size());
    std::uint32_t rank = 0;
    for (std::size_t word = 0; word < slots_.size(); ++word) {
      first_of_word_[word] = rank;
      rank += static_cast<std::uint32_t>(__builtin_popcountll(slots_[word]));
    }
    text_.clear();
    wanted_.reserve(rank + 1);
    snapshot_.strings().for_each([&](std::uint32_t index, std::string_view text) {
      if (!is_wanted(index)) return;
      wanted_.push_back(text_.size());
      append_escaped(text_, format_, text);
    });
    wanted_.push_back(text_.size());
  }

  const Snapshot& snapshot_;
  DumpFormat format_;
  BigArray<std::uint64_t> slots_;             ///< a bit per string: its name is here
  std::vector<std::uint32_t> first_of_word_;  ///< how many are before a word of bits
  std::vector<std::uint64_t> wanted_;         ///< where each begins, and the end
  std::string text_;
};

void write_row(Output& out, char separator, const View& view, NodeIndex node,
               std::string_view name) {
  const Snapshot& snapshot = view.snapshot();
  out.number(std::uint64_t{snapshot.id(node)})
      << separator << to_string(snapshot.type(node)) << separator << name << separator;
  out.number(view.shallow(node)) << separator;
  out.number(view.retained(node)) << separator;
  out.number(std::int64_t{view.analysis().distances[node]}) << separator;
  out.number(std::uint64_t{snapshot.id(view.analysis().dominators[node])}) << '\n';
}

void write_json_row(Output& out, const View& view, NodeIndex node, std::string_view name) {
  const Snapshot& snapshot = view.snapshot();
  (out << "{\"id\":").number(std::uint64_t{snapshot.id(node)});
  out << ",\"type\":\"" << to_string(snapshot.type(node)) << "\",\"name\":" << name;
  (out << ",\"self\":").number(view.shallow(node));
  (out << ",\"retained\":").number(view.retained(node));
  (out << ",\"distance\":").number(std::int64_t{view.analysis().distances[node]});
  (out << ",\"dominator\":").number(std::uint64_t{snapshot.id(view.analysis().dominators[node])});
  out << "}\n";
}

}  // namespace

void dump_nodes(const View& view, DumpFormat format, const ByteSink& sink) {
  Output out(sink);
  const char separator = format == DumpFormat::csv ? ',' : '\t';
  if (format != DumpFormat::jsonl) {
    constexpr std::array<std::string_view, 7> columns = {"id",       "type",     "name",     "self",
                                                         "retained", "distance", "dominator"};
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) out << separator;
      out << columns[i];
    }
    out << '\n';
  }
  EscapedTexts names(view.snapshot(), format);
  const auto name_of = [&](NodeIndex node, auto&& need) { need(view.snapshot().name_index(node)); };
  for (NodeIndex node = 0; node < view.snapshot().node_count();) {
    for (const NodeIndex end = names.load(node, name_of); node < end; ++node) {
      const std::string_view name = names[view.snapshot().name_index(node)];
      if (format == DumpFormat::jsonl) {
        write_json_row(out, view, node, name);
      } else {
        write_row(out, separator, view, node, name);
      }
    }
  }
}

void dump_edges(const View& view, DumpFormat format, const ByteSink& sink) {
  Output out(sink);
  const char separator = format == DumpFormat::csv ? ',' : '\t';
  out << "from" << separator << "kind" << separator << "name" << separator << "to\n";
  const Snapshot& snapshot = view.snapshot();
  EscapedTexts labels(snapshot, format);
  const auto labels_of = [&](NodeIndex node, auto&& need) {
    snapshot.for_each_edge(node, [&](const SnapshotEdge& edge) {
      if (!has_number(edge.kind)) need(edge.label);
    });
  };
  const auto write = [&](NodeIndex node, const SnapshotEdge& edge) {
    out.number(std::uint64_t{snapshot.id(node)}) << separator << to_string(edge.kind) << separator;
    has_number(edge.kind) ? out.number(std::uint64_t{edge.label}) : out << labels[edge.label];
    (out << separator).number(std::uint64_t{snapshot.id(edge.target)}) << '\n';
  };
  for (NodeIndex node = 0; node < snapshot.node_count();) {
    for (const NodeIndex end = labels.load(node, labels_of); node < end; ++node) {
      snapshot.for_each_edge(node, [&](const SnapshotEdge& edge) { write(node, edge); });
    }
  }
}

void dump_classes(const View& view, DumpFormat format, const ByteSink& sink) {
  Output out(sink);
  const char separator = format == DumpFormat::csv ? ',' : '\t';
  out << "class" << separator << "count" << separator << "self" << separator << "retained"
      << separator << "distance\n";
  std::vector<const ClassTotals*> rows;
  for (const ClassTotals& row : view.classes().rows) rows.push_back(&row);
  std::stable_sort(rows.begin(), rows.end(), [](const ClassTotals* a, const ClassTotals* b) {
    return a->retained > b->retained;
  });
  std::string name;
  for (const ClassTotals* row : rows) {
    name.clear();
    append_escaped(name, format, row->name);
    (out << name << separator).number(row->count) << separator;
    out.number(row->self) << separator;
    out.number(row->retained) << separator;
    out.number(std::int64_t{row->distance}) << '\n';
  }
}

}  // namespace heaplab::inspector
