// SPDX-License-Identifier: MIT
//
// Merlin: exact times of death without collecting at every allocation.
//
// An object dies when the last path from a root to it breaks. Paths break in few ways: a root goes
// away, or a slot is overwritten; and then either the object itself lost a reference in that event,
// or something that led to it did. So each object carries a stamp, the last event in which it lost
// a reference itself, and that is all the work while the program runs. Now and then reachability is
// computed as a collector would. For what turns out dead,
//
//     death(o) = max(stamp(o), max of death(p) over all dead p that refer to o)
//
// for o was reachable until its own last loss, and it was reachable as long as any p was (a dead
// object's fields do not change). That is a maximum over paths, so: take the dead in the order of
// decreasing stamps; whoever is reached first from one of them, dies with it. Every dead object and
// every reference is looked at once.
//
// Ephemerons make it max-min: a value dies when the first of its table and its key does, unless
// held otherwise. In the order of decreasing stamps the second of the two to be reached is the one
// that dies first, so the value is reached through a pair when both have been (Dijkstra's argument,
// as generalized by Knuth 1977).
//
// Between two root records of a thread everything it allocated and every value it overwrote counts
// as a root (see RootChange): these are its fresh roots, and they lose that in its next root
// record.
//
// Weak references can bring back what they refer to, until a collection has found it dead. So what
// is unreachable, but could be reached over weak references or pairs from what lives, stays in
// limbo: it keeps its stamp and is not buried. A program that does bring it back gives it later
// stamps. What it is that a collection found dead, the recording says (on_death).
//
// When to compute reachability? When as many events have gone by as there are objects and edges:
// the work is then proportional to the events, and the garbage that waits never exceeds what is
// alive by more than that.
//
// Source: Hertz, Blackburn, Moss, McKinley, Stefanović, TOPLAS 28(3), 2006. Theirs has neither weak
// references nor ephemerons.

#include "heaplab/trace/merlin.h"

#include <algorithm>
#include <span>
#include <unordered_map>
#include <vector>

#include "heaplab/support/error.h"
#include "object_graph.h"

namespace heaplab::trace {

std::string_view to_string(DeathPrecision precision) {
  constexpr std::string_view names[] = {"none", "collections", "roots", "exact"};
  return names[static_cast<unsigned>(precision)];
}

namespace {

class Merlin : public RecordingVisitor {
 public:
  Merlin(RecordingSource& source, LifeVisitor& lives,
         const std::function<void(std::uint64_t)>& progress, std::uint64_t patience)
      : source_(source),
        lives_(lives),
        progress_(progress),
        fresh_(1),
        least_patience_(patience),
        patience_(patience) {}

  void on_allocation(const Allocation& a) override {
    if (!has_begun_) begin();
    ++event_;
    if (traces_reachability() && event_ - last_trace_ >= patience_) trace_and_bury();
    clock_ = a.clock + (a.adopted ? 0 : a.bytes);
    lives_.on_birth(a);
    const Local local = graph_.add(a, event_);
    if (traces_reachability()) make_fresh(local);
  }
  void on_skipped(std::uint64_t, std::uint64_t bytes) override { clock_ += bytes; }
  void on_thread(ThreadId thread) override {
    thread_ = thread;
    if (thread >= fresh_.size()) fresh_.resize(thread + std::size_t{1});
  }

  void on_initial_edges(ObjectId id, std::span<const InitialEdge> edges) override {
    ++event_;
    const Local host = known(id);
    if (host == 0) return;
    for (const InitialEdge& edge : edges) {
      const Local value = known(edge.value);
      if (value == 0) continue;
      tell_pointer(host, edge.slot, value, true);
      if (traces_reachability()) store(host, edge.slot, value);
    }
  }

  void on_write(const PointerWrite& write) override {
    ++event_;
    const Local host = known(write.host);
    if (host == 0) return;
    const Local value = write.new_value == 0 ? 0 : known(write.new_value);
    if (value != 0) tell_pointer(host, write.slot, value, false);
    if (!traces_reachability()) return;
    lose(host, write);
    store(host, write.slot, value);
  }

