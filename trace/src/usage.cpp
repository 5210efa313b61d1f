// SPDX-License-Identifier: MIT
#include "heaplab/trace/usage.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <unordered_map>

#include "heaplab/trace/allocation_site.h"
#include "heaplab/trace/sampling.h"
#include "live_table.h"
#include "lives_in_order.h"

namespace heaplab::trace {
namespace {

using Group = std::uint32_t;

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

struct LiveObject {
  std::uint64_t birth = 0;
  std::uint64_t bytes = 0;
  std::uint64_t count = 1;  ///< it stands for so many
  Group type = 0;
  Group site = 0;
  bool adopted = false;
};

/// Adds objects up by type and site.
class Sums {
 public:
  explicit Sums(const Tables& tables) : tables_(tables), site_finder_(tables) {}

  LiveObject object(const Allocation& a) {
    const FrameId frame = site_finder_.site(a.stack);
    return {a.clock,
            a.bytes,
            1,
            types_.of(a.type, [&] { return tables_.type_name(a.type); }),
            sites_.of(frame, [&] { return describe_frame(tables_, frame); }),
            a.adopted};
  }
  void allocate(const LiveObject& object) {
    for (GroupUsage* group : groups_of(object)) {
      if (!object.adopted) {
        group->count += object.count;
        group->bytes += object.count * object.bytes;
      }
      group->live_bytes += object.bytes;
      group->peak_live_bytes = std::max(group->peak_live_bytes, group->live_bytes);
    }
  }
  void die(const LiveObject& object, std::uint64_t clock) {
    for (GroupUsage* group : groups_of(object)) {
      group->live_bytes -= object.bytes;
      if (object.adopted) continue;  // how long it had lived before, nobody knows
      group->deaths += object.count;
      group->lifetimes +=
          static_cast<double>(clock - object.birth) * static_cast<double>(object.count);
    }
  }
  /// What a profile says is alive; of such a recording nothing else is known.
  void add_profile(std::span<const ProfileEntry> entries) {
    for (const ProfileEntry& entry : entries) {
      LiveObject found = object({.bytes = entry.bytes, .stack = entry.stack});
      for (GroupUsage* group : groups_of(found)) {
        group->count += entry.objects;
        group->bytes += entry.bytes;
        group->live_bytes += entry.bytes;
      }
    }
  }
  std::uint64_t objects() const { return total_.count; }

  RecordingUsage result() {
    RecordingUsage usage;
    total_.name = "everything";
    usage.total = std::move(total_);
    usage.types = types_.take();
    usage.sites = sites_.take();
    return usage;
  }

 private:
  std::array<GroupUsage*, 3> groups_of(const LiveObject& object) {
    return {&total_, &types_[object.type], &sites_[object.site]};
  }

  const Tables& tables_;
  SiteFinder site_finder_;
  GroupUsage total_;
  Groups types_, sites_;
};

/// Deaths are those that the recording names.
class UsageCounter : public RecordingVisitor {
 public:
  UsageCounter(const RecordingSource& source, const std::function<void(std::uint64_t)>& progress)
      : source_(source), progress_(progress), sums_(source.tables()) {}

  void on_allocation(const Allocation& a) override {
    // Our recordings say first of all whether they are samples.
    if (!has_objects_) scale_ = SampleScale(source_.knowledge().sampling_bytes);
    LiveObject object = sums_.object(a);
    if (!a.adopted) object.count = scale_.count(a.bytes);
    sums_.allocate(object);
    has_objects_ = true;
    clock_ = a.clock + (a.adopted ? 0 : a.bytes);
    if (knows_deaths_) live_.add(a.id, object);
  }
  void on_death(ObjectId id) override { die(id); }
  void on_free(ObjectId id) override { die(id); }
  void on_skipped(std::uint64_t, std::uint64_t bytes) override { clock_ += bytes; }
  void on_profile(std::uint64_t, std::span<const ProfileEntry> entries) override {
    ++profiles_;
    profile_.assign(entries.begin(), entries.end());
  }
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
    const bool only_profiles = profiles_ != 0 && !has_objects_;
    if (only_profiles) sums_.add_profile(profile_);
    RecordingUsage usage = sums_.result();
    usage.profiles = only_profiles ? profiles_ : 0;
    const Deaths deaths = source_.knowledge().deaths;
    if (deaths == Deaths::exact) usage.precision = DeathPrecision::exact;
    if (deaths == Deaths::collections) usage.precision = DeathPrecision::collections;
    return usage;
  }

 private:
  void die(ObjectId id) {
    deaths_seen_ = true;
    LiveObject object;
    if (live_.take(id, object)) sums_.die(object, clock_);
  }

  const RecordingSource& source_;
  const std::function<void(std::uint64_t)>& progress_;
  Sums sums_;
  SampleScale scale_;
  LiveTable<LiveObject> live_;
  std::vector<ProfileEntry> profile_;
  std::uint64_t profiles_ = 0;
  std::uint64_t clock_ = 0;
  unsigned blocks_ = 0;
  bool knows_deaths_ = true;
  bool deaths_seen_ = false;
  bool has_objects_ = false;
};

/// Deaths are those that Merlin computes.
class LifeCounter : public InOrder {
 public:
  explicit LifeCounter(const Tables& tables) : sums_(tables) {}

  RecordingUsage result(const Mortality& mortality) {
    finish();
    RecordingUsage usage = sums_.result();
    usage.extent = mortality.extent;
    usage.precision = mortality.precision;
    usage.root_granularity = mortality.root_granularity;
    return usage;
  }

 protected:
  void born(const Allocation& a) override { sums_.allocate(sums_.object(a)); }
  void died(const Life& life) override { sums_.die(sums_.object(life.object), life.death_clock); }

 private:
  Sums sums_;
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

bool UsageChange::differs() const {
  return before.count != after.count || before.bytes != after.bytes ||
         before.deaths != after.deaths || before.peak_live_bytes != after.peak_live_bytes ||
         before.mean_lifetime() != after.mean_lifetime();
}

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
  if (can_compute_deaths(source)) {
    LifeCounter lives(source.tables());
    const Mortality mortality = tell_lives(source, lives, progress);
    RecordingUsage usage = lives.result(mortality);
    usage.knows = source.knowledge();
    return usage;
  }
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
