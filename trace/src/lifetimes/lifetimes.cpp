// SPDX-License-Identifier: MIT
#include "heaplab/trace/lifetimes.h"

#include <algorithm>
#include <bit>

#include "curves.h"
#include "heaplab/trace/allocation_site.h"

namespace heaplab::trace {
namespace {

/// Bytes by lifetime, eight bins an octave, for quantiles to a tenth.
class LifetimeHistogram {
 public:
  void add(std::uint64_t lifetime, std::uint64_t bytes, bool survived) {
    if (survived) {
      survived_ += bytes;
      return;
    }
    const std::size_t bin = bin_of(lifetime);
    if (bin >= bins_.size()) bins_.resize(bin + 1);
    bins_[bin] += bytes;
  }
  /// The share `above` of the bytes lived at least so long.
  std::uint64_t quantile(double above) const {
    std::uint64_t total = survived_;
    for (const std::uint64_t bytes : bins_) total += bytes;
    double left = above * static_cast<double>(total) - static_cast<double>(survived_);
    if (left <= 0) return to_the_end;
    for (std::size_t bin = bins_.size(); bin-- > 0;) {
      left -= static_cast<double>(bins_[bin]);
      if (left <= 0) return lower_end(bin);
    }
    return 0;
  }

 private:
  static std::size_t bin_of(std::uint64_t value) {
    if (value < 8) return static_cast<std::size_t>(value);
    const auto octave = static_cast<unsigned>(std::bit_width(value)) - 4;
    return 8 * (octave + 1) + ((value >> octave) & 7);
  }
  static std::uint64_t lower_end(std::size_t bin) {
    if (bin < 8) return bin;
    return std::uint64_t{8 | (bin & 7)} << (bin / 8 - 1);
  }

  std::vector<std::uint64_t> bins_;
  std::uint64_t survived_ = 0;
};

struct Group {
  GroupLifetimes totals;
  LifetimeHistogram lifetimes;
  std::vector<std::uint64_t> old_bytes;  ///< by nursery size
};

class Groups {
 public:
  void add(std::uint32_t key, const Life& life, const std::vector<NurserySize>& sizes) {
    if (key >= groups_.size()) groups_.resize(key + std::size_t{1});
    Group& group = groups_[key];
    ++group.totals.objects;
    group.totals.bytes += life.object.bytes;
    if (life.survived()) group.totals.alive_bytes += life.object.bytes;
    group.lifetimes.add(life.lifetime(), life.object.bytes, life.survived());
    group.old_bytes.resize(sizes.size());
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      const std::uint64_t size = sizes[i].bytes;
      if (life.death_clock / size - life.object.clock / size < 2) break;
      group.old_bytes[i] += life.object.bytes;
    }
  }
  std::vector<GroupLifetimes> finish(std::size_t nursery) const {
    std::vector<GroupLifetimes> list;
    for (std::size_t key = 0; key < groups_.size(); ++key) {
      const Group& group = groups_[key];
      if (group.totals.objects == 0) continue;
      GroupLifetimes result = group.totals;
      result.key = static_cast<std::uint32_t>(key);
      if (nursery < group.old_bytes.size()) result.old_bytes = group.old_bytes[nursery];
      result.median_lifetime = group.lifetimes.quantile(0.5);
      result.p90_lifetime = group.lifetimes.quantile(0.1);
      list.push_back(result);
    }
    std::stable_sort(list.begin(), list.end(),
                     [](const auto& a, const auto& b) { return a.bytes > b.bytes; });
    return list;
  }

 private:
  std::vector<Group> groups_;
};

/// Sites whose objects nearly all outlive the nursery: copying them there is wasted.
std::vector<GroupLifetimes> worth_pretenuring(const std::vector<GroupLifetimes>& sites,
                                              std::uint64_t allocated) {
  constexpr double nearly_all = 0.8;
  constexpr double worth_it = 0.002;
  std::vector<GroupLifetimes> list;
  for (const GroupLifetimes& site : sites) {
    const auto bytes = static_cast<double>(site.bytes);
    if (site.key == 0 || bytes < worth_it * static_cast<double>(allocated)) continue;
    if (static_cast<double>(site.old_bytes) >= nearly_all * bytes) list.push_back(site);
  }
  std::stable_sort(list.begin(), list.end(),
                   [](const auto& a, const auto& b) { return a.old_bytes > b.old_bytes; });
  return list;
}

class Analysis : public LifeVisitor {
 public:
  Analysis(const RecordingSource& source, std::uint64_t end, std::size_t columns)
      : site_finder_(source.tables()), survival_(end), ages_(end, columns), nurseries_(end) {}

