// SPDX-License-Identifier: MIT
// Merlin against a real collector that collects all the time: reads a recording made with
// `heaplab run --stress-gc --record-roots=1` and compares each object's death, as computed, with
// the full collection that found it dead: it died after the one before. Used by merlin_programs.sh.
#include <cstdio>
#include <exception>
#include <map>

#include "heaplab/trace/merlin.h"

namespace heaplab::trace {
namespace {

/// The events between which a collection says an object died: (after, until].
struct Interval {
  std::uint64_t after = 0;
  std::uint64_t until = 0;
};

class Collections : public RecordingVisitor {
 public:
  void on_allocation(const Allocation&) override { ++event_; }
  void on_initial_edges(ObjectId, std::span<const InitialEdge>) override { ++event_; }
  void on_write(const PointerWrite&) override { ++event_; }
  void on_roots(const RootChange&) override { ++event_; }
  void on_free(ObjectId) override { ++event_; }
  void on_death(ObjectId id) override { found_.push_back(id); }
  void on_collection(const Collection& collection) override {
    if (!collection.major) return;
    for (const ObjectId id : found_) deaths[id] = {last_, event_};
    found_.clear();
    last_ = event_;
    ++count;
  }

  std::map<ObjectId, Interval> deaths;
  std::uint64_t count = 0;

 private:
  std::vector<ObjectId> found_;
  std::uint64_t event_ = 0;
  std::uint64_t last_ = 0;
};

class Comparison : public LifeVisitor {
 public:
  explicit Comparison(const Collections& collections) : collections_(collections) {}
  void on_life(const Life& life) override {
    ++objects;
    const auto found = collections_.deaths.find(life.object.id);
    const bool was_found = found != collections_.deaths.end();
    const bool agree = life.survived() ? !was_found
                                       : was_found && life.death_event > found->second.after &&
                                             life.death_event <= found->second.until;
    if (agree || ++differences > 5) return;
    std::printf("object %llu: Merlin says event %llu, collections say %llu to %llu\n",
                static_cast<unsigned long long>(life.object.id),
                static_cast<unsigned long long>(life.death_event),
                static_cast<unsigned long long>(was_found ? found->second.after : 0),
                static_cast<unsigned long long>(was_found ? found->second.until : 0));
  }
  std::uint64_t objects = 0;
  std::uint64_t differences = 0;

 private:
  const Collections& collections_;
};

int compare(const char* path) {
  RecordingReader reader(path);
  Collections collections;
  reader.read(collections);
  Comparison comparison(collections);
  const Mortality mortality = tell_lives(reader, comparison);
  std::printf(
      "%llu objects, %zu deaths in %llu full collections; %llu differ, %llu contradictions\n",
      static_cast<unsigned long long>(comparison.objects), collections.deaths.size(),
      static_cast<unsigned long long>(collections.count),
      static_cast<unsigned long long>(comparison.differences),
      static_cast<unsigned long long>(mortality.contradictions));
  const bool tested = collections.count > 20 && collections.deaths.size() > 100;
  return tested && comparison.differences == 0 && mortality.contradictions == 0 ? 0 : 1;
}

}  // namespace
}  // namespace heaplab::trace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "compare_deaths RECORDING\n");
    return 2;
  }
  try {
    return heaplab::trace::compare(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
