// SPDX-License-Identifier: MIT
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "heaplab/trace/reader.h"

namespace heaplab::cli {

/// Prints each record as a line of JSON. Types and texts are spelled out, stacks are numbers that a
/// line of their own explains before their first use. docs/trace.md describes the lines.
class JsonLines : public trace::RecordingVisitor {
 public:
  JsonLines(const trace::RecordingSource& source, std::FILE* out) : source_(source), out_(out) {}

  void on_allocation(const trace::Allocation& a) override;
  void on_write(const trace::PointerWrite& w) override;
  void on_initial_edges(trace::ObjectId host, std::span<const trace::InitialEdge> edges) override;
  void on_death(trace::ObjectId id) override;
  void on_free(trace::ObjectId id) override;
  void on_roots(const trace::RootChange& change) override;
  void on_last_use(const trace::LastUse& use) override;
  void on_thread(trace::ThreadId thread) override;
  void on_skipped(std::uint64_t objects, std::uint64_t bytes) override;
  void on_profile(std::uint64_t time_ns, std::span<const trace::ProfileEntry> entries) override;
  void on_attachment(const trace::Attachment& a) override;
  void on_collection(const trace::Collection& c) override;
  void on_memory(const trace::MemorySample& m) override;
  void on_marker(const trace::Marker& m) override;
  void on_time(std::uint64_t time_ns) override;
  bool on_checkpoint_begin(const trace::CheckpointBegin& b) override;
  void on_checkpoint_root(const trace::CheckpointRoot& r) override;
  void on_checkpoint_node(const trace::CheckpointNode& n) override;
  void on_checkpoint_edge(const trace::CheckpointEdge& e) override;
  void on_checkpoint_ephemeron(const trace::CheckpointEphemeron& e) override;
  void on_checkpoint_end(const trace::CheckpointEnd& e) override;

  void header();
  void end(const trace::Extent& extent);

 private:
  /// Quoted and escaped.
  std::string text(trace::StringId id) const;
  std::string type(trace::TypeIndex id);
  /// Its number, after a line that explains it.
  trace::StackId stack(trace::StackId id);
  void line(const std::string& fields);

  const trace::RecordingSource& source_;
  std::FILE* out_;
  std::vector<bool> known_stacks_;
};

}  // namespace heaplab::cli
