// SPDX-License-Identifier: MIT
#include "heaplab/trace/check.h"

#include <algorithm>
#include <charconv>
#include <memory>

#include "checker.h"

namespace heaplab::trace {

// Reachability.

Reachability::Reachability(const LiveObjects& objects) : objects_(objects) {
  for (const auto& [thread, roots] : objects.roots()) {
    for (const ObjectId id : roots.set) reach(id);
    for (const ObjectId id : roots.fresh) {
      // What was overwritten may have died since.
      if (objects.find(id) != nullptr) reach(id);
    }
  }
  while (!todo_.empty()) {
    const ObjectId id = todo_.back();
    todo_.pop_back();
    scan(id);
  }
}

void Reachability::reach(ObjectId id) {
  if (objects_.find(id) == nullptr) {
    if (dangling_ == 0) dangling_ = id;
    return;
  }
  if (seen_.insert(id).second) todo_.push_back(id);
}

void Reachability::scan(ObjectId id) {
  visit_references(
      *objects_.find(id), [&](ObjectId value) { reach(value); },
      [&](ObjectId key, ObjectId value) {
        if (seen_.contains(key)) {
          reach(value);
        } else {
          waiting_.emplace(key, value);
        }
      });
  const auto [first, last] = waiting_.equal_range(id);
  for (auto it = first; it != last; ++it) reach(it->second);
}

// Events.

void RecordingChecker::problem(const char* kind, const std::string& first) {
  const auto [found, is_new] = kinds_.try_emplace(kind, report_.problems.size());
  if (is_new) report_.problems.push_back({kind, 0, block_offset_, clock_, first});
  ++report_.problems[found->second].count;
}

void RecordingChecker::time(std::uint64_t time_ns) {
  // Records wait a little for each other: a sample that was taken in a collection may come before
  // it, and threads that record take turns.
  constexpr std::uint64_t tolerance_ns = 10'000'000'000;
  if (knows_.times && time_ns < time_ && time_ - time_ns > tolerance_ns) {
    problem("time goes back", std::to_string(time_ns) + " ns after " + std::to_string(time_));
  }
  time_ = std::max(time_, time_ns);
}

void RecordingChecker::same_clock(std::uint64_t clock) {
  if (clock != clock_) {
    problem("a record has another clock than the events",
            std::to_string(clock) + " instead of " + std::to_string(clock_));
  }
}

void RecordingChecker::on_allocation(const Allocation& a) {
  if (report_.objects + report_.adopted == 0) knows_ = source_.knowledge();
  ++(a.adopted ? report_.adopted : report_.objects);
  LiveObjects::on_allocation(a);
  ++events_;
  clock_ = a.clock + (a.adopted ? 0 : a.bytes);
}

void RecordingChecker::on_skipped(std::uint64_t, std::uint64_t bytes) { clock_ += bytes; }

void RecordingChecker::on_write(const PointerWrite& w) {
  ++report_.writes;
  ++events_;
  const LiveObject* host = find(w.host);
  expect(host != nullptr, "a write into a dead object", w.host);
  if (w.new_value != 0)
    expect(find(w.new_value) != nullptr, "a dead object is stored", w.new_value);
  // Collections clear weak slots, and the values of ephemerons, without a record.
  const bool cleared = w.old_value == 0 && (w.slot.is_weak || w.slot.is_value);
  if (host != nullptr && knows_.writes && !cleared) {
    expect(host->load(slot_code(w.slot)) == w.old_value,
           "a write says that the slot held something else", w.host);
  }
  LiveObjects::on_write(w);
}

void RecordingChecker::on_initial_edges(ObjectId host, std::span<const InitialEdge> edges) {
  events_ += edges.size();
  expect(find(host) != nullptr, "initial edges of a dead object", host);
  for (const InitialEdge& edge : edges) {
    expect(find(edge.value) != nullptr, "a dead object is stored", edge.value);
  }
  LiveObjects::on_initial_edges(host, edges);
}

void RecordingChecker::on_death(ObjectId id) {
  ++report_.deaths;
  ++events_;
  if (knows_.deaths == Deaths::exact && !can_tell_reachability()) {
    // No collection will come that found it: something else is in its place.
    if (!first_inferred_)
      first_inferred_ = {"", 0, block_offset_, clock_, "object " + std::to_string(id)};
    if (knows_.identity) expect(find(id) != nullptr, "died twice", id);
    return LiveObjects::on_death(id);
  }
  dead_.push_back(id);
}

/// Events that name no object are counted by who reads the file.
void RecordingChecker::name_strange_frees() {
  const auto counted = [&](const char* key) {
    const std::string text = source_.info(key);
    std::uint64_t count = 0;
    std::from_chars(text.data(), text.data() + text.size(), count);
    return count;
  };
  if (const std::uint64_t count = counted("lost frees")) {
    Problem lost = first_inferred_.value_or(Problem());
    lost.kind = "allocated where an object is that was not freed";
    lost.count = count;
    report_.problems.push_back(lost);
  }
  const std::uint64_t twice = counted("double frees");
  if (twice > 0)
    report_.problems.push_back(
        {"freed again, though nothing was allocated there since", twice, 0, 0, ""});
  const std::uint64_t unknown = counted("unknown frees");
  if (unknown > twice) {
    report_.remarks.push_back(
        {"a free of what was allocated before the recording began, or never", unknown - twice});
  }
}

void RecordingChecker::on_free(ObjectId id) {
  ++report_.deaths;
  ++events_;
  if (knows_.identity) expect(find(id) != nullptr, "freed twice", id);
  LiveObjects::on_free(id);
}

void RecordingChecker::on_last_use(const LastUse& use) {
  if (use.clock > clock_) problem("a use after now", "object " + std::to_string(use.id));
}

void RecordingChecker::on_roots(const RootChange& change) {
  const auto& roots = roots_of_thread().set;
  for (const ObjectId id : change.removed) {
    expect(roots.contains(id), "what was no root is no longer a root", id);
  }
  for (const ObjectId id : change.added) {
    expect(!roots.contains(id), "a root becomes a root", id);
    expect(find(id) != nullptr, "a dead object becomes a root", id);
  }
  events_ += change.removed.size() + change.added.size();
  LiveObjects::on_roots(change);
}

/// Deaths are told before the collection that found them.
void RecordingChecker::bury() {
  if (dead_.empty()) return;
  if (can_tell_reachability() && events_ > objects().size() / 2) {
    events_ = 0;
    ++report_.reachability_checks;
    const Reachability reachable(*this);
    for (const ObjectId id : dead_) {
      expect(!reachable.contains(id), "found dead, but reachable", id);
    }
    expect(reachable.dangling() == 0, "dead, but reachable", reachable.dangling());
  }
  for (const ObjectId id : dead_) {
    expect(find(id) != nullptr, "died twice", id);
    LiveObjects::on_death(id);
  }
  dead_.clear();
}

void RecordingChecker::on_collection(const Collection& c) {
  bury();
  time(c.start_ns + c.pause_ns);
  same_clock(c.clock);
}

void RecordingChecker::on_marker(const Marker& m) {
  time(m.time_ns);
  same_clock(m.clock);
}

// Checkpoints.

bool RecordingChecker::on_checkpoint_begin(const CheckpointBegin& b) {
  bury();
  time(b.time_ns);
  same_clock(b.clock);
  ++report_.checkpoints;
  node_ = 0;
  nodes_ = 0;
  graph_roots_.clear();
  reachable_.reset();
  // Those before the first root record come before there is anything to compare with.
  const bool pays = events_ > objects().size() / 2 || report_.reachability_checks == 0;
  if (!can_tell_reachability() || !pays) return knows_.identity;
  events_ = 0;
  ++report_.reachability_checks;
  reachable_ = std::make_unique<Reachability>(*this);
  return true;
}

void RecordingChecker::on_checkpoint_node(const CheckpointNode& n) {
  compare_node();
  node_ = n.id;
  node_targets_.clear();
  ++nodes_;
  ++report_.checkpoint_nodes;
  const LiveObject* object = find(n.id);
  expect(object != nullptr, "a dead object is in a checkpoint", n.id);
  if (object != nullptr) {
    expect(object->bytes == n.bytes && object->type == n.type,
           "an object has another size or type in a checkpoint", n.id);
  }
  if (reachable_) {
    expect(reachable_->contains(n.id), "in a checkpoint, but unreachable", n.id);
  }
}

void RecordingChecker::on_checkpoint_edge(const CheckpointEdge& e) {
  if (e.kind != EdgeKind::weak) node_targets_.push_back(e.target);
}

/// The edges of the node that has just ended against what its slots hold.
void RecordingChecker::compare_node() {
  const LiveObject* object = node_ == 0 || !reachable_ ? nullptr : find(node_);
  if (object == nullptr) return;
  own_targets_.clear();
  visit_references(
      *object, [&](ObjectId value) { own_targets_.push_back(value); }, [](ObjectId, ObjectId) {});
  std::sort(own_targets_.begin(), own_targets_.end());
  std::sort(node_targets_.begin(), node_targets_.end());
  expect(own_targets_ == node_targets_, "an object has other edges in a checkpoint", node_);
}

void RecordingChecker::on_checkpoint_end(const CheckpointEnd&) {
  if (!knows_.identity) return;
  compare_node();
  if (!reachable_) return;
  if (reachable_->size() != nodes_) {
    problem("a checkpoint has more or fewer objects than are reachable",
            std::to_string(nodes_) + " instead of " + std::to_string(reachable_->size()));
  }
  std::unordered_set<ObjectId> own;
  for (const auto& [thread, thread_roots] : roots()) {
    own.insert(thread_roots.set.begin(), thread_roots.set.end());
  }
  if (own != graph_roots_) {
    problem("a checkpoint has other roots",
            std::to_string(graph_roots_.size()) + " instead of " + std::to_string(own.size()));
  }
  reachable_.reset();
}

void RecordingChecker::on_block(std::uint64_t offset) {
  block_offset_ = offset;
  knows_ = source_.knowledge();
  if (progress_) progress_(offset);
}

CheckReport RecordingChecker::finish(const Extent& extent) {
  bury();
  name_strange_frees();
  report_.extent = extent;
  return std::move(report_);
}

CheckReport check_recording(RecordingSource& source,
                            const std::function<void(std::uint64_t)>& progress) {
  RecordingChecker checker(source, progress);
  return checker.finish(source.read(checker));
}

}  // namespace heaplab::trace