  void on_roots(const RootChange& change) override {
    ++event_;
    if (!traces_reachability()) return;
    for (const Local local : fresh_[thread_]) {
      --graph_.node(local).fresh_count;
      stamp(local);
    }
    fresh_[thread_].clear();
    for (const ObjectId id : change.removed) {
      const Local local = graph_.find(id);
      if (local == 0 || graph_.node(local).root_count == 0) continue;
      --graph_.node(local).root_count;
      stamp(local);
    }
    for (const ObjectId id : change.added) {
      if (const Local local = known(id)) ++graph_.node(local).root_count;
    }
  }

  void on_free(ObjectId id) override {
    ++event_;
    if (!traces_reachability()) bury_now(id);
  }
  void on_death(ObjectId id) override {
    if (precision_ == DeathPrecision::collections) bury_now(id);
    if (!traces_reachability()) return;
    if (const Local local = graph_.find(id)) graph_.node(local).found_dead = true;
  }
  void on_block(std::uint64_t offset) override {
    if (progress_) progress_(offset);
  }

  Mortality finish(const Extent& extent) {
    clock_ = extent.clock;
    is_over_ = true;  // and nothing in limbo will be brought back
    if (traces_reachability()) trace_and_bury();
    std::vector<Local> survivors;
    for (Local local = 1; local < graph_.end(); ++local) {
      if (graph_.node(local).in_use()) survivors.push_back(local);
    }
    std::sort(survivors.begin(), survivors.end(), [&](Local a, Local b) {
      return graph_.node(a).object.id < graph_.node(b).object.id;
    });
    for (const Local local : survivors) {
      const ObjectNode& node = graph_.node(local);
      lives_.on_life({node.object, node.birth_event, 0, clock_});
    }
    return {extent, precision_, granularity_, contradictions_, first_contradiction_};
  }

 private:
  /// Values of ephemerons whose table was reached, by the key they wait for.
  using WaitingValues = std::unordered_multimap<Local, Local>;

  void begin() {
    has_begun_ = true;
    const Knowledge knows = source_.knowledge();
    if (knows.deaths == Deaths::exact) {
      precision_ = DeathPrecision::exact;
    } else if (knows.writes && knows.root_granularity != 0) {
      precision_ = DeathPrecision::roots;
      granularity_ = knows.root_granularity;
    } else if (knows.deaths == Deaths::collections) {
      precision_ = DeathPrecision::collections;
    }
  }
  bool traces_reachability() const { return precision_ == DeathPrecision::roots; }

  /// An object that an event speaks of: it has to be there.
  Local known(ObjectId id) {
    const Local local = graph_.find(id);
    if (local == 0 && contradictions_++ == 0) first_contradiction_ = event_;
    return local;
  }
  void stamp(Local local) {
    ObjectNode& node = graph_.node(local);
    node.stamp = event_;
    node.stamp_clock = clock_;
  }
  void make_fresh(Local local) {
    fresh_[thread_].push_back(local);
    ++graph_.node(local).fresh_count;
  }
  void tell_pointer(Local host, const Slot& slot, Local value, bool fresh) {
    if (slot.is_weak || slot.is_value) return;
    lives_.on_pointer(graph_.node(host).object, graph_.node(value).object, fresh, clock_);
  }

  /// What the slot held is believed from the record, not from the graph: that may still have a key
  /// that died, and its value.
  void lose(Local host, const PointerWrite& write) {
    if (write.old_value != 0) {
      if (const Local old = known(write.old_value)) make_fresh(old);
    }
    if (!write.slot.is_weak) return;
    const Local held = graph_.edge(host, value_half(write.slot));
    if (held == 0) return;
    const Local key = graph_.edge(host, write.slot);
    if (key != 0 && write.old_value == 0) {
      // The key died before, and with it the pair: find_deaths has to know of it.
      ghosts_.emplace_back(key, held);
    } else {
      // Another key empties its pair: what it held is held no longer, and no other record says so.
      stamp(held);
    }
  }
  void store(Local host, const Slot& slot, Local value) {
    if (slot.index >= ObjectGraph::max_slot_index) {
      throw InputError(source_.path(), 0,
                       "object " + std::to_string(graph_.node(host).object.id) + " has a slot " +
                           std::to_string(slot.index) + ": no object is that large");
    }
    if (slot.is_weak) graph_.set_edge(host, value_half(slot), 0);
    graph_.set_edge(host, slot, value);
  }
  static Slot value_half(Slot key) {
    key.is_weak = false;
    key.is_value = true;
    return key;
  }
  static Slot key_half(Slot value) {
    value.is_weak = true;
    value.is_value = false;
    return value;
  }

