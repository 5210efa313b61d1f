// SPDX-License-Identifier: MIT
#include "heaplab/inspector/heapsnapshot_writer.h"

#include <array>
#include <stdexcept>

#include "live_nodes.h"
#include "name_table.h"
#include "snapshot_output.h"

namespace heaplab::inspector {
namespace {

constexpr std::uint32_t node_fields = 7;
/// A node is named by its place in the array of nodes, and DevTools keeps that in 32 bits.
constexpr NodeIndex most_nodes = 0xffff'ffffu / node_fields;
/// Of the names in a WeakMap pair's name, as much as people need.
constexpr std::size_t longest_pair_part = 100;

constexpr std::array<std::string_view, 15> node_types = {"hidden",
                                                         "array",
                                                         "string",
                                                         "object",
                                                         "code",
                                                         "closure",
                                                         "regexp",
                                                         "number",
                                                         "native",
                                                         "synthetic",
                                                         "concatenated string",
                                                         "sliced string",
                                                         "symbol",
                                                         "bigint",
                                                         "object shape"};

// As Node 20 writes it, whose fields are those of all versions.
constexpr std::string_view meta =
    R"({"node_fields":["type","name","id","self_size","edge_count","trace_node_id","detachedness"],)"
    R"("node_types":[["hidden","array","string","object","code","closure","regexp","number",)"
    R"("native","synthetic","concatenated string","sliced string","symbol","bigint",)"
    R"("object shape"],"string","number","number","number","number","number"],)"
    R"("edge_fields":["type","name_or_index","to_node"],)"
    R"("edge_types":[["context","element","property","internal","hidden","shortcut","weak"],)"
    R"("string_or_number","node"],)"
    R"("trace_function_info_fields":["function_id","name","script_name","script_id","line",)"
    R"("column"],"trace_node_fields":["id","function_info_index","count","size","children"],)"
    R"("sample_fields":["timestamp_us","last_assigned_id"],)"
    R"("location_fields":["object_index","script_id","line","column"]})";

std::uint32_t type_number(std::string_view type) {
  for (std::uint32_t i = 0; i < node_types.size(); ++i) {
    if (node_types[i] == type) return i;
  }
  return 0;
}

/// A part of a pair's name: DevTools finds its end with a pattern that stops at a line's end.
std::string on_one_line(std::string text) {
  if (text.size() > longest_pair_part) {
    std::size_t end = longest_pair_part;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    text.resize(end);
  }
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return text;
}

struct EdgeCounter {
  static constexpr bool wants_names = false;
  std::uint32_t count = 0;
  void edge(const EdgeName&, NodeIndex) { ++count; }
  void pair(const EphemeronPair&, std::uint32_t) { ++count; }
};

/// Writes one snapshot, section by section.
class Sections : private NameTable::Maker {
 public:
  Sections(LiveNodes& nodes, SnapshotLanguage& language, const AllocationTraces* traces,
           SnapshotOutput& out)
      : nodes_(nodes), language_(language), traces_(traces), out_(out) {}

  void write() {
    count_edges();
    write_header();
    write_nodes();
    write_edges();
    write_traces();
    write_locations();
    write_strings();
  }

  // The visitor of edges that are written.
  static constexpr bool wants_names = true;
  void edge(const EdgeName& name, NodeIndex target) {
    const bool numbered = has_number(name.kind);
    write_edge(name.kind, numbered ? name.number : name_of(name), target);
  }
  void pair(const EphemeronPair& pair, std::uint32_t number) {
    text_.clear();
    append_pair_name({pair, number}, text_);
    pairs_.push_back({pair, number});
    const std::uint32_t before = names_.size();
    const std::uint32_t name =
        names_.add(text_, {NameTable::Source::pair, static_cast<std::uint32_t>(pairs_.size() - 1)});
    if (name != before) pairs_.pop_back();  // key and table may say the same
    write_edge(EdgeKind::internal, name, pair.value);
  }

 private:
  struct NamedPair {
    EphemeronPair pair;
    std::uint32_t number = 0;
  };
  struct KnownKey {
    const Object* key = nullptr;
    std::uint32_t name = 0;
  };
  struct Total {
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;
  };

  std::uint32_t edges_of(NodeIndex node) {
    EdgeCounter counter;
    nodes_.visit_edges(node, counter);
    return counter.count;
  }
  void count_edges() {
    for (NodeIndex node = 0; node < nodes_.count(); ++node) edge_count_ += edges_of(node);
  }

