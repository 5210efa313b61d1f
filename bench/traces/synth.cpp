// SPDX-License-Identifier: MIT
// synth FILE [EVENTS]: a recording of a made-up program, as long as you like.
//
// A program of 400 call sites allocates, links what it makes to what it made before, and writes
// into older objects; most of it dies young. A collection every 4 MiB finds what is dead. At most a
// few hundred thousand objects are alive, however long the recording, and equal arguments give
// equal files: it is for measuring readers, not for learning about programs.
#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "heaplab/trace/writer.h"

namespace {

using namespace heaplab::trace;

constexpr std::uint64_t nursery_bytes = 4u << 20;

class Synthesizer {
 public:
  explicit Synthesizer(const char* path) : writer_(path) {
    writer_.info("program", "synth");
    writer_.info("deaths", "collections");
    writer_.info("writes", "all");
    constexpr const char* names[] = {"Object", "Array", "Map", "Closure", "String", "Node"};
    for (const char* name : names) types_.push_back(writer_.type(name, "object"));
    for (std::uint32_t i = 0; i < 400; ++i) {
      const FrameId frame = writer_.frame(fmt::format("function{}", i / 4), "synth.js", 1 + i, 5);
      // A tree of calls, eight wide.
      stacks_.push_back(writer_.stack(i < 8 ? 0 : stacks_[i / 8], frame));
    }
  }

  void run(std::uint64_t events) {
    while (events_ < events) {
      allocate();
      if (random_() % 4 == 0) write();
      if (writer_.clock() >= next_collection_) collect();
    }
    writer_.finish();
  }
  std::uint64_t events() const { return events_; }
  const RecordingWriter& writer() const { return writer_; }

 private:
  ObjectId recent() {
    const std::uint64_t back = 1 + (random_() % 64) * (random_() % 64);
    const ObjectId newest = writer_.last_id();
    return back < newest - first_young_ ? newest - back : newest;
  }

  void allocate() {
    // Low numbers are likely, as a few sites make up most allocations.
    const std::uint64_t site = (random_() % 20) * (random_() % 20);
    const std::uint64_t bytes = 16 + 8 * (site % 7) + (site % 5 == 0 ? 8 * (random_() % 8) : 0);
    const ObjectId id = writer_.allocation(types_[site % 6], bytes, stacks_[site]);
    ++events_;
    if (id == first_young_ + 1 || site % 6 == 4) return;
    const InitialEdge edges[] = {{{0}, old_.empty() ? id - 1 : old_[site % old_.size()]},
                                 {{1}, recent()}};
    writer_.initial_edges(id, edges);
    events_ += 2;
  }

  void write() {
    const ObjectId host = old_.empty() || random_() % 2 ? recent() : old_[random_() % old_.size()];
    writer_.write({host, {static_cast<std::uint32_t>(2 + random_() % 3)}, 0, recent()});
    ++events_;
  }

  void collect() {
    std::vector<ObjectId> dead;
    std::vector<ObjectId> kept;
    for (const ObjectId id : old_) (random_() % 16 == 0 ? dead : kept).push_back(id);
    for (ObjectId id = first_young_ + 1; id <= writer_.last_id(); ++id) {
      // Objects that live long come in groups.
      const bool lives = (id >> 5) % 16 == 0 && random_() % 4 != 0;
      (lives ? kept : dead).push_back(id);
    }
    old_ = std::move(kept);
    events_ += dead.size();
    writer_.deaths(dead);
    first_young_ = writer_.last_id();
    next_collection_ = writer_.clock() + nursery_bytes;
    Collection c;
    c.number = ++collections_;
    c.start_ns = collections_ * 2'000'000;
    c.pause_ns = 100'000 + random_() % 400'000;
    c.clock = writer_.clock();
    writer_.collection(c);
  }

  RecordingWriter writer_;
  std::mt19937_64 random_{20261126};
  std::vector<TypeIndex> types_;
  std::vector<StackId> stacks_;
  std::vector<ObjectId> old_;
  ObjectId first_young_ = 0;
  std::uint64_t next_collection_ = nursery_bytes;
  std::uint64_t collections_ = 0;
  std::uint64_t events_ = 0;
};

}  // namespace

int main(int count, char** arguments) {
  std::uint64_t events = 1'000'000;
  if (count == 3) {
    const char* end = arguments[2] + std::strlen(arguments[2]);
    if (std::from_chars(arguments[2], end, events).ptr != end) count = 0;
  }
  if (count != 2 && count != 3) {
    fmt::print(stderr, "usage: synth FILE [EVENTS]\n");
    return 2;
  }
  try {
    Synthesizer synthesizer(arguments[1]);
    synthesizer.run(events);
    if (!synthesizer.writer().error().empty()) {
      fmt::print(stderr, "synth: {}: {}\n", arguments[1], synthesizer.writer().error());
      return 2;
    }
    fmt::print(stderr, "{{\"events\": {}, \"objects\": {}, \"bytes\": {}}}\n", synthesizer.events(),
               synthesizer.writer().last_id(), synthesizer.writer().bytes_written());
  } catch (const std::exception& error) {
    fmt::print(stderr, "synth: {}\n", error.what());
    return 2;
  }
}