  void bury_now(ObjectId id) {
    const Local local = known(id);
    if (local == 0) return;
    const ObjectNode& node = graph_.node(local);
    lives_.on_life({node.object, node.birth_event, event_, clock_});
    graph_.remove(local);
  }

  // Reachability.

  void trace_and_bury() {
    mark_from_roots();
    if (!is_over_) mark_limbo();
    std::vector<Local> dead = unmarked();
    find_deaths(dead);
    clear_weak_edges();
    std::erase_if(ghosts_, [&](const auto& pair) { return !graph_.node(pair.first).in_limbo; });
    bury(dead);
    for (Local local = 1; local < graph_.end(); ++local) {
      ObjectNode& node = graph_.node(local);
      node.marked = node.in_limbo = false;
    }
    last_trace_ = event_;
    patience_ = std::max(least_patience_, graph_.size() + graph_.edge_count());
  }
  std::vector<Local> unmarked() const {
    std::vector<Local> locals;
    for (Local local = 1; local < graph_.end(); ++local) {
      const ObjectNode& node = graph_.node(local);
      if (node.in_use() && !node.marked) locals.push_back(local);
    }
    return locals;
  }

  void mark_from_roots() {
    waiting_.clear();
    weak_hosts_.clear();
    for (Local local = 1; local < graph_.end(); ++local) {
      if (graph_.node(local).in_use() && graph_.node(local).is_root()) mark(local);
    }
    reach([](ObjectNode&) {});
    for (const auto& [key, value] : ghosts_) waiting_.emplace(key, value);
  }
  void mark(Local local) {
    ObjectNode& node = graph_.node(local);
    if (node.marked) {
      // In limbo, and referred to by what died just now: it outlived that.
      if (node.in_limbo && node.stamp < death_) {
        node.stamp = death_;
        node.stamp_clock = death_clock_;
      }
      return;
    }
    node.marked = true;
    worklist_.push_back(local);
  }
  /// Marks all that the worklist leads to, telling `reached` of each.
  template <class Reached>
  void reach(Reached reached) {
    while (!worklist_.empty()) {
      const Local local = worklist_.back();
      worklist_.pop_back();
      ObjectNode& node = graph_.node(local);
      reached(node);
      if (node.has_weak) weak_hosts_.push_back(local);
      graph_.for_each_edge(local, [&](const Edge& edge) {
        if (edge.is_strong()) mark(edge.target);
        if (edge.is_ephemeron_value()) reach_pair(local, edge);
      });
      release(local);
    }
  }
  void reach_pair(Local table, const Edge& value) {
    const Local key = graph_.edge(table, key_half(value.slot()));
    if (key == 0 || graph_.node(key).marked) {
      mark(value.target);
    } else {
      waiting_.emplace(key, value.target);
    }
  }
  /// The key has been reached; so are the values that waited for it.
  void release(Local key) {
    if (waiting_.empty()) return;
    const auto [begin, end] = waiting_.equal_range(key);
    for (auto pair = begin; pair != end; ++pair) mark(pair->second);
    waiting_.erase(begin, end);
  }

  // Limbo.

  /// Marks what weak references or pairs of live objects could bring back, and all that it leads
  /// to.
  void mark_limbo() {
    if (weak_hosts_.empty()) return;
    tables_by_key_.clear();
    for (const Local local : unmarked()) {
      if (!graph_.node(local).has_ephemerons) continue;
      graph_.for_each_edge(local, [&](const Edge& edge) {
        if (edge.is_weak()) tables_by_key_.emplace(edge.target, local);
      });
    }
    for (const Local host : weak_hosts_) {
      graph_.for_each_edge(host, [&](const Edge& edge) {
        if (!edge.is_strong()) hold_in_limbo(edge.target);
      });
    }
    while (!worklist_.empty()) {
      const Local local = worklist_.back();
      worklist_.pop_back();
      // How long it kept what it refers to can be told only with its own death.
      graph_.for_each_edge(local, [&](const Edge& edge) { hold_in_limbo(edge.target, true); });
      // So it is with a pair of which it is the key.
      const auto [first, last] = waiting_.equal_range(local);
      for (auto pair = first; pair != last; ++pair) hold_in_limbo(pair->second, true);
      // A dead table cannot be brought back by its key, but how long it kept the value has to be
      // told when the key's death is.
      const auto [begin, end] = tables_by_key_.equal_range(local);
      for (auto entry = begin; entry != end; ++entry) hold_in_limbo(entry->second, true);
      tables_by_key_.erase(begin, end);
    }
  }
  void hold_in_limbo(Local local, bool also_found_dead = false) {
    ObjectNode& node = graph_.node(local);
    if (node.marked || (node.found_dead && !also_found_dead)) return;
    node.marked = true;
    node.in_limbo = true;
    worklist_.push_back(local);
  }

