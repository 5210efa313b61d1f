// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "contexts.h"
#include "heaplab/trace/reader.h"

namespace heaplab::trace {

/// An object that nobody has said to be dead, and what its slots hold.
struct LiveObject {
  TypeIndex type = 0;
  StackId stack = 0;
  std::uint64_t bytes = 0;
  std::uint64_t birth = 0;
  /// By slot code, ascending. A slot that holds null may be there.
  std::vector<std::pair<std::uint64_t, ObjectId>> slots;

  ObjectId load(std::uint64_t code) const;
  void store(std::uint64_t code, ObjectId value);
};

/// A thread's roots: its set, and what counts as roots since it was told (see RootChange).
struct LiveRoots {
  std::unordered_set<ObjectId> set;
  std::vector<ObjectId> fresh;
};

/// Plays a recording into a model of the heap: memory for what is alive.
class LiveObjects : public RecordingVisitor {
 public:
  void on_allocation(const Allocation& a) override;
  void on_write(const PointerWrite& w) override;
  void on_initial_edges(ObjectId host, std::span<const InitialEdge> edges) override;
  void on_death(ObjectId id) override { objects_.erase(id); }
  void on_free(ObjectId id) override { objects_.erase(id); }
  void on_roots(const RootChange& change) override;
  void on_thread(ThreadId thread) override { thread_ = thread; }
  bool on_checkpoint_begin(const CheckpointBegin&) override { return false; }

  const std::unordered_map<ObjectId, LiveObject>& objects() const { return objects_; }
  LiveObject* find(ObjectId id) {
    const auto found = objects_.find(id);
    return found == objects_.end() ? nullptr : &found->second;
  }
  const LiveObject* find(ObjectId id) const { return const_cast<LiveObjects*>(this)->find(id); }
  const std::map<ThreadId, LiveRoots>& roots() const { return roots_; }
  LiveRoots& roots_of_thread() { return roots_[thread_]; }
  bool has_roots() const { return has_roots_; }
  ThreadId thread() const { return thread_; }

 private:
  std::unordered_map<ObjectId, LiveObject> objects_;
  std::map<ThreadId, LiveRoots> roots_;
  ThreadId thread_ = 0;
  bool has_roots_ = false;
};

}  // namespace heaplab::trace
