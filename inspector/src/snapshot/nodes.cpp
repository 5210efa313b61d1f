// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "snapshot/builder.h"

// The nodes of a snapshot: a fifth of the file.

namespace heaplab::inspector {
namespace {

constexpr std::uint64_t largest_id = 0xffff'ffff;

}  // namespace

void SnapshotBuilder::add_node(const NumberBatch& batch, std::size_t at) {
  const std::uint64_t* const record = batch.values.data() + at;
  const std::uint64_t type = record[node_fields_.type];
  const std::uint64_t name = record[node_fields_.name];
  const std::uint64_t id = record[node_fields_.id];
  const std::uint64_t self_size = record[node_fields_.self_size];
  const std::uint64_t edge_count = record[node_fields_.edge_count];
  const NodeIndex node = snapshot_.node_count();
  const auto fail = [&](std::uint32_t field, const std::string& message) {
    scanner_.fail_at(batch.offset(at + field), message);
  };
  if (type >= node_types_.size()) fail(node_fields_.type, fmt::format("no node type {}", type));
  if (id > largest_id) fail(node_fields_.id, fmt::format("node id {} is too large", id));
  if (edge_count > UINT32_MAX - snapshot_.first_edges_.back()) {
    fail(node_fields_.edge_count, "more than 4,294,967,295 edges");
  }
  if (node == Snapshot::max_nodes) fail(0, "more than 536,870,911 nodes");
  if (name > largest_name_.value) largest_name_ = {name, batch.offset(at + node_fields_.name)};
  std::uint64_t detachedness = 0;
  if (node_fields_.detachedness != absent) detachedness = record[node_fields_.detachedness];
  if (detachedness > 2) {
    fail(node_fields_.detachedness, fmt::format("no detachedness {}", detachedness));
  }
  snapshot_.types_.push_back(
      static_cast<std::uint8_t>(static_cast<std::uint8_t>(node_types_[type]) | detachedness << 5));
  snapshot_.names_.push_back(static_cast<std::uint32_t>(name));
  snapshot_.ids_.push_back(static_cast<std::uint32_t>(id));
  if (self_size >= Snapshot::big_size) {
    snapshot_.big_sizes_.emplace_back(node, self_size);
    snapshot_.self_sizes_.push_back(Snapshot::big_size);
  } else {
    snapshot_.self_sizes_.push_back(static_cast<std::uint32_t>(self_size));
  }
  snapshot_.first_edges_.push_back(
      static_cast<std::uint32_t>(snapshot_.first_edges_.back() + edge_count));
  if (node_fields_.trace_node_id == absent) return;
  const std::uint64_t trace = record[node_fields_.trace_node_id];
  if (trace > UINT32_MAX) fail(node_fields_.trace_node_id, "a trace node's id is too large");
  if (trace == 0 && snapshot_.trace_ids_.empty()) return;
  snapshot_.trace_ids_.resize(node);
  snapshot_.trace_ids_.push_back(static_cast<std::uint32_t>(trace));
}

void SnapshotBuilder::set_node_count(std::size_t count) {
  snapshot_.types_.resize(count);
  snapshot_.names_.resize(count);
  snapshot_.ids_.resize(count);
  snapshot_.self_sizes_.resize(count);
  snapshot_.first_edges_.resize(count + 1);
}

/// All at once, if nothing about them is special; if something is, false and nothing is taken.
bool SnapshotBuilder::take_usual_nodes(const NumberBatch& batch) {
  const NodeFields fields = node_fields_;
  const std::size_t before = snapshot_.node_count();
  const std::size_t count = batch.count / fields.stride;
  if (!snapshot_.trace_ids_.empty() || before + count > Snapshot::max_nodes) return false;
  const std::uint32_t detached_at =
      fields.detachedness == absent ? fields.type : fields.detachedness;
  const std::uint64_t detached_mask = fields.detachedness == absent ? 0 : ~std::uint64_t{0};
  const std::uint32_t trace_at =
      fields.trace_node_id == absent ? fields.type : fields.trace_node_id;
  const std::uint64_t trace_mask = fields.trace_node_id == absent ? 0 : ~std::uint64_t{0};
  set_node_count(before + count);
  std::uint8_t* const types = snapshot_.types_.data() + before;
  std::uint32_t* const names = snapshot_.names_.data() + before;
  std::uint32_t* const ids = snapshot_.ids_.data() + before;
  std::uint32_t* const sizes = snapshot_.self_sizes_.data() + before;
  std::uint32_t* const first = snapshot_.first_edges_.data() + before + 1;
  std::uint8_t type_of[64] = {};
  for (std::size_t i = 0; i < node_types_.size(); ++i) {
    type_of[i] = static_cast<std::uint8_t>(node_types_[i]);
  }
  const std::uint64_t known_types = node_types_.size();
  std::uint64_t edges = snapshot_.first_edges_[before];
  std::uint64_t special = 0;
  const std::uint64_t* record = batch.values.data();
  for (std::size_t i = 0; i < count; ++i, record += fields.stride) {
    const std::uint64_t type = record[fields.type];
    const std::uint64_t size = record[fields.self_size];
    edges += record[fields.edge_count];
    special |= (record[fields.id] | record[fields.edge_count] | edges) >> 32;
    special |= (record[detached_at] & detached_mask) | (record[trace_at] & trace_mask);
    special |= static_cast<std::uint64_t>((type >= known_types) | (size >= Snapshot::big_size) |
                                          (record[fields.name] > largest_name_.value));
    types[i] = type_of[type % 64];
    names[i] = static_cast<std::uint32_t>(record[fields.name]);
    ids[i] = static_cast<std::uint32_t>(record[fields.id]);
    sizes[i] = static_cast<std::uint32_t>(size);
    first[i] = static_cast<std::uint32_t>(edges);
  }
  if (special != 0) set_node_count(before);
  return special == 0;
}

void SnapshotBuilder::read_nodes() {
  if (has_nodes_) scanner_.fail("there are two \"nodes\" members");
  has_nodes_ = true;
  // Address space, not memory: what the header claims costs nothing until it is written.
  const std::size_t nodes = static_cast<std::size_t>(expected_nodes_) + 1;
  snapshot_.types_.reserve(nodes);
  snapshot_.names_.reserve(nodes);
  snapshot_.ids_.reserve(nodes);
  snapshot_.self_sizes_.reserve(nodes);
  snapshot_.first_edges_.reserve(nodes + 1);
  snapshot_.first_edges_.push_back(0);
  each_record_batch("nodes", node_fields_.stride, [&](const NumberBatch& batch) {
    if (take_usual_nodes(batch)) return;
    for (std::size_t at = 0; at < batch.count; at += node_fields_.stride) add_node(batch, at);
  });
  if (!snapshot_.trace_ids_.empty()) snapshot_.trace_ids_.resize(snapshot_.node_count());
  if (snapshot_.node_count() == 0) scanner_.fail("there are no nodes");
  if (expected_nodes_ != 0 && expected_nodes_ != snapshot_.node_count()) {
    scanner_.fail(fmt::format("the header says {} nodes, there are {}", expected_nodes_,
                              snapshot_.node_count()));
  }
  const std::uint64_t root = root_offset_ / node_fields_.stride;
  if (root_offset_ % node_fields_.stride != 0 || root >= snapshot_.node_count()) {
    scanner_.fail(fmt::format("root_index {} is not where a node starts", root_offset_));
  }
  snapshot_.root_ = static_cast<NodeIndex>(root);
}

}  // namespace heaplab::inspector
