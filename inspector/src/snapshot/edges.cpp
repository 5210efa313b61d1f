// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "snapshot/batches.h"
#include "snapshot/builder.h"
#include "snapshot/digits.h"
#include "snapshot/edge_array.h"
#include "snapshot/edge_words.h"

// The edges of a snapshot: three quarters of the file.

namespace heaplab::inspector {

/// Goes on to the node that has an edge behind the first `edges`: nodes without have labels that
/// begin and end here.
void SnapshotBuilder::begin_node_after(EdgeIndex edges) {
  while (edges >= source_end_ && source_ < snapshot_.node_count()) {
    ++source_;
    if (source_ == snapshot_.node_count()) return;
    snapshot_.labels_.begin_node();
    source_end_ = snapshot_.first_edges_[source_ + 1];
  }
}

/// Whether an edge may be as it is; if not, `fault` is told the number of the field (0: type, 1:
/// label, 2: target) and why.
template <typename Fault>
void SnapshotBuilder::check_edge(std::uint64_t type, std::uint64_t label, std::uint64_t target,
                                 Fault&& fault) {
  if (source_ >= snapshot_.node_count()) fault(0, "more edges than the nodes have");
  if (type >= edge_kinds_.size()) fault(0, fmt::format("no edge type {}", type));
  if (target >= std::uint64_t{snapshot_.node_count()} * node_fields_.stride ||
      target % node_fields_.stride != 0) {
    fault(2, fmt::format("an edge ends at {}, where no node starts", target));
  }
  if (label > UINT32_MAX) fault(1, "an edge's name or index is too large");
  if (!has_number(edge_kinds_[type]) && label > Snapshot::target_mask) {
    fault(1, "no snapshot has so many strings");
  }
}

void SnapshotBuilder::add_edge(EdgeKind kind, std::uint32_t label, NodeIndex target) {
  snapshot_.edge_words_.push_back(target | static_cast<std::uint32_t>(kind)
                                               << Snapshot::kind_shift);
  snapshot_.labels_.add(kind, label);
  begin_node_after(snapshot_.edge_words_.size());
}

void SnapshotBuilder::take_edges(const NumberBatch& batch, const EdgeFields& fields) {
  for (std::size_t at = 0; at < batch.count; at += fields.stride) {
    const std::uint64_t* const record = batch.values.data() + at;
    const std::uint64_t type = record[fields.type];
    const std::uint64_t label = record[fields.label];
    const std::uint64_t target = record[fields.target];
    const std::uint32_t places[3] = {fields.type, fields.label, fields.target};
    check_edge(type, label, target, [&](int field, const std::string& message) {
      scanner_.fail_at(batch.offset(at + places[field]), message);
    });
    const EdgeKind kind = edge_kinds_[type];
    if (!has_number(kind) && label > largest_label_.value) {
      largest_label_ = {label, batch.offset(at + fields.label)};
    }
    add_edge(kind, static_cast<std::uint32_t>(label),
             static_cast<NodeIndex>(target / node_fields_.stride));
  }
}

/// All at once, if all are in order; if not, false and nothing is taken.
bool SnapshotBuilder::take_usual_edges(const EdgeBatch& batch, const EdgeWords& maker) {
  const std::size_t before = snapshot_.edge_words_.size();
  if (batch.count > snapshot_.first_edges_.back() - before) return false;
  snapshot_.edge_words_.resize(before + batch.count);
  std::uint32_t* const words = snapshot_.edge_words_.data() + before;
  if (!maker.make(batch.values.data(), batch.count, words)) {
    snapshot_.edge_words_.resize(before);
    return false;
  }
  add_labels(batch, words);
  return true;
}

/// Of edges that are in `edge_words_` already.
void SnapshotBuilder::add_labels(const EdgeBatch& batch, const std::uint32_t* words) {
  EdgeLabels& labels = snapshot_.labels_;
  const EdgeIndex first = snapshot_.edge_words_.size() - batch.count;
  const std::uint32_t* const label_values = batch.values.data() + 1;
  uncommon_.resize(batch.count + 1);
  const std::size_t count = labels.add_common({words, batch.count}, Snapshot::kind_shift,
                                              label_values, 3, uncommon_.data());
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t at = uncommon_[i];
    begin_node_after(first + at);
    const std::uint32_t largest = labels.largest_name();
    labels.add_other(first + at, EdgeKind(words[at] >> Snapshot::kind_shift), label_values[3 * at]);
    if (labels.largest_name() != largest) {
      largest_label_ = {labels.largest_name(), batch.offset(3 * at + 1)};
    }
  }
  begin_node_after(first + batch.count);
}

void SnapshotBuilder::take_edges(const EdgeBatch& batch, const EdgeWords& maker) {
  if (batch.count == 0) return take_edges(batch.numbers, edge_fields_);
  if (take_usual_edges(batch, maker)) return;
  for (std::size_t at = 0; at < 3 * batch.count; at += 3) {
    const std::uint32_t* const edge = batch.values.data() + at;
    check_edge(edge[0], edge[1], edge[2], [&](std::size_t field, const std::string& message) {
      scanner_.fail_at(batch.offset(at + field), message);
    });
    const EdgeKind kind = edge_kinds_[edge[0]];
    if (!has_number(kind) && edge[1] > largest_label_.value) {
      largest_label_ = {edge[1], batch.offset(at + 1)};
    }
    add_edge(kind, edge[1], edge[2] / node_fields_.stride);
  }
}

/// With the fields, in the order, that all V8s have written so far.
void SnapshotBuilder::read_usual_edges() {
  const bool threaded = options_.threads > 1;
  const std::size_t records = threaded ? 8192 : 1024;
  EdgeArray array(scanner_, records);
  const EdgeWords maker(edge_kinds_, node_fields_.stride, snapshot_.node_count());
  Batches<EdgeBatch> batches([&](EdgeBatch& batch) { return array.fill(batch); }, records,
                             threaded);
  while (const EdgeBatch* batch = batches.next()) take_edges(*batch, maker);
  check_left_over("edges", array.left_over(), 3);
}

void SnapshotBuilder::read_other_edges() {
  NumberArray array(scanner_, "edges");
  RecordBatches batches(array, edge_fields_.stride, options_.threads > 1);
  while (const NumberBatch* batch = batches.next()) take_edges(*batch, edge_fields_);
  check_left_over("edges", batches.left_over(), edge_fields_.stride);
}

void SnapshotBuilder::read_edges() {
  if (has_edges_) scanner_.fail("there are two \"edges\" members");
  if (!has_nodes_) scanner_.fail("\"edges\" come before \"nodes\"");
  has_edges_ = true;
  const std::uint32_t total = snapshot_.first_edges_.back();
  snapshot_.edge_words_.reserve(total);
  snapshot_.labels_.reserve(std::size_t{total} + 1);
  snapshot_.labels_.begin_node();
  source_end_ = snapshot_.first_edges_[1];
  begin_node_after(0);
  const EdgeFields& fields = edge_fields_;
  const bool usual = digits::level() != digits::Level::none && fields.stride == 3 &&
                     fields.type == 0 && fields.label == 1 && fields.target == 2;
  if (usual) {
    read_usual_edges();
  } else {
    read_other_edges();
  }
  if (snapshot_.edge_words_.size() != total) {
    scanner_.fail(
        fmt::format("the nodes have {} edges, there are {}", total, snapshot_.edge_words_.size()));
  }
  if (expected_edges_ != 0 && expected_edges_ != total) {
    scanner_.fail(fmt::format("the header says {} edges, there are {}", expected_edges_, total));
  }
  snapshot_.labels_.finish();
}

}  // namespace heaplab::inspector
