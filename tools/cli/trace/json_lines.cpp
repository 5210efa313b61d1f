// SPDX-License-Identifier: MIT
#include "json_lines.h"

#include <fmt/format.h>

#include <iterator>

#include "trace.h"

namespace heaplab::cli {
namespace {

constexpr std::string_view edge_names[trace::edge_kinds] = {
    "context", "element", "property", "internal", "hidden", "shortcut", "weak"};

std::string quoted(const std::string& text) {
  return Json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string slot_fields(const trace::Slot& slot) {
  return fmt::format(R"("slot":{}{}{}{})", slot.index, slot.in_elements ? R"(,"element":true)" : "",
                     slot.is_value ? R"(,"ephemeron_value":true)" : "",
                     slot.is_weak ? R"(,"weak":true)" : "");
}

std::string sizes_fields(const trace::Sizes& s) {
  return fmt::format(R"({{"used":{},"committed":{},"external":{},"young":{},"old":{},"large":{}}})",
                     s.used, s.committed, s.external, s.young_used, s.old_used, s.large_used);
}

std::string id_list(std::span<const trace::ObjectId> ids) {
  return fmt::format("[{}]", fmt::join(ids, ","));
}

}  // namespace

std::string JsonLines::text(trace::StringId id) const { return quoted(source_.tables().text(id)); }

std::string JsonLines::type(trace::TypeIndex id) {
  return fmt::format(R"("type":{},"node_type":{})", quoted(source_.tables().type_name(id)),
                     quoted(source_.tables().node_type(id)));
}

trace::StackId JsonLines::stack(trace::StackId id) {
  const trace::Tables& tables = source_.tables();
  std::vector<trace::StackId> unknown;
  for (trace::StackId s = id; s != 0; s = tables.stacks[s].parent) {
    if (s >= known_stacks_.size()) known_stacks_.resize(tables.stacks.size());
    if (known_stacks_[s]) break;
    unknown.push_back(s);
  }
  for (; !unknown.empty(); unknown.pop_back()) {
    const trace::StackId s = unknown.back();
    known_stacks_[s] = true;
    const trace::Frame& frame = tables.frames[tables.stacks[s].frame];
    line(fmt::format(
        R"("op":"stack","id":{},"parent":{},"function":{},"file":{},"line":{},"column":{})", s,
        tables.stacks[s].parent, text(frame.function), text(frame.file), frame.line, frame.column));
  }
  return id;
}

void JsonLines::line(const std::string& fields) {
  std::fwrite("{", 1, 1, out_);
  std::fwrite(fields.data(), 1, fields.size(), out_);
  std::fwrite("}\n", 1, 2, out_);
}

void JsonLines::header() {
  line(fmt::format(R"("op":"recording","schema":"heaplab-records/1","format":{})",
                   quoted(std::string(source_.format()))));
}

void JsonLines::end(const trace::Extent& extent) {
  for (const auto& [key, value] : source_.info()) {
    line(fmt::format(R"("op":"info","key":{},"value":{})", quoted(key), quoted(value)));
  }
  line(fmt::format(R"("op":"end","complete":{},"objects":{},"clock":{})", extent.complete,
                   extent.objects, extent.clock));
}

void JsonLines::on_allocation(const trace::Allocation& a) {
  const trace::StackId where = stack(a.stack);
  line(fmt::format(R"("op":"{}","id":{},{},"bytes":{},"stack":{})",
                   a.adopted ? "adoption" : "allocation", a.id, type(a.type), a.bytes, where));
}

void JsonLines::on_write(const trace::PointerWrite& w) {
  line(fmt::format(R"("op":"write","host":{},{},"old":{},"new":{})", w.host, slot_fields(w.slot),
                   w.old_value, w.new_value));
}

void JsonLines::on_initial_edges(trace::ObjectId host, std::span<const trace::InitialEdge> edges) {
  std::string list;
  for (const trace::InitialEdge& edge : edges) {
    fmt::format_to(std::back_inserter(list), R"({}{{{},"value":{}}})", list.empty() ? "" : ",",
                   slot_fields(edge.slot), edge.value);
  }
  line(fmt::format(R"("op":"initial edges","host":{},"edges":[{}])", host, list));
}

void JsonLines::on_death(trace::ObjectId id) { line(fmt::format(R"("op":"death","id":{})", id)); }

void JsonLines::on_free(trace::ObjectId id) { line(fmt::format(R"("op":"free","id":{})", id)); }

void JsonLines::on_roots(const trace::RootChange& change) {
  line(fmt::format(R"("op":"roots","removed":{},"added":{})", id_list(change.removed),
                   id_list(change.added)));
}

void JsonLines::on_last_use(const trace::LastUse& use) {
  line(fmt::format(R"("op":"last use","id":{},"clock":{})", use.id, use.clock));
}

void JsonLines::on_thread(trace::ThreadId thread) {
  const trace::Thread& names = source_.tables().threads[thread];
  line(fmt::format(R"("op":"thread","id":{},"name":{},"heap":{})", thread, text(names.name),
                   text(names.heap)));
}

void JsonLines::on_skipped(std::uint64_t objects, std::uint64_t bytes) {
  line(fmt::format(R"("op":"skipped","objects":{},"bytes":{})", objects, bytes));
}

void JsonLines::on_profile(std::uint64_t time_ns, std::span<const trace::ProfileEntry> entries) {
  std::string list;
  for (const trace::ProfileEntry& e : entries) {
    fmt::format_to(std::back_inserter(list), R"({}{{"stack":{},"bytes":{},"objects":{}}})",
                   list.empty() ? "" : ",", stack(e.stack), e.bytes, e.objects);
  }
  line(fmt::format(R"("op":"profile","time_ns":{},"entries":[{}])", time_ns, list));
}

void JsonLines::on_attachment(const trace::Attachment& a) {
  line(fmt::format(R"("op":"attachment","time_ns":{},"kind":{},"path":{})", a.time_ns, text(a.kind),
                   text(a.path)));
}

void JsonLines::on_collection(const trace::Collection& c) {
  line(fmt::format(
      R"("op":"collection","number":{},"kind":"{}","collector":{},"reason":{},"start_ns":{},)"
      R"("pause_ns":{},"clock":{},"before":{},"after":{},"promoted_bytes":{},"freed_bytes":{})",
      c.number, c.major ? "major" : "minor", text(c.collector), text(c.reason), c.start_ns,
      c.pause_ns, c.clock, sizes_fields(c.before), sizes_fields(c.after), c.promoted_bytes,
      c.freed_bytes));
}

void JsonLines::on_memory(const trace::MemorySample& m) {
  line(fmt::format(R"("op":"memory","time_ns":{},"event":{},"rss":{},"heapTotal":{},"heapUsed":{},)"
                   R"("external":{},"arrayBuffers":{})",
                   m.time_ns, text(m.event), m.rss, m.heap_total, m.heap_used, m.external,
                   m.array_buffers));
}

void JsonLines::on_marker(const trace::Marker& m) {
  line(fmt::format(R"("op":"marker","time_ns":{},"clock":{},"name":{})", m.time_ns, m.clock,
                   text(m.name)));
}

void JsonLines::on_time(std::uint64_t time_ns) {
  line(fmt::format(R"("op":"time","time_ns":{})", time_ns));
}

bool JsonLines::on_checkpoint_begin(const trace::CheckpointBegin& b) {
  line(fmt::format(R"("op":"checkpoint","number":{},"reason":"{}","time_ns":{},"clock":{})",
                   b.number, trace::to_string(b.reason), b.time_ns, b.clock));
  return true;
}

void JsonLines::on_checkpoint_root(const trace::CheckpointRoot& r) {
  line(fmt::format(R"("op":"root","group":{},"name":{},"id":{})", text(r.group), text(r.name),
                   r.target));
}

void JsonLines::on_checkpoint_node(const trace::CheckpointNode& n) {
  const trace::StackId where = stack(n.stack);
  line(fmt::format(
      R"("op":"node","id":{},{},"bytes":{},"external":{},"name":{},"stack":{},"birth":{},)"
      R"("last_access":{})",
      n.id, type(n.type), n.bytes, n.external, text(n.name), where, n.birth, n.last_access));
}

void JsonLines::on_checkpoint_edge(const trace::CheckpointEdge& e) {
  const std::string label = e.has_index() ? std::to_string(e.index) : text(e.name);
  line(fmt::format(R"("op":"edge","kind":"{}","label":{},"to":{})",
                   edge_names[static_cast<unsigned>(e.kind)], label, e.target));
}

void JsonLines::on_checkpoint_ephemeron(const trace::CheckpointEphemeron& e) {
  line(fmt::format(R"("op":"ephemeron","table":{},"key":{},"value":{})", e.table, e.key, e.value));
}

void JsonLines::on_checkpoint_end(const trace::CheckpointEnd& e) {
  line(fmt::format(R"("op":"checkpoint end","nodes":{},"edges":{},"bytes":{})", e.nodes, e.edges,
                   e.bytes));
}

}  // namespace heaplab::cli