  void write_header() {
    out_.text("{\"snapshot\":{\"meta\":");
    out_.text(meta);
    out_.text(",\"node_count\":");
    out_.number(nodes_.count());
    out_.text(",\"edge_count\":");
    out_.number(edge_count_);
    out_.text(",\"trace_function_count\":");
    out_.number(traces_ == nullptr ? 0 : traces_->functions().size() + 1);
    out_.text("},\n");
  }

  void write_nodes() {
    out_.text("\"nodes\":[");
    if (traces_ != nullptr) totals_.resize(traces_->traces().size() + 1);
    names_.add_text("<dummy>");  // DevTools takes string 0 for none
    for (NodeIndex node = 0; node < nodes_.count(); ++node) {
      const LiveNodes::Details details = nodes_.details(node);
      const std::uint64_t fields[] = {type_number(details.type),
                                      name_of_node(node),
                                      details.id,
                                      details.self_size,
                                      edges_of(node),
                                      trace_of(node, details.self_size),
                                      0};
      row(node == 0, fields);
    }
    out_.text("],\n");
  }

  std::uint32_t name_of_node(NodeIndex node) {
    text_.clear();
    nodes_.append_name(node, text_);
    return names_.add(text_, {NameTable::Source::node, node});
  }

  /// The trace's number in the file, where 1 is the root.
  std::uint32_t trace_of(NodeIndex node, std::uint64_t bytes) {
    const Object* object = traces_ == nullptr ? nullptr : nodes_.object(node);
    if (object == nullptr) return 0;
    const std::uint32_t trace = traces_->trace_of(*object);
    if (trace == 0 || trace >= totals_.size()) return 0;
    ++totals_[trace].count;
    totals_[trace].bytes += bytes;
    return trace + 1;
  }

  void write_edges() {
    out_.text("\"edges\":[");
    for (NodeIndex node = 0; node < nodes_.count(); ++node) nodes_.visit_edges(node, *this);
    out_.text("],\n");
  }

  void write_edge(EdgeKind kind, std::uint32_t name, NodeIndex target) {
    const std::uint64_t fields[] = {static_cast<std::uint64_t>(kind), name,
                                    std::uint64_t{target} * node_fields};
    row(edges_written_++ == 0, fields);
  }

  std::uint32_t name_of(const EdgeName& name) {
    if (name.form == EdgeName::Form::number) return names_.add_number(name.number);
    if (name.form == EdgeName::Form::text) {
      text_ = name.text;  // the language may be asked for a name to compare it with
      return names_.add_text(text_);
    }
    KnownKey& known = known_keys_[compress(name.object) / 2 % known_keys_.size()];
    if (known.key != name.object) known = {name.object, name_of_key(*name.object)};
    return known.name;
  }
  std::uint32_t name_of_key(const Object& key) {
    const NodeIndex node = nodes_.node_of(&key);
    if (node != no_node) return name_of_node(node);
    text_.clear();
    language_.append_name(nodes_.heap(), key, text_);
    return names_.add_text(text_);
  }

  void make_name(NameTable::Origin origin, std::string& out) override {
    if (origin.source == NameTable::Source::node) {
      nodes_.append_name(origin.value, out);
    } else {
      append_pair_name(pairs_[origin.value], out);
    }
  }
  void append_pair_name(const NamedPair& named, std::string& out) const {
    const auto part = [this](NodeIndex node) {
      std::string name;
      nodes_.append_name(node, name);
      return on_one_line(std::move(name)) + " @" + std::to_string(nodes_.id(node));
    };
    out += std::to_string(named.number) + " / part of key (" + part(named.pair.key) +
           ") -> value (" + part(named.pair.value) + ") pair in WeakMap (table @" +
           std::to_string(nodes_.id(named.pair.table)) + ")";
  }

  void write_traces() {
    out_.text("\"trace_function_infos\":[");
    if (traces_ != nullptr) write_functions();
    out_.text("],\n\"trace_tree\":[");
    if (traces_ != nullptr) write_tree();
    out_.text("],\n\"samples\":[],\n");
  }

  void write_functions() {
    const std::uint64_t root[] = {0, names_.add_text("(root)"), names_.add_text(""), 0, 0, 0};
    row(true, root);
    std::uint64_t id = 0;
    for (const AllocationTraces::Function& function : traces_->functions()) {
      const std::uint64_t fields[] = {++id,
                                      names_.add_text(function.name),
                                      names_.add_text(function.script),
                                      function.script_id,
                                      function.line,
                                      function.column};
      row(false, fields);
    }
  }