  void on_life(const Life& life) override {
    if (life.object.adopted) {  // how long it had lived before, nobody knows
      ++report.adopted;
      return;
    }
    ++report.objects;
    if (life.survived()) {
      ++report.survivors;
      report.survivor_bytes += life.object.bytes;
    }
    survival_.add(life);
    ages_.add(life);
    nurseries_.add(life);
    types_.add(life.object.type, life, nurseries_.sizes());
    sites_.add(site_finder_.site(life.object.stack), life, nurseries_.sizes());
  }
  void on_pointer(const Allocation& host, const Allocation& value, bool fresh,
                  std::uint64_t clock) override {
    PointerDirections& seen = report.pointers;
    if (fresh) {
      ++seen.initialising;
      return;
    }
    ++(host.id < value.id   ? seen.old_to_young
       : host.id > value.id ? seen.young_to_old
                            : seen.to_itself);
    nurseries_.add_write(host, value, clock);
  }

  LifetimeReport finish(const LifetimeOptions& options) {
    report.survival = survival_.finish();
    report.ages = ages_.finish();
    report.nurseries = nurseries_.sizes();
    judge_nurseries();
    const std::size_t nursery = nearest(options.nursery_bytes);
    report.types = types_.finish(nursery);
    report.sites = sites_.finish(nursery);
    report.pretenure = worth_pretenuring(report.sites, report.allocated_bytes);
    return std::move(report);
  }

  LifetimeReport report;

 private:
  /// A nursery has to be a few times as large as the distance to which deaths are known.
  void judge_nurseries() {
    const std::vector<NurserySize>& sizes = report.nurseries;
    const std::uint64_t least = 4 * report.mortality.root_granularity;
    while (report.first_judged < sizes.size() && report.mortality.root_granularity > 1 &&
           sizes[report.first_judged].bytes < least) {
      ++report.first_judged;
    }
    if (report.first_judged == sizes.size()) {
      report.advised = sizes.size() - 1;
      report.advice =
          "roots are recorded too rarely to judge nurseries of a run this short: record it with "
          "--record-roots=1";
      return;
    }
    report.advised =
        report.first_judged + advise(std::span(sizes).subspan(report.first_judged), report.advice);
  }
  /// The smallest size that is not less, or the advised one.
  std::size_t nearest(std::uint64_t wanted) const {
    if (wanted == 0) return report.advised;
    std::size_t i = 0;
    while (i + 1 < report.nurseries.size() && report.nurseries[i].bytes < wanted) ++i;
    return i;
  }

  SiteFinder site_finder_;
  SurvivalCurve survival_;
  AgeDemographics ages_;
  Nurseries nurseries_;
  Groups types_;
  Groups sites_;
};

class Skim : public RecordingVisitor {
 public:
  explicit Skim(const std::function<void(int, std::uint64_t)>& progress) : progress_(progress) {}
  void on_block(std::uint64_t offset) override {
    if (progress_) progress_(1, offset);
  }
  bool on_checkpoint_begin(const CheckpointBegin&) override { return false; }

 private:
  const std::function<void(int, std::uint64_t)>& progress_;
};

}  // namespace

LifetimeReport analyse_lifetimes(RecordingSource& source, const LifetimeOptions& options,
                                 const std::function<void(int, std::uint64_t)>& progress) {
  Skim skim(progress);
  const Extent extent = source.read(skim);
  Analysis analysis(source, extent.clock, options.columns);
  analysis.report.allocated_bytes = extent.clock;
  std::function<void(std::uint64_t)> second;
  if (progress) second = [&](std::uint64_t offset) { progress(2, offset); };
  analysis.report.mortality = tell_lives(source, analysis, second);
  analysis.report.pointers_known = source.knowledge().writes;
  return analysis.finish(options);
}

}  // namespace heaplab::trace
