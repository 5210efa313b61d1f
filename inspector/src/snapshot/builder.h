// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "heaplab/inspector/snapshot.h"
#include "heaplab/support/byte_stream.h"
#include "snapshot/batches.h"
#include "snapshot/numbers.h"
#include "snapshot/scanner.h"

namespace heaplab::inspector {

struct EdgeBatch;
class EdgeWords;

/// Reads one file into a Snapshot, section by section.
class SnapshotBuilder {
 public:
  SnapshotBuilder(ByteStream stream, const ReadOptions& options);
  Snapshot read();

 private:
  /// Where the fields of a record are; `absent` for those the file does not have.
  static constexpr std::uint32_t absent = 0xffff'ffff;
  struct NodeFields {
    std::uint32_t stride = 0;
    std::uint32_t type = absent, name = absent, id = absent, self_size = absent;
    std::uint32_t edge_count = absent, trace_node_id = absent, detachedness = absent;
  };
  struct EdgeFields {
    std::uint32_t stride = 0, type = absent, label = absent, target = absent;
  };
  struct RecordFields {
    std::vector<std::string> names;
    std::uint32_t at(std::string_view name) const;
  };

  void read_section(const std::string& key);
  void read_header();
  void read_meta(const std::string& text, std::uint64_t offset);
  void read_nodes();
  void read_edges();
  void read_strings();
  void read_locations();
  void read_trace_functions();
  void read_trace_tree();
  void read_samples();
  void check();

  bool take_usual_nodes(const NumberBatch& batch);
  void add_node(const NumberBatch& batch, std::size_t at);
  void set_node_count(std::size_t count);
  void read_usual_edges();
  void read_other_edges();
  void take_edges(const EdgeBatch& batch, const EdgeWords& maker);
  bool take_usual_edges(const EdgeBatch& batch, const EdgeWords& maker);
  void take_edges(const NumberBatch& batch, const EdgeFields& fields);
  template <typename Fault>
  void check_edge(std::uint64_t type, std::uint64_t label, std::uint64_t target, Fault&& fault);
  void add_edge(EdgeKind kind, std::uint32_t label, NodeIndex target);
  void add_labels(const EdgeBatch& batch, const std::uint32_t* words);
  void begin_node_after(EdgeIndex edges);
  void check_left_over(const char* what, std::size_t count, std::uint32_t stride);
  void note_string(std::uint32_t index, std::string_view raw);

  /// Runs `consume(batch)` over an array of records of `stride` numbers, whole records each time.
  template <typename Consume>
  void each_record_batch(const char* what, std::uint32_t stride, Consume&& consume);

  ByteStream stream_;
  Scanner scanner_;
  ReadOptions options_;
  Snapshot snapshot_;

  NodeFields node_fields_;
  EdgeFields edge_fields_;
  std::vector<NodeType> node_types_;
  std::vector<EdgeKind> edge_kinds_;
  RecordFields location_fields_, trace_function_fields_, trace_node_fields_, sample_fields_;
  std::uint64_t root_offset_ = 0;
  std::uint64_t expected_nodes_ = 0, expected_edges_ = 0;
  bool has_meta_ = false, has_nodes_ = false, has_edges_ = false, has_strings_ = false;

  NodeIndex source_ = 0;  ///< whose edges are being read
  EdgeIndex source_end_ = 0;
  std::vector<std::uint32_t> uncommon_;  ///< of a batch
  /// The largest string number used, and where: the strings come last.
  struct Largest {
    std::uint64_t value = 0, offset = 0;
  };
  Largest largest_name_, largest_label_;
  std::unordered_map<std::string, std::uint32_t> pairs_;  ///< of WeakMap entries, by their names
};

template <typename Consume>
void SnapshotBuilder::each_record_batch(const char* what, std::uint32_t stride, Consume&& consume) {
  NumberArray array(scanner_, what);
  RecordBatches batches(array, stride, options_.threads > 1);
  while (const NumberBatch* batch = batches.next()) consume(*batch);
  check_left_over(what, batches.left_over(), stride);
}

}  // namespace heaplab::inspector
