// SPDX-License-Identifier: MIT
#pragma once

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "heaplab/trace/reader.h"
#include "heaplab/trace/writer.h"

namespace heaplab::trace {

/// A file name of its own, removed at the end of the test.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& suffix = ".heaprec") {
    std::string pattern = (std::filesystem::temp_directory_path() / "heaplab-XXXXXX").string();
    const int file = mkstemp(pattern.data());
    if (file >= 0) ::close(file);
    std::filesystem::remove(pattern);
    path_ = pattern + suffix;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  const std::string& path() const { return path_; }

  std::string contents() const {
    std::ifstream file(path_, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
  void replace(const std::string& bytes) const {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << bytes;
  }

 private:
  std::string path_;
};

/// Writes everything it is told down as text, so that two recordings can be compared.
class Transcript : public RecordingVisitor {
 public:
  void on_allocation(const Allocation& a) override {
    add("alloc", a.id, a.type, a.bytes, a.stack, a.clock, a.adopted ? 1u : 0u);
  }
  void on_write(const PointerWrite& w) override {
    add("write", w.host, w.slot.index, w.slot.in_elements ? 1u : 0u, w.slot.is_value ? 1u : 0u,
        w.slot.is_weak ? 1u : 0u, w.old_value, w.new_value);
  }
  void on_initial_edges(ObjectId host, std::span<const InitialEdge> edges) override {
    for (const InitialEdge& edge : edges) {
      add("init", host, edge.slot.index, edge.slot.is_weak ? 1u : 0u, edge.value);
    }
  }
  void on_death(ObjectId id) override { add("death", id); }
  void on_free(ObjectId id) override { add("free", id); }
  void on_roots(const RootChange& change) override {
    for (const ObjectId id : change.removed) add("unroot", id);
    for (const ObjectId id : change.added) add("rooted", id);
  }
  void on_last_use(const LastUse& use) override { add("use", use.id, use.clock); }
  void on_thread(ThreadId thread) override { add("thread", thread); }
  void on_skipped(std::uint64_t objects, std::uint64_t bytes) override {
    add("skipped", objects, bytes);
  }
  void on_profile(std::uint64_t time, std::span<const ProfileEntry> entries) override {
    for (const ProfileEntry& e : entries) add("profile", time, e.stack, e.bytes, e.objects);
  }
  void on_attachment(const Attachment& a) override { add("attachment", a.time_ns, a.kind, a.path); }
  void on_collection(const Collection& c) override {
    add("collection", c.number, c.major ? 1u : 0u, c.collector, c.reason, c.start_ns, c.pause_ns,
        c.clock, c.before.used, c.before.large_used, c.after.committed, c.after.old_used,
        c.promoted_bytes, c.freed_bytes);
  }
  void on_memory(const MemorySample& m) override {
    add("memory", m.time_ns, m.event, m.rss, m.heap_total, m.heap_used, m.external,
        m.array_buffers);
  }
  void on_marker(const Marker& m) override { add("marker", m.time_ns, m.clock, m.name); }
  void on_time(std::uint64_t time) override { add("time", time); }
  bool on_checkpoint_begin(const CheckpointBegin& b) override {
    add("begin", b.number, static_cast<unsigned>(b.reason), b.time_ns, b.clock);
    return true;
  }
  void on_checkpoint_root(const CheckpointRoot& r) override {
    add("root", r.group, r.name, r.target);
  }
  void on_checkpoint_node(const CheckpointNode& n) override {
    add("node", n.id, n.type, n.bytes, n.external, n.name, n.stack, n.birth, n.last_access);
  }
  void on_checkpoint_edge(const CheckpointEdge& e) override {
    add("edge", static_cast<unsigned>(e.kind), e.index, e.name, e.target);
  }
  void on_checkpoint_ephemeron(const CheckpointEphemeron& e) override {
    add("ephemeron", e.table, e.key, e.value);
  }
  void on_checkpoint_end(const CheckpointEnd& e) override { add("end", e.nodes, e.edges, e.bytes); }

  template <class... Numbers>
  void add(const char* what, Numbers... numbers) {
    std::string line(what);
    ((line += ' ', line += std::to_string(numbers)), ...);
    lines.push_back(std::move(line));
  }
  std::vector<std::string> lines;
};

/// Writes one of every kind of record, and `extra` random allocations and writes, to the file, and
/// the same to `expected`.
inline void write_sample(const std::string& path, Transcript& expected, unsigned extra = 50,
                         unsigned seed = 1) {
  RecordingWriter writer(path);
  writer.info("program", "sample.js");
  writer.info("plan", "generational");
  const TypeIndex map = writer.type("Map", "object");
  const TypeIndex text = writer.type("String", "string");
  const StackId main = writer.stack(0, writer.frame("main", "sample.js", 3, 7));
  const StackId site = writer.stack(main, writer.frame("handle", "sample.js", 10, 21));

  auto allocate = [&](TypeIndex type, std::uint64_t bytes, StackId stack, bool adopted) {
    Allocation a{0, type, bytes, stack, writer.clock(), adopted};
    a.id = writer.allocation(type, bytes, stack, adopted);
    expected.on_allocation(a);
  };
  auto write = [&](const PointerWrite& w) {
    writer.write(w);
    expected.on_write(w);
  };
  allocate(map, 64, 0, true);
  allocate(map, 48, main, false);
  allocate(text, 24, site, false);
  const InitialEdge initial[] = {{{0, false, false}, 3}, {{7, true, false}, 1}};
  writer.initial_edges(2, initial);
  expected.on_initial_edges(2, initial);
  const InitialEdge newest[] = {{{1, false, false, true}, 2}};
  writer.initial_edges(3, newest);
  expected.on_initial_edges(3, newest);
  write({1, {2, true, true}, 0, 3});
  write({1, {2, true, false, true}, 3, 1});
  write({2, {0, false, false}, 3, 0});

  std::mt19937_64 random(seed);
  for (unsigned i = 0; i < extra; ++i) {
    allocate(random() % 2 ? map : text, 16 + random() % 5000, site, false);
    write({1 + random() % writer.last_id(),
           {static_cast<std::uint32_t>(random() >> 40), true},
           random() % 3 ? random() % writer.last_id() : 0,
           random() % 3 ? random() % writer.last_id() : 0});
  }
  writer.time(5'000'000);
  expected.on_time(5'000'000);

  const ThreadId worker = writer.thread("worker 1", "isolate 1");
  writer.switch_thread(worker);
  expected.on_thread(worker);
  const ObjectId removed[] = {1, 3};
  const ObjectId added[] = {writer.last_id()};
  writer.roots(removed, added);
  expected.on_roots({removed, added});
  writer.skipped(3, 1000);
  expected.on_skipped(3, 1000);
  writer.free(4);
  expected.on_free(4);
  const LastUse uses[] = {{2, 48}, {1, writer.clock()}};
  writer.last_uses(uses);
  for (const LastUse& use : uses) expected.on_last_use(use);
  const ProfileEntry profile[] = {{main, 100, 2}, {site, 5'000'000'000, 70}};
  writer.profile(6'000'000, profile);
  expected.on_profile(6'000'000, profile);
  const Attachment attachment{6'000'001, writer.string("heapsnapshot"),
                              writer.string("a.heapsnapshot")};
  writer.attachment(attachment);
  expected.on_attachment(attachment);

  std::vector<ObjectId> dead{3, 1};
  for (ObjectId id = 5; id + 3 < writer.last_id(); id += 1 + id % 3) dead.push_back(id);
  std::vector<ObjectId> sorted = dead;
  std::sort(sorted.begin(), sorted.end());
  writer.deaths(dead);
  for (const ObjectId id : sorted) expected.on_death(id);

  Collection c;
  c.number = 1;
  c.major = true;
  c.collector = writer.string("Mark-Sweep");
  c.reason = writer.string("testing");
  c.start_ns = 123'456'789;
  c.pause_ns = 1'000;
  c.clock = writer.clock();
  c.before = {100, 200, 300, 40, 50, 60};
  c.after = {10, 20, 30, 4, 5, 6};
  c.promoted_bytes = 77;
  c.freed_bytes = 90;
  writer.collection(c);
  expected.on_collection(c);

  const MemorySample sample{7'000'000, writer.string("after-gc"), 1u << 30, 1u << 24, 1u << 23, 5,
                            4};
  writer.memory(sample);
  expected.on_memory(sample);
  const Marker marker{8'000'000, writer.clock(), writer.string("round")};
  writer.marker(marker);
  expected.on_marker(marker);

  const CheckpointBegin begin{1, CheckpointReason::turn, 9'000'000, writer.clock()};
  const StringId group = writer.string("(Globals)");
  const StringId pages = writer.string("pagesByUrl");
  writer.checkpoint_begin(begin);
  expected.on_checkpoint_begin(begin);
  const CheckpointRoot root{group, pages, 2};
  writer.checkpoint_root(root);
  expected.on_checkpoint_root(root);
  const CheckpointNode nodes[] = {{2, map, 48, 4096, pages, main, 0, 48},
                                  {4, text, 24, 0, 0, site, 72, 72}};
  const CheckpointEdge edges[] = {{EdgeKind::property, 0, pages, 4},
                                  {EdgeKind::element, 9, 0, 2},
                                  {EdgeKind::element, 4, 0, 2},
                                  {EdgeKind::hidden, 4'000'000'000u, 0, 4}};
  for (const CheckpointNode& node : nodes) {
    writer.checkpoint_node(node);
    expected.on_checkpoint_node(node);
    writer.checkpoint_edges(edges);
    for (const CheckpointEdge& edge : edges) expected.on_checkpoint_edge(edge);
  }
  const CheckpointEphemeron ephemeron{2, 4, 2};
  writer.checkpoint_ephemeron(ephemeron);
  expected.on_checkpoint_ephemeron(ephemeron);
  const CheckpointEnd end{2, 8, 72};
  writer.checkpoint_end(end);
  expected.on_checkpoint_end(end);
  writer.finish();
}

}  // namespace heaplab::trace
