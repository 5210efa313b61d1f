// SPDX-License-Identifier: MIT
#include "snapshot/builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "heaplab/support/processors.h"
#include "heaplab/support/text.h"
#include "hprof/builder.h"
#include "snapshot/batches.h"
#include "snapshot/json_text.h"
#include "snapshot/strings_builder.h"
#include "snapshot/weak_map_label.h"

namespace heaplab::inspector {
namespace {

constexpr std::array<std::string_view, 17> node_type_names = {"hidden",
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
                                                              "object shape",
                                                              "wasm object",
                                                              "class"};
constexpr std::array<std::string_view, 7> edge_kind_names = {
    "context", "element", "property", "internal", "hidden", "shortcut", "weak"};

constexpr std::size_t largest_header = 16 << 20;

NodeType node_type_called(std::string_view name) {
  // The last is none of V8's.
  const auto found = std::find(node_type_names.begin(), node_type_names.end() - 1, name);
  return found == node_type_names.end() - 1 ? NodeType::other
                                            : NodeType(found - node_type_names.begin());
}

}  // namespace

std::string_view to_string(NodeType type) {
  return type == NodeType::other ? "other" : node_type_names[static_cast<std::size_t>(type)];
}

Snapshot read_snapshot(const std::string& path, const ReadOptions& options) {
  ByteStream stream(path);
  constexpr std::string_view java = "JAVA PROFILE 1.";
  if (stream.peek(java.size()) == java) return hprof::Builder(std::move(stream), options).read();
  return SnapshotBuilder(std::move(stream), options).read();
}

SnapshotBuilder::SnapshotBuilder(ByteStream stream, const ReadOptions& options)
    : stream_(std::move(stream)), scanner_(stream_, options.progress), options_(options) {
  if (options_.threads == 0) options_.threads = std::min(2U, usable_processors());
  snapshot_.file_ = stream_.path();
}

std::uint32_t SnapshotBuilder::RecordFields::at(std::string_view name) const {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? absent : static_cast<std::uint32_t>(found - names.begin());
}

Snapshot SnapshotBuilder::read() {
  if (scanner_.at_end()) scanner_.fail("the file is empty");
  scanner_.each_member("a heap snapshot", [&](const std::string& key) { read_section(key); });
  if (!scanner_.at_end()) scanner_.fail("something follows the end of the snapshot");
  check();
  snapshot_.file_bytes_ = stream_.file_size().value_or(stream_.file_offset());
  return std::move(snapshot_);
}

void SnapshotBuilder::read_section(const std::string& key) {
  if (key == "snapshot") return read_header();
  const bool ours = key == "nodes" || key == "edges" || key == "strings" || key == "locations" ||
                    key == "trace_function_infos" || key == "trace_tree" || key == "samples";
  if (!ours) return scanner_.skip_value();
  if (!has_meta_) {
    scanner_.fail(fmt::format("\"{}\" comes before \"snapshot\", which says how to read it", key));
  }
  if (key == "nodes") return read_nodes();
  if (key == "edges") return read_edges();
  if (key == "strings") return read_strings();
  if (key == "locations") return read_locations();
  if (key == "trace_function_infos") return read_trace_functions();
  if (key == "trace_tree") return read_trace_tree();
  read_samples();
}

void SnapshotBuilder::read_header() {
  scanner_.peek();
  const std::uint64_t start = scanner_.offset();
  if (has_meta_) scanner_.fail("there are two \"snapshot\" members");
  read_meta(scanner_.value_text(largest_header, "\"snapshot\""), start);
  has_meta_ = true;
}

void SnapshotBuilder::read_meta(const std::string& text, std::uint64_t offset) {
  using Json = nlohmann::json;
  const Json header = Json::parse(text, nullptr, false);
  const auto fail = [&](const std::string& message) { scanner_.fail_at(offset, message); };
  if (header.is_discarded() || !header.is_object()) fail("\"snapshot\" is no valid JSON object");
  const auto meta = header.find("meta");
  if (meta == header.end() || !meta->is_object()) {
    fail("\"snapshot\" has no \"meta\": this is no heap snapshot");
  }
  const auto strings_of = [&](const Json& list) {
    std::vector<std::string> names;
    for (const Json& name : list) names.push_back(name.is_string() ? name.get<std::string>() : "");
    return names;
  };
  const auto fields = [&](const char* key, bool needed) {
    RecordFields result;
    const auto list = meta->find(key);
    if (list != meta->end() && list->is_array()) result.names = strings_of(*list);
    if (needed && result.names.empty()) fail(fmt::format("meta has no \"{}\"", key));
    if (result.names.size() > 64) fail(fmt::format("meta.{} has too many fields", key));
    return result;
  };
  const auto need = [&](const RecordFields& record, const char* list, const char* name) {
    const std::uint32_t at = record.at(name);
    if (at == absent) fail(fmt::format("meta.{} has no \"{}\"", list, name));
    return at;
  };
  const RecordFields node = fields("node_fields", true);
  node_fields_.stride = static_cast<std::uint32_t>(node.names.size());
  node_fields_.type = need(node, "node_fields", "type");
  node_fields_.name = need(node, "node_fields", "name");
  node_fields_.id = need(node, "node_fields", "id");
  node_fields_.self_size = need(node, "node_fields", "self_size");
  node_fields_.edge_count = need(node, "node_fields", "edge_count");
  node_fields_.trace_node_id = node.at("trace_node_id");
  node_fields_.detachedness = node.at("detachedness");
  const RecordFields edge = fields("edge_fields", true);
  edge_fields_.stride = static_cast<std::uint32_t>(edge.names.size());
  edge_fields_.type = need(edge, "edge_fields", "type");
  edge_fields_.label = need(edge, "edge_fields", "name_or_index");
  edge_fields_.target = need(edge, "edge_fields", "to_node");
  location_fields_ = fields("location_fields", false);
  trace_function_fields_ = fields("trace_function_info_fields", false);
  trace_node_fields_ = fields("trace_node_fields", false);
  sample_fields_ = fields("sample_fields", false);

  // The first entry lists the names of the types; what else the list holds differs by version.
  const auto enumeration = [&](const char* key, std::uint32_t field) {
    const auto list = meta->find(key);
    if (list == meta->end() || !list->is_array() || list->size() <= field ||
        !(*list)[field].is_array()) {
      fail(fmt::format("meta.{} does not list the types", key));
    }
    if ((*list)[field].size() > 64) fail(fmt::format("meta.{} lists too many types", key));
    return strings_of((*list)[field]);
  };
  for (const std::string& name : enumeration("node_types", node_fields_.type)) {
    node_types_.push_back(node_type_called(name));
  }
  for (const std::string& name : enumeration("edge_types", edge_fields_.type)) {
    const auto found = std::find(edge_kind_names.begin(), edge_kind_names.end(), name);
    if (found == edge_kind_names.end()) {
      fail(fmt::format("there are edges of an unknown type, \"{}\"", printable(name)));
    }
    edge_kinds_.push_back(EdgeKind(found - edge_kind_names.begin()));
  }
  const auto count = [&](const char* key) -> std::uint64_t {
    const auto value = header.find(key);
    if (value == header.end()) return 0;
    if (!value->is_number_unsigned()) {
      fail(fmt::format("snapshot.{} must be a non-negative whole number", key));
    }
    return value->get<std::uint64_t>();
  };
  expected_nodes_ = count("node_count");
  expected_edges_ = count("edge_count");
  root_offset_ = count("root_index");
  snapshot_.extra_native_bytes_ = count("extra_native_bytes");
  if (expected_nodes_ > Snapshot::max_nodes) {
    fail(fmt::format("{} nodes are more than any heap has (at most {})", expected_nodes_,
                     Snapshot::max_nodes));
  }
}

void SnapshotBuilder::check_left_over(const char* what, std::size_t count, std::uint32_t stride) {
  if (count == 0) return;
  scanner_.fail(fmt::format("{} end inside a record: {} of {} numbers", what, count, stride));
}

/// The few strings that DevTools' rules know by name, and the names of WeakMap entries.
void SnapshotBuilder::note_string(std::uint32_t index, std::string_view raw) {
  RuleStrings& rules = snapshot_.rule_strings_;
  const auto note = [&](std::string_view text, std::vector<std::uint32_t>& list) {
    if (raw == text) list.push_back(index);
  };
  note("(Document DOM trees)", rules.document_trees);
  note("system / NativeContext", rules.native_context);
  note("system / ExternalStringData", rules.external_string_data);
  note("(map descriptors)", rules.map_descriptors);
  note("sloppy_function_map", rules.sloppy_function_map);
  constexpr std::size_t shortest_weak_map_name = 60;
  if (raw.size() < shortest_weak_map_name || raw[0] < '0' || raw[0] > '9') return;
  const bool escaped = raw.find('\\') != std::string_view::npos;
  const std::string text = escaped ? decode_json_text(raw) : std::string();
  const auto label = parse_weak_map_label(escaped ? std::string_view(text) : raw);
  if (!label) return;
  const auto number = static_cast<std::uint32_t>(pairs_.size());
  const auto [pair, added] = pairs_.try_emplace(std::string(label->pair), number);
  rules.weak_map.push_back({index, pair->second, label->table_id});
}

void SnapshotBuilder::read_strings() {
  if (has_strings_) scanner_.fail("there are two \"strings\" members");
  has_strings_ = true;
  StringsBuilder builder(scanner_, stream_);
  snapshot_.strings_ = builder.read([&](std::uint64_t index, std::string_view raw) {
    note_string(static_cast<std::uint32_t>(index), raw);
  });
}

void SnapshotBuilder::read_locations() {
  if (!has_nodes_) scanner_.fail("\"locations\" come before \"nodes\"");
  const auto field = [&](const char* name) {
    const std::uint32_t at = location_fields_.at(name);
    if (at == absent) scanner_.fail(fmt::format("meta.location_fields has no \"{}\"", name));
    return at;
  };
  if (location_fields_.names.empty()) return scanner_.skip_value();
  const std::uint32_t object = field("object_index"), script = field("script_id"),
                      line = field("line"), column = field("column");
  // Thousands of objects share a constructor's place.
  std::map<std::array<std::uint32_t, 3>, std::uint32_t> known;
  struct Recent {
    SourceLocation place;
    std::uint32_t number = 0;
  };
  std::array<Recent, 1024> last{};
  snapshot_.location_numbers_.resize(snapshot_.node_count());
  const auto stride = static_cast<std::uint32_t>(location_fields_.names.size());
  each_record_batch("locations", stride, [&](const NumberBatch& batch) {
    for (std::size_t at = 0; at < batch.count; at += stride) {
      const std::uint64_t* const record = batch.values.data() + at;
      const std::uint64_t node = record[object] / node_fields_.stride;
      if (node * node_fields_.stride != record[object] || node >= snapshot_.node_count()) {
        scanner_.fail_at(batch.offset(at + object),
                         fmt::format("a location of {}, where no node starts", record[object]));
      }
      const auto number = [&](std::uint32_t which) {
        return static_cast<std::uint32_t>(std::min<std::uint64_t>(record[which], UINT32_MAX));
      };
      const SourceLocation place{number(script), number(line), number(column)};
      Recent& recent = last[(place.script_id * 31 + place.line * 7 + place.column) % last.size()];
      if (recent.number == 0 || recent.place != place) {
        const auto next = static_cast<std::uint32_t>(snapshot_.locations_.size() + 1);
        const auto [entry, added] =
            known.try_emplace({place.script_id, place.line, place.column}, next);
        if (added) snapshot_.locations_.push_back(place);
        recent = {place, entry->second};
      }
      snapshot_.location_numbers_[node] = recent.number;
    }
  });
}

void SnapshotBuilder::read_trace_functions() {
  const RecordFields& fields = trace_function_fields_;
  if (fields.names.empty()) return scanner_.skip_value();
  const auto stride = static_cast<std::uint32_t>(fields.names.size());
  const std::uint32_t id = fields.at("function_id"), name = fields.at("name"),
                      script_name = fields.at("script_name"), script = fields.at("script_id"),
                      line = fields.at("line"), column = fields.at("column");
  each_record_batch("trace_function_infos", stride, [&](const NumberBatch& batch) {
    for (std::size_t at = 0; at < batch.count; at += stride) {
      const auto number = [&](std::uint32_t which) {
        const std::uint64_t value = which == absent ? 0 : batch.values[at + which];
        return static_cast<std::uint32_t>(std::min<std::uint64_t>(value, UINT32_MAX));
      };
      const TraceFunction function{number(id),     number(name), number(script_name),
                                   number(script), number(line), number(column)};
      for (const std::uint32_t string : {function.name, function.script_name}) {
        if (string > largest_name_.value) largest_name_ = {string, batch.offset(at)};
      }
      snapshot_.trace_functions_.push_back(function);
    }
  });
}

/// Nested arrays, [id, function_info_index, count, size, [children…]]: read with a stack of our
/// own.
void SnapshotBuilder::read_trace_tree() {
  const std::vector<std::string> usual = {"id", "function_info_index", "count", "size", "children"};
  if (trace_node_fields_.names != usual) return scanner_.skip_value();
  std::vector<std::uint32_t> open;  // ancestors, each inside its list of children
  scanner_.expect('[', "trace_tree");
  if (scanner_.accept(']')) return;
  for (;;) {
    const auto small = [&](const char* what) {
      const std::uint64_t value = scanner_.number(what);
      if (value > UINT32_MAX) scanner_.fail(fmt::format("{} is too large", what));
      return static_cast<std::uint32_t>(value);
    };
    TraceNode node{};
    node.parent = open.empty() ? no_trace_node : open.back();
    node.id = small("a trace node's id");
    scanner_.expect(',', "trace_tree");
    node.function = small("a trace node's function");
    scanner_.expect(',', "trace_tree");
    node.count = small("a trace node's count");
    scanner_.expect(',', "trace_tree");
    node.size = scanner_.number("a trace node's size");
    scanner_.expect(',', "trace_tree");
    scanner_.expect('[', "trace_tree");
    if (snapshot_.trace_nodes_.size() == no_trace_node) scanner_.fail("too many trace nodes");
    snapshot_.trace_nodes_.push_back(node);
    open.push_back(static_cast<std::uint32_t>(snapshot_.trace_nodes_.size() - 1));
    bool another = scanner_.peek() != ']';
    while (!another) {
      scanner_.expect(']', "trace_tree");
      open.pop_back();
      if (open.empty()) return scanner_.expect(']', "trace_tree");
      another = scanner_.accept(',');
    }
  }
}

void SnapshotBuilder::read_samples() {
  const std::uint32_t time = sample_fields_.at("timestamp_us");
  const std::uint32_t id = sample_fields_.at("last_assigned_id");
  if (time == absent || id == absent) return scanner_.skip_value();
  const auto stride = static_cast<std::uint32_t>(sample_fields_.names.size());
  each_record_batch("samples", stride, [&](const NumberBatch& batch) {
    for (std::size_t at = 0; at < batch.count; at += stride) {
      snapshot_.samples_.push_back({batch.values[at + time], batch.values[at + id]});
    }
  });
}

void SnapshotBuilder::check() {
  if (!has_meta_) scanner_.fail("there is no \"snapshot\" member: this is no heap snapshot");
  if (!has_nodes_) scanner_.fail("there are no \"nodes\"");
  if (!has_edges_) scanner_.fail("there are no \"edges\"");
  if (!has_strings_) scanner_.fail("there are no \"strings\"");
  const std::uint64_t strings = snapshot_.strings_.size();
  for (const Largest& largest : {largest_name_, largest_label_}) {
    if (largest.value >= strings) {
      scanner_.fail_at(largest.offset,
                       fmt::format("there is no string {} (of {})", largest.value, strings));
    }
  }
}

}  // namespace heaplab::inspector
