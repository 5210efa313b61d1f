// SPDX-License-Identifier: MIT
#include <charconv>

#include "heaplab/support/pipe_input.h"
#include "heaplab/trace/reader.h"
#include "range_visitor.h"

namespace heaplab::trace {
namespace {

std::uint64_t number(const std::string& text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// Stops reading at the first event.
struct Begun {};
class FirstEvent : public RecordingVisitor {
 public:
  void on_allocation(const Allocation&) override { throw Begun(); }
  void on_roots(const RootChange&) override { throw Begun(); }
  void on_memory(const MemorySample&) override { throw Begun(); }
  void on_profile(std::uint64_t, std::span<const ProfileEntry>) override { throw Begun(); }
};

}  // namespace

void RecordingSource::learn() {
  if (!can_read_again(path_)) return;
  FirstEvent first;
  try {
    read(first);
  } catch (const Begun&) {
    // That was all that was wanted.
  }
}

std::string RecordingSource::info(const std::string& key) const {
  const auto found = info_.find(key);
  return found == info_.end() ? std::string() : found->second;
}

Extent RecordingSource::read_range(RecordingVisitor& visitor, const Range& range) {
  RangeVisitor part(visitor, range);
  Extent extent = read(part);
  extent.time_ns = part.time_ns();
  return extent;
}

Knowledge RecordingSource::knowledge() const {
  Knowledge result;
  result.identity = info("identity") != "lost";
  const std::string deaths = info("deaths");
  if (deaths == "exact") result.deaths = Deaths::exact;
  if (deaths == "collections") result.deaths = Deaths::collections;
  result.writes = info("writes") == "all";
  result.root_granularity = number(info("roots"));
  result.last_uses = info("last uses") == "all";
  result.times = info("times") != "none";
  result.sampling_bytes = number(info("sampling"));
  return result;
}

}  // namespace heaplab::trace