  /// Nested arrays: [id, function, count, bytes, [children]]. What is counted are live objects.
  void write_tree() {
    const std::span<const AllocationTraces::Trace> traces = traces_->traces();
    std::vector<std::vector<std::uint32_t>> callees(traces.size() + 1);
    for (std::uint32_t i = 0; i < traces.size(); ++i) callees[traces[i].caller].push_back(i + 1);
    struct Level {
      std::uint32_t trace;
      std::size_t next = 0;
    };
    std::vector<Level> path;
    const auto open = [&](std::uint32_t trace) {
      const std::uint64_t function = trace == 0 ? 0 : traces[trace - 1].function + 1;
      const std::uint64_t fields[] = {trace + 1, function, totals_[trace].count,
                                      totals_[trace].bytes};
      row(true, fields);
      out_.text(",[");
      path.push_back({trace});
    };
    open(0);
    while (!path.empty()) {
      Level& level = path.back();
      if (level.next == callees[level.trace].size()) {
        out_.text("]");
        path.pop_back();
        continue;
      }
      if (level.next != 0) out_.text(",");
      open(callees[level.trace][level.next++]);
    }
  }

  void write_locations() {
    out_.text("\"locations\":[");
    bool first = true;
    for (NodeIndex node = nodes_.first_object(); node < nodes_.end_objects(); ++node) {
      const auto position = language_.position(*nodes_.object(node));
      if (!position) continue;
      const std::uint64_t fields[] = {std::uint64_t{node} * node_fields, position->script_id,
                                      position->line, position->column};
      row(first, fields);
      first = false;
    }
    out_.text("],\n");
  }

  void write_strings() {
    out_.text("\"strings\":[");
    for (std::uint32_t name = 0; name < names_.size(); ++name) {
      if (name != 0) out_.text(",\n");
      out_.json_string(names_[name]);
    }
    out_.text("]}\n");
  }

  void row(bool first, std::span<const std::uint64_t> fields) {
    if (!first) out_.text("\n,");
    out_.number(fields[0]);
    for (const std::uint64_t field : fields.subspan(1)) {
      out_.text(",");
      out_.number(field);
    }
  }

  LiveNodes& nodes_;
  SnapshotLanguage& language_;
  const AllocationTraces* traces_;
  SnapshotOutput& out_;
  NameTable names_{*this};
  std::array<KnownKey, 4096> known_keys_{};  ///< property names met lately, by address
  BigArray<NamedPair> pairs_;
  std::vector<Total> totals_;  ///< of live objects, by trace
  std::uint64_t edge_count_ = 0;
  std::uint64_t edges_written_ = 0;
  std::string text_;
};

}  // namespace

std::string_view SnapshotLanguage::node_type(const Heap& heap, const Object& object) {
  return heap.type_of(object).node_type;
}

void SnapshotLanguage::append_name(const Heap& heap, const Object& object, std::string& out) {
  const TypeDescriptor& type = heap.type_of(object);
  out += type.object_name != nullptr ? type.object_name(object) : type.name;
}

bool SnapshotLanguage::is_shown(const Object&, SlotPosition, const Object&) { return true; }

EdgeName SnapshotLanguage::edge_name(const Heap& heap, const Object& host, SlotPosition position) {
  heaplab::EdgeLabel label = label_of(heap, host, position);
  const auto kind = static_cast<EdgeKind>(label.kind);
  if (has_number(kind) || label.name.empty()) return EdgeName::of_number(kind, label.index);
  text_ = std::move(label.name);
  return EdgeName::of_text(kind, text_);
}

void SnapshotLanguage::extra_edges(const Object&, ExtraEdges&) {}

std::optional<ScriptPosition> SnapshotLanguage::position(const Object&) { return std::nullopt; }

bool SnapshotLanguage::is_user_root(std::string_view group, std::string_view) {
  return group == "globals";
}

HeapSnapshotWriter::HeapSnapshotWriter(Heap& heap)
    : heap_(heap), ids_(std::make_unique<ObjectIds>(heap)) {}

HeapSnapshotWriter::~HeapSnapshotWriter() = default;

void HeapSnapshotWriter::write(const std::string& path, SnapshotLanguage& language,
                               const AllocationTraces* traces) {
  SnapshotOutput out(path);
  LiveNodes nodes(heap_, language, *ids_);
  if (nodes.count() > most_nodes) throw std::length_error("too many objects for a heap snapshot");
  Sections(nodes, language, traces, out).write();
  out.commit();
}

}  // namespace heaplab::inspector
