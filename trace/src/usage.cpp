// SPDX-License-Identifier: MIT
#include "heaplab/trace/usage.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <unordered_map>

namespace heaplab::trace {
namespace {

using Group = std::uint32_t;

/// Objects that are alive, by id: pages that go when their last object does.
class LiveTable {
 public:
  struct Entry {
    std::uint64_t birth = 0;
    std::uint64_t bytes = 0;
    Group type = 0;  ///< 0: nothing is alive here
    Group site = 0;
  };
  void add(ObjectId id, const Entry& entry) {
    const std::size_t number = id >> page_shift;
    if (number >= pages_.size()) pages_.resize(number + 1);
    if (!pages_[number]) pages_[number] = std::make_unique<Page>();
    pages_[number]->entries[id & page_mask] = entry;
    ++pages_[number]->used;
  }
  /// Its entry is `out`, and gone; false if there is none.
  bool take(ObjectId id, Entry& out) {
    const std::size_t number = id >> page_shift;
    if (number >= pages_.size() || !pages_[number]) return false;
    Entry& entry = pages_[number]->entries[id & page_mask];
    if (entry.type == 0) return false;
    out = entry;
    entry = {};
    if (--pages_[number]->used == 0) pages_[number].reset();
    return true;
  }
  void clear() { pages_.clear(); }

 private:
  static constexpr unsigned page_shift = 10;
  static constexpr std::uint64_t page_mask = (1u << page_shift) - 1;
  struct Page {
    std::array<Entry, std::size_t{1} << page_shift> entries{};
    std::uint32_t used = 0;
  };
  std::vector<std::unique_ptr<Page>> pages_;
};

/// Groups by name, found by number of a table.
class Groups {
 public:
  template <class Name>
  Group of(std::uint32_t number, Name name) {
    if (number >= by_number_.size())
      by_number_.resize(std::max<std::size_t>(number + 1, 2 * number));
    Group& group = by_number_[number];
    if (group == 0) group = by_name(name());
    return group;
  }
  GroupUsage& operator[](Group group) { return groups_[group - 1]; }
  std::vector<GroupUsage> take() { return std::move(groups_); }

 private:
  Group by_name(std::string name) {
    const auto [found, is_new] = names_.try_emplace(name, static_cast<Group>(groups_.size() + 1));
    if (is_new) groups_.push_back({.name = std::move(name)});
    return found->second;
  }
  std::vector<Group> by_number_;
  std::unordered_map<std::string, Group> names_;
  std::vector<GroupUsage> groups_;
};

class UsageCounter : public RecordingVisitor {
 public:
  UsageCounter(const RecordingSource& source, const std::function<void(std::uint64_t)>& progress)
      : source_(source), progress_(progress) {}

  void on_allocation(const Allocation& a) override {
    const Tables& tables = source_.tables();
    const Group type = types_.of(a.type, [&] { return tables.type_name(a.type); });
    const FrameId frame = tables.stacks[a.stack].frame;
    const Group site = sites_.of(frame, [&] { return describe_frame(tables, frame); });
    for (GroupUsage* group : {&total_, &types_[type], &sites_[site]}) {
      if (!a.adopted) {
        ++group->count;
        group->bytes += a.bytes;
      }
      group->live_bytes += a.bytes;
      group->peak_live_bytes = std::max(group->peak_live_bytes, group->live_bytes);
    }
    clock_ = a.clock + (a.adopted ? 0 : a.bytes);
    if (knows_deaths_) live_.add(a.id, {a.clock, a.bytes, type, site});
  }
  void on_death(ObjectId id) override { die(id); }
  void on_free(ObjectId id) override { die(id); }
  void on_skipped(std::uint64_t, std::uint64_t bytes) override { clock_ += bytes; }
  bool on_checkpoint_begin(const CheckpointBegin&) override { return false; }
  void on_block(std::uint64_t offset) override {
    if (progress_) progress_(offset);
    // By now the recording has said what it knows, if it does so at its start as ours do.
    const bool known = source_.knowledge().deaths != Deaths::none || deaths_seen_;
    if (knows_deaths_ && !known && ++blocks_ > 16) {
      knows_deaths_ = false;
      live_.clear();
    }
  }

  RecordingUsage result() {
    RecordingUsage usage;
    total_.name = "everything";
    usage.total = std::move(total_);
    usage.types = types_.take();
    usage.sites = sites_.take();
    return usage;
  }

 private:
  void die(ObjectId id) {
    deaths_seen_ = true;
    LiveTable::Entry entry;
    if (!live_.take(id, entry)) return;
    for (GroupUsage* group : {&total_, &types_[entry.type], &sites_[entry.site]}) {
      group->live_bytes -= entry.bytes;
      ++group->deaths;
      group->lifetimes += static_cast<double>(clock_ - entry.birth);
    }
  }

  const RecordingSource& source_;
  const std::function<void(std::uint64_t)>& progress_;
  GroupUsage total_;
  Groups types_, sites_;
  LiveTable live_;
  std::uint64_t clock_ = 0;
  unsigned blocks_ = 0;
  bool knows_deaths_ = true;
  bool deaths_seen_ = false;
};

double measure(const GroupUsage& usage, UsageOrder order) {
  switch (order) {
    case UsageOrder::count:
      return static_cast<double>(usage.count);
    case UsageOrder::lifetime:
      return usage.mean_lifetime();
    case UsageOrder::peak:
      return static_cast<double>(usage.peak_live_bytes);
    default:
      return static_cast<double>(usage.bytes);
  }
}

}  // namespace

std::string describe_frame(const Tables& tables, FrameId frame) {
  if (frame == 0) return {};
  const Frame& place = tables.frames[frame];
  std::string where = tables.text(place.file);
  if (place.line != 0) where += ':' + std::to_string(place.line);
  if (place.column != 0) where += ':' + std::to_string(place.column);
  const std::string& function = tables.text(place.function);
  if (function.empty()) return where;
  return where.empty() ? function : function + " (" + where + ")";
}

RecordingUsage measure_usage(RecordingSource& source,
                             const std::function<void(std::uint64_t)>& progress) {
  UsageCounter counter(source, progress);
  const Extent extent = source.read(counter);
  RecordingUsage usage = counter.result();
  usage.extent = extent;
  usage.knows = source.knowledge();
  return usage;
}

std::vector<UsageChange> compare_usage(const std::vector<GroupUsage>& before,
                                       const std::vector<GroupUsage>& after, UsageOrder order) {
  std::map<std::string, UsageChange> by_name;
  for (const GroupUsage& group : before) by_name[group.name].before = group;
  for (const GroupUsage& group : after) by_name[group.name].after = group;
  std::vector<UsageChange> changes;
  for (auto& [name, change] : by_name) {
    change.name = name;
    changes.push_back(std::move(change));
  }
  const auto size = [order](const UsageChange& change) {
    return std::abs(measure(change.after, order) - measure(change.before, order));
  };
  std::stable_sort(changes.begin(), changes.end(),
                   [&](const UsageChange& a, const UsageChange& b) { return size(a) > size(b); });
  return changes;
}

}  // namespace heaplab::trace