  // Deaths.

  /// \pre What is alive or in limbo is marked, and pairs of live tables wait for their dead keys.
  /// \post The dead have their time of death as their stamp, and are marked too.
  void find_deaths(std::vector<Local>& dead) {
    std::sort(dead.begin(), dead.end(),
              [&](Local a, Local b) { return graph_.node(a).stamp > graph_.node(b).stamp; });
    for (const Local first : dead) {
      if (graph_.node(first).marked) continue;
      death_ = graph_.node(first).stamp;
      death_clock_ = graph_.node(first).stamp_clock;
      mark(first);
      reach([&](ObjectNode& node) {
        node.stamp = death_;
        node.stamp_clock = death_clock_;
        node.dead = true;
      });
    }
    death_ = death_clock_ = 0;
  }
  /// What lives forgets what died.
  void clear_weak_edges() {
    for (const Local host : weak_hosts_) {
      if (graph_.node(host).dead) continue;
      cleared_.clear();
      graph_.for_each_edge(host, [&](const Edge& edge) {
        if (!edge.is_strong() && graph_.node(edge.target).dead) cleared_.push_back(edge.slot());
      });
      for (const Slot& slot : cleared_) {
        graph_.set_edge(host, slot, 0);
        if (slot.is_weak) graph_.set_edge(host, value_half(slot), 0);
      }
    }
  }
  void bury(std::vector<Local>& dead) {
    std::sort(dead.begin(), dead.end(), [&](Local a, Local b) {
      const ObjectNode& x = graph_.node(a);
      const ObjectNode& y = graph_.node(b);
      return x.stamp != y.stamp ? x.stamp < y.stamp : x.object.id < y.object.id;
    });
    for (const Local local : dead) {
      const ObjectNode& node = graph_.node(local);
      lives_.on_life({node.object, node.birth_event, node.stamp, node.stamp_clock});
    }
    for (const Local local : dead) graph_.remove(local);
  }

  RecordingSource& source_;
  LifeVisitor& lives_;
  const std::function<void(std::uint64_t)>& progress_;

  ObjectGraph graph_;
  DeathPrecision precision_ = DeathPrecision::none;
  std::uint64_t granularity_ = 0;
  bool has_begun_ = false;
  std::uint64_t event_ = 0;
  std::uint64_t clock_ = 0;
  ThreadId thread_ = 0;
  std::vector<std::vector<Local>> fresh_;  ///< by thread
  std::uint64_t contradictions_ = 0;
  std::uint64_t first_contradiction_ = 0;

  std::uint64_t last_trace_ = 0;
  std::uint64_t least_patience_;
  std::uint64_t patience_;
  std::vector<Local> worklist_;
  std::vector<Local> weak_hosts_;
  std::vector<Slot> cleared_;
  WaitingValues waiting_;
  std::unordered_multimap<Local, Local> tables_by_key_;  ///< unreachable tables
  std::uint64_t death_ = 0;  ///< of what is being reached, while deaths are found
  std::uint64_t death_clock_ = 0;
  bool is_over_ = false;
  std::vector<std::pair<Local, Local>> ghosts_;  ///< pairs overwritten after their key's death
};

}  // namespace

Mortality tell_lives(RecordingSource& source, LifeVisitor& lives,
                     const std::function<void(std::uint64_t)>& progress, std::uint64_t patience) {
  Merlin merlin(source, lives, progress, patience);
  return merlin.finish(source.read(merlin));
}

}  // namespace heaplab::trace
