// SPDX-License-Identifier: MIT
#include "replay/deaths.h"

#include <algorithm>

#include "heaplab/support/error.h"

namespace heaplab::trace {
namespace {

constexpr std::size_t words_per_death = 4;

std::uint64_t join(std::uint32_t low, std::uint32_t high) {
  return (std::uint64_t{high} << 32) | low;
}

}  // namespace

class DeathList::Sink : public LifeVisitor {
 public:
  explicit Sink(DeathList& list) : list_(list) {}
  void on_life(const Life& life) override {
    if (!life.survived()) list_.add(life.death_event, life.object.id);
  }

 private:
  DeathList& list_;
};

void DeathList::add(std::uint64_t event, ObjectId id) {
  if (event < last_event_) {
    late_.push_back({event, id});
    return;
  }
  last_event_ = event;
  std::uint32_t* words = words_.append(words_per_death);
  words[0] = static_cast<std::uint32_t>(event);
  words[1] = static_cast<std::uint32_t>(event >> 32);
  words[2] = static_cast<std::uint32_t>(id);
  words[3] = static_cast<std::uint32_t>(id >> 32);
}

ObjectId DeathList::take_late() {
  const ObjectId id = late_.back().id;
  late_.pop_back();
  return id;
}

void DeathList::advance() {
  while (chunk_.empty()) {
    if (chunk_index_ == words_.chunk_count()) {
      next_event_ = never;
      return;
    }
    chunk_ = words_.chunk(chunk_index_++, buffer_);
  }
  next_event_ = join(chunk_[0], chunk_[1]);
  next_id_ = join(chunk_[2], chunk_[3]);
  chunk_ = chunk_.subspan(words_per_death);
}

Mortality DeathList::find(RecordingSource& source,
                          const std::function<void(std::uint64_t)>& progress) {
  Sink sink(*this);
  const Mortality mortality = tell_lives(source, sink, progress);
  if (mortality.precision == DeathPrecision::none) {
    throw InputError(source.path(),
                     "this recording does not say when its objects died (it has neither frees, nor "
                     "pointer writes with roots), so it cannot be replayed");
  }
  words_.finish();
  std::sort(late_.begin(), late_.end(), [](const Late& a, const Late& b) {
    return a.event != b.event ? a.event > b.event : a.id > b.id;
  });
  advance();
  return mortality;
}

}  // namespace heaplab::trace
