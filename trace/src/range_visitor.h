// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>

#include "heaplab/trace/reader.h"

namespace heaplab::trace {

/// Hands on what happens inside a range, and keeps its clocks for that.
class RangeVisitor : public RecordingVisitor {
 public:
  RangeVisitor(RecordingVisitor& visitor, const Range& range) : visitor_(visitor), range_(range) {}

  void on_allocation(const Allocation& a) override {
    clock_ = a.clock;
    if (inside()) visitor_.on_allocation(a);
    if (!a.adopted) clock_ += a.bytes;
    objects_ = a.id;
  }
  void on_write(const PointerWrite& w) override {
    if (inside()) visitor_.on_write(w);
  }
  void on_initial_edges(ObjectId host, std::span<const InitialEdge> edges) override {
    if (inside()) visitor_.on_initial_edges(host, edges);
  }
  void on_death(ObjectId id) override {
    if (inside()) visitor_.on_death(id);
  }
  void on_free(ObjectId id) override {
    if (inside()) visitor_.on_free(id);
  }
  void on_roots(const RootChange& change) override {
    if (inside()) visitor_.on_roots(change);
  }
  void on_last_use(const LastUse& use) override {
    if (inside()) visitor_.on_last_use(use);
  }
  void on_thread(ThreadId thread) override {
    thread_ = thread;
    if (inside()) hand_on_thread();
  }
  void on_skipped(std::uint64_t objects, std::uint64_t bytes) override {
    if (inside()) visitor_.on_skipped(objects, bytes);
    clock_ += bytes;
  }
  void on_profile(std::uint64_t time_ns, std::span<const ProfileEntry> entries) override {
    seen(time_ns);
    if (inside()) visitor_.on_profile(time_ns, entries);
  }
  void on_attachment(const Attachment& a) override {
    seen(a.time_ns);
    if (inside()) visitor_.on_attachment(a);
  }
  void on_collection(const Collection& c) override {
    seen(c.start_ns + c.pause_ns);
    if (inside()) visitor_.on_collection(c);
  }
  void on_memory(const MemorySample& m) override {
    seen(m.time_ns);
    if (inside()) visitor_.on_memory(m);
  }
  void on_marker(const Marker& m) override {
    seen(m.time_ns);
    if (inside()) visitor_.on_marker(m);
  }
  void on_time(std::uint64_t time_ns) override {
    seen(time_ns);
    if (inside()) visitor_.on_time(time_ns);
  }
  bool on_checkpoint_begin(const CheckpointBegin& b) override {
    seen(b.time_ns);
    in_checkpoint_ = inside();
    return in_checkpoint_ && visitor_.on_checkpoint_begin(b);
  }
  // Only called if on_checkpoint_begin said so.
  void on_checkpoint_root(const CheckpointRoot& r) override { visitor_.on_checkpoint_root(r); }
  void on_checkpoint_node(const CheckpointNode& n) override { visitor_.on_checkpoint_node(n); }
  void on_checkpoint_edge(const CheckpointEdge& e) override { visitor_.on_checkpoint_edge(e); }
  void on_checkpoint_ephemeron(const CheckpointEphemeron& e) override {
    visitor_.on_checkpoint_ephemeron(e);
  }
  void on_checkpoint_end(const CheckpointEnd& e) override {
    if (in_checkpoint_) visitor_.on_checkpoint_end(e);
    in_checkpoint_ = false;
  }
  void on_block(std::uint64_t offset) override { visitor_.on_block(offset); }

  void start_at(std::uint64_t time_ns, std::uint64_t clock, ObjectId objects, ThreadId thread) {
    time_ = time_ns;
    clock_ = clock;
    objects_ = objects;
    thread_ = thread;
  }
  /// Nothing of the range is left to come.
  bool finished() const { return !in_checkpoint_ && now() >= range_.to; }

 private:
  std::uint64_t now() const {
    switch (range_.axis) {
      case Range::Axis::time_ns:
        return time_;
      case Range::Axis::clock:
        return clock_;
      default:
        return objects_;
    }
  }
  bool inside() {
    const std::uint64_t at = now();
    if (at < range_.from || (at >= range_.to && !in_checkpoint_)) return false;
    if (thread_ != told_thread_) hand_on_thread();
    return true;
  }
  void hand_on_thread() {
    told_thread_ = thread_;
    visitor_.on_thread(thread_);
  }
  void seen(std::uint64_t time_ns) { time_ = std::max(time_, time_ns); }

  RecordingVisitor& visitor_;
  Range range_;
  std::uint64_t time_ = 0;
  std::uint64_t clock_ = 0;
  ObjectId objects_ = 0;
  ThreadId thread_ = 0;
  ThreadId told_thread_ = 0;
  bool in_checkpoint_ = false;
};

}  // namespace heaplab::trace
