// SPDX-License-Identifier: MIT
#include "series/momentary.h"

#include <algorithm>
#include <string>

namespace heaplab::leakcheck::series {
namespace {

class Search {
 public:
  explicit Search(const HeapSnapshot& snapshot)
      : snapshot_(snapshot),
        reached_(snapshot.node_count() / 64 + 1),
        skipped_from_(snapshot.node_count() / 64 + 1) {}

  Momentary run(const KnownNames& names) {
    for (NodeIndex node = 0; node < snapshot_.node_count(); ++node) {
      if (snapshot_.type(node) == NodeType::synthetic) look_at_root(node);
    }
    if (held_.empty() && kept_.empty()) return {};
    reach(snapshot_.root());
    Momentary result;
    result.edges = kept_;
    // Of what else the moment holds, only what nothing holds otherwise: local variables.
    std::vector<NodeIndex> locals;
    for (const EdgeIndex edge : held_) {
      const NodeIndex target = snapshot_.target(edge);
      if (is_set(reached_, target)) {
        result.edges.push_back(edge);
      } else {
        locals.push_back(target);
      }
    }
    std::sort(result.edges.begin(), result.edges.end());
    for (const NodeIndex local : locals) reach(local);
    if (!kept_.empty()) find_passing(names, result);
    return result;
  }

 private:
  static bool is_set(const BigArray<std::uint64_t>& bits, NodeIndex node) {
    return ((bits[node / 64] >> (node % 64)) & 1) != 0;
  }
  static void set(BigArray<std::uint64_t>& bits, NodeIndex node) {
    bits[node / 64] |= std::uint64_t{1} << (node % 64);
  }

  void look_at_root(NodeIndex node) {
    const std::string name = snapshot_.name(node);
    const bool is_moment = name == "(Handle scope)" || name == "(Stack roots)";
    if (!is_moment && name != "(Strong roots)") return;
    snapshot_.for_each_edge(node, [&](const inspector::SnapshotEdge& edge) {
      if (edge.kind == EdgeKind::weak) return;
      if (is_moment) {
        skip(node, edge.index, held_);
      } else if (edge.kind == EdgeKind::internal) {
        const std::string label = snapshot_.label_text(edge);
        if (label.find("IdentityMapBase") != std::string::npos) skip(node, edge.index, held_);
        if (label == "weak_refs_keep_during_job") skip(node, edge.index, kept_);
      }
    });
  }
  void skip(NodeIndex from, EdgeIndex edge, std::vector<EdgeIndex>& list) {
    set(skipped_from_, from);
    list.push_back(edge);
    skipped_.push_back(edge);
  }

  void reach(NodeIndex start) {
    if (is_set(reached_, start)) return;
    set(reached_, start);
    work_.push_back(start);
    while (!work_.empty()) {
      const NodeIndex node = work_.back();
      work_.pop_back();
      const bool skips = is_set(skipped_from_, node);
      EdgeIndex edge = snapshot_.first_edge(node);
      for (const std::uint32_t word : snapshot_.edge_words(node)) {
        const EdgeIndex here = edge++;
        const NodeIndex target = word & HeapSnapshot::target_mask;
        if (EdgeKind(word >> HeapSnapshot::kind_shift) == EdgeKind::weak) continue;
        if (is_set(reached_, target)) continue;
        if (skips && std::binary_search(skipped_.begin(), skipped_.end(), here)) continue;
        set(reached_, target);
        work_.push_back(target);
      }
    }
  }

  /// What is held only until the job ends, and weak references to it.
  void find_passing(const KnownNames& names, Momentary& result) {
    result.passing_bits.resize(snapshot_.node_count() / 64 + 1);
    for (NodeIndex node = 0; node < snapshot_.node_count(); ++node) {
      if (!is_set(reached_, node)) set(result.passing_bits, node);
    }
    for (NodeIndex node = 0; node < snapshot_.node_count(); ++node) {
      if (snapshot_.type(node) != NodeType::object) continue;
      if (names.of(node) != Known::weak_collection) continue;
      for (const std::uint32_t word : snapshot_.edge_words(node)) {
        if (EdgeKind(word >> HeapSnapshot::kind_shift) == EdgeKind::weak &&
            !is_set(reached_, word & HeapSnapshot::target_mask)) {
          set(result.passing_bits, node);
        }
      }
    }
  }

  const HeapSnapshot& snapshot_;
  BigArray<std::uint64_t> reached_;
  BigArray<std::uint64_t> skipped_from_;
  std::vector<EdgeIndex> held_, kept_;
  std::vector<EdgeIndex> skipped_;  ///< both, ascending
  std::vector<NodeIndex> work_;
};

}  // namespace

Momentary find_momentary(const HeapSnapshot& snapshot, const KnownNames& names) {
  return Search(snapshot).run(names);
}

}  // namespace heaplab::leakcheck::series
