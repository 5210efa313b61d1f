// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "heaplab/trace/reader.h"

/// Recordings written down as lists of events.
namespace heaplab::trace::script {

struct Edges {
  ObjectId host;
  std::vector<InitialEdge> edges;
};
struct Roots {
  std::vector<ObjectId> removed, added;
};
struct Free {
  ObjectId id;
};
struct Found {  // dead, at a collection
  ObjectId id;
};
struct Switch {
  ThreadId thread;
};
using Event = std::variant<Allocation, Edges, PointerWrite, Roots, Free, Found, Switch>;

/// A recording that exists in memory only.
class Script : public RecordingSource {
 public:
  Script() : RecordingSource("script") {}
  std::string_view format() const override { return "script"; }
  void set_tables(Tables tables) { tables_ = std::move(tables); }
  void say(const std::string& key, const std::string& value) { info_[key] = value; }
  Extent read(RecordingVisitor& visitor) override {
    Extent extent;
    for (const Event& event : events) std::visit([&](const auto& e) { send(visitor, e); }, event);
    extent.complete = true;
    extent.clock = clock;
    return extent;
  }

  std::vector<Event> events;
  std::uint64_t clock = 0;

 private:
  static void send(RecordingVisitor& v, const Allocation& e) { v.on_allocation(e); }
  static void send(RecordingVisitor& v, const Edges& e) { v.on_initial_edges(e.host, e.edges); }
  static void send(RecordingVisitor& v, const PointerWrite& e) { v.on_write(e); }
  static void send(RecordingVisitor& v, const Roots& e) { v.on_roots({e.removed, e.added}); }
  static void send(RecordingVisitor& v, const Free& e) { v.on_free(e.id); }
  static void send(RecordingVisitor& v, const Found& e) { v.on_death(e.id); }
  static void send(RecordingVisitor& v, const Switch& e) { v.on_thread(e.thread); }
};

}  // namespace heaplab::trace::script
