// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>

#include "heaplab/trace/reader.h"

namespace heaplab::trace {

/// Hands on what happens inside a range, and keeps its clocks for that.
class RangeVisitor : public RecordingVisitor {
 public:
  /// `before`, if there is one, is told what happens before the range.
  RangeVisitor(RecordingVisitor& visitor, const Range& range, RecordingVisitor* before = nullptr)
      : visitor_(visitor), before_(before), range_(range) {}

  void on_allocation(const Allocation& a) override {
    clock_ = a.clock;
    if (auto* out = target()) out->on_allocation(a);
    if (!a.adopted) clock_ += a.bytes;
    objects_ = a.id;
  }
  void on_write(const PointerWrite& w) override {
    if (auto* out = target()) out->on_write(w);
  }
  void on_initial_edges(ObjectId host, std::span<const InitialEdge> edges) override {
    if (auto* out = target()) out->on_initial_edges(host, edges);
  }
  void on_death(ObjectId id) override {
    if (auto* out = target()) out->on_death(id);
  }
  void on_free(ObjectId id) override {
    if (auto* out = target()) out->on_free(id);
  }
  void on_roots(const RootChange& change) override {
    if (auto* out = target()) out->on_roots(change);
  }
  void on_last_use(const LastUse& use) override {
    if (auto* out = target()) out->on_last_use(use);
  }
  void on_thread(ThreadId thread) override {
    thread_ = thread;
    target();  // is told
  }
  void on_skipped(std::uint64_t objects, std::uint64_t bytes) override {
    if (auto* out = target()) out->on_skipped(objects, bytes);
    clock_ += bytes;
  }
  void on_profile(std::uint64_t time_ns, std::span<const ProfileEntry> entries) override {
    if (auto* out = target_at(time_ns)) out->on_profile(time_ns, entries);
  }
  void on_attachment(const Attachment& a) override {
    if (auto* out = target_at(a.time_ns)) out->on_attachment(a);
  }
  void on_collection(const Collection& c) override {
    if (auto* out = target_at(c.start_ns + c.pause_ns)) out->on_collection(c);
  }
  void on_memory(const MemorySample& m) override {
    if (auto* out = target_at(m.time_ns)) out->on_memory(m);
  }
  void on_marker(const Marker& m) override {
    if (auto* out = target_at(m.time_ns)) out->on_marker(m);
  }
  void on_time(std::uint64_t time_ns) override {
    if (auto* out = target_at(time_ns)) out->on_time(time_ns);
  }
  bool on_checkpoint_begin(const CheckpointBegin& b) override {
    checkpoint_ = target_at(b.time_ns);
    return checkpoint_ != nullptr && checkpoint_->on_checkpoint_begin(b);
  }
  // The parts are only told if on_checkpoint_begin wanted them.
  void on_checkpoint_root(const CheckpointRoot& r) override { checkpoint_->on_checkpoint_root(r); }
  void on_checkpoint_node(const CheckpointNode& n) override { checkpoint_->on_checkpoint_node(n); }
  void on_checkpoint_edge(const CheckpointEdge& e) override { checkpoint_->on_checkpoint_edge(e); }
  void on_checkpoint_ephemeron(const CheckpointEphemeron& e) override {
    checkpoint_->on_checkpoint_ephemeron(e);
  }
  void on_checkpoint_end(const CheckpointEnd& e) override {
    if (checkpoint_ != nullptr) checkpoint_->on_checkpoint_end(e);
    checkpoint_ = nullptr;
  }
  void on_block(std::uint64_t offset) override { visitor_.on_block(offset); }
  bool wants_more() override {
    const bool finished = checkpoint_ == nullptr && reached(range_.to);
    return !finished && visitor_.wants_more();
  }

  /// The latest time that was named.
  std::uint64_t time_ns() const { return time_; }

  void start_at(std::uint64_t time_ns, std::uint64_t clock, ObjectId objects, ThreadId thread) {
    time_ = time_ns;
    clock_ = clock;
    objects_ = objects;
    thread_ = thread;
  }

 protected:
  /// Before the first call inside the range.
  virtual void on_start() {}

 private:
  bool reached(const Moment& moment) const {
    switch (moment.axis) {
      case Moment::Axis::clock:
        return clock_ >= moment.at;
      case Moment::Axis::time_ns:
        return time_ >= moment.at;
      default:
        return objects_ >= moment.at;
    }
  }
  /// Whom to tell what happens now; nobody: null.
  RecordingVisitor* target() {
    // A checkpoint is one moment: what comes between its parts belongs to where it began.
    if (checkpoint_ != nullptr) return checkpoint_;
    if (!reached(range_.from)) return tell_thread(before_, told_before_);
    if (reached(range_.to)) return nullptr;
    if (!started_) {
      started_ = true;
      on_start();
    }
    return tell_thread(&visitor_, told_);
  }
  RecordingVisitor* target_at(std::uint64_t time_ns) {
    time_ = std::max(time_, time_ns);
    return target();
  }
  RecordingVisitor* tell_thread(RecordingVisitor* visitor, ThreadId& told) const {
    if (visitor != nullptr && told != thread_) visitor->on_thread(told = thread_);
    return visitor;
  }

  RecordingVisitor& visitor_;
  RecordingVisitor* before_;
  Range range_;
  std::uint64_t time_ = 0;
  std::uint64_t clock_ = 0;
  ObjectId objects_ = 0;
  ThreadId thread_ = 0;
  ThreadId told_ = 0;
  ThreadId told_before_ = 0;
  bool started_ = false;
  RecordingVisitor* checkpoint_ = nullptr;  ///< who is told of the one that is open
};

}  // namespace heaplab::trace
