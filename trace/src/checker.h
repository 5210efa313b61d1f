// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "heaplab/trace/check.h"
#include "live_objects.h"

namespace heaplab::trace {

/// Which objects the model's roots lead to. Ephemerons keep their value while their key and their
/// table are reachable; weak slots keep nothing.
class Reachability {
 public:
  explicit Reachability(const LiveObjects& objects);
  bool contains(ObjectId id) const { return seen_.contains(id); }
  std::size_t size() const { return seen_.size(); }
  /// Referred to, but not alive: one of them, or 0.
  ObjectId dangling() const { return dangling_; }

 private:
  void reach(ObjectId id);
  void scan(ObjectId id);

  const LiveObjects& objects_;
  std::unordered_set<ObjectId> seen_;
  std::vector<ObjectId> todo_;
  std::unordered_multimap<ObjectId, ObjectId> waiting_;  ///< values by key
  ObjectId dangling_ = 0;
};

/// Calls strong(value) for what an object keeps by itself, conditional(key, value) for what it
/// keeps together with a key.
template <class Strong, class Conditional>
void visit_references(const LiveObject& object, Strong strong, Conditional conditional) {
  for (const auto& [code, value] : object.slots) {
    const Slot slot = slot_of(code);
    if (value == 0 || slot.is_weak) continue;
    const ObjectId key =
        slot.is_value ? object.load(slot_code({slot.index, slot.in_elements, false, true})) : 0;
    if (key == 0) {
      strong(value);
    } else {
      conditional(key, value);
    }
  }
}

class RecordingChecker : public LiveObjects {
 public:
  RecordingChecker(const RecordingSource& source,
                   const std::function<void(std::uint64_t)>& progress)
      : source_(source), progress_(progress) {}

  void on_allocation(const Allocation& a) override;
  void on_write(const PointerWrite& w) override;
  void on_initial_edges(ObjectId host, std::span<const InitialEdge> edges) override;
  void on_death(ObjectId id) override;
  void on_free(ObjectId id) override;
  void on_roots(const RootChange& change) override;
  void on_last_use(const LastUse& use) override;
  void on_profile(std::uint64_t time_ns, std::span<const ProfileEntry>) override { time(time_ns); }
  void on_attachment(const Attachment& a) override { time(a.time_ns); }
  void on_collection(const Collection& c) override;
  void on_memory(const MemorySample& m) override { time(m.time_ns); }
  void on_marker(const Marker& m) override;
  void on_time(std::uint64_t time_ns) override { time(time_ns); }
  void on_skipped(std::uint64_t objects, std::uint64_t bytes) override;
  bool on_checkpoint_begin(const CheckpointBegin& b) override;
  void on_checkpoint_root(const CheckpointRoot& r) override { graph_roots_.insert(r.target); }
  void on_checkpoint_node(const CheckpointNode& n) override;
  void on_checkpoint_edge(const CheckpointEdge& e) override;
  void on_checkpoint_end(const CheckpointEnd& e) override;
  void on_block(std::uint64_t offset) override;

  CheckReport finish(const Extent& extent);

 private:
  void problem(const char* kind, const std::string& first);
  void expect(bool holds, const char* kind, ObjectId id) {
    if (!holds) problem(kind, "object " + std::to_string(id));
  }
  void time(std::uint64_t time_ns);
  void same_clock(std::uint64_t clock);
  void bury();
  void name_strange_frees();
  void compare_node();
  bool can_tell_reachability() const { return knows_.writes && knows_.identity && has_roots(); }

  const RecordingSource& source_;
  const std::function<void(std::uint64_t)>& progress_;
  Knowledge knows_;
  CheckReport report_;
  std::unordered_map<std::string, std::size_t> kinds_;
  std::uint64_t block_offset_ = 0;
  std::uint64_t clock_ = 0;
  std::uint64_t time_ = 0;
  std::uint64_t events_ = 0;               ///< since reachability was looked at
  std::vector<ObjectId> dead_;             ///< since the last collection
  std::optional<Problem> first_inferred_;  ///< death, where the program frees
  // The open checkpoint.
  std::unique_ptr<Reachability> reachable_;
  std::unordered_set<ObjectId> graph_roots_;
  ObjectId node_ = 0;
  std::uint64_t nodes_ = 0;
  std::vector<ObjectId> node_targets_;
  std::vector<ObjectId> own_targets_;
};

}  // namespace heaplab::trace
