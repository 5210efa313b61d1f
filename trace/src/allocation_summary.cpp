// SPDX-License-Identifier: MIT
#include "heaplab/trace/allocation_summary.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <sstream>
#include <utility>

#include "heaplab/trace/merlin.h"
#include "heaplab/trace/open.h"
#include "heaplab/trace/sampling.h"
#include "live_table.h"
#include "lives_in_order.h"
#include "readers/heaptrack_summary.h"
#include "site_costs.h"

namespace heaplab::trace {
namespace {

std::optional<std::uint64_t> parse_address(std::string_view text) {
  if (!text.starts_with("0x")) return std::nullopt;
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + 2, end, value, 16);
  if (error != std::errc() || rest != end) return std::nullopt;
  return value;
}

/// The stacks of a recording; its places are frames.
class RecordedCalls : public CallTree {
 public:
  explicit RecordedCalls(const Tables& tables) : tables_(tables), names_(tables.frames.size()) {}

  std::size_t node_count() const override { return tables_.stacks.size(); }
  std::size_t place_count() const override { return tables_.frames.size(); }
  std::uint32_t parent(std::uint32_t node) const override { return tables_.stacks[node].parent; }
  std::uint32_t place(std::uint32_t node) const override { return tables_.stacks[node].frame; }
  const std::vector<CodeLocation>& names(std::uint32_t place) override {
    std::vector<CodeLocation>& entry = names_[place];
    if (entry.empty()) entry.push_back(location(place));
    return entry;
  }

 private:
  CodeLocation location(FrameId id) const {
    const Frame& frame = tables_.frames[id];
    CodeLocation result{0,
                        tables_.text(frame.function),
                        tables_.text(frame.file),
                        frame.line,
                        frame.column,
                        tables_.module(id)};
    // What has no source file has its module for one, and what has no name its address.
    const bool is_module = result.line == 0 && !result.file.empty() &&
                           (result.module.empty() || result.module == result.file);
    if (is_module && result.file.find('/') != std::string::npos) {
      result.module = std::exchange(result.file, {});
    }
    // "0x4010", or "libx.so+0x4010".
    const std::string base = result.module.substr(result.module.rfind('/') + 1) + "+";
    std::string_view address = result.function;
    if (base.size() > 1 && address.starts_with(base)) address.remove_prefix(base.size());
    if (const auto number = parse_address(address)) {
      result.address = *number;
      result.function.clear();
    }
    return result;
  }

  const Tables& tables_;
  std::vector<std::vector<CodeLocation>> names_;
};

/// Counts by stack. What each had at the peak is known without a look at all of them at each peak:
/// before a stack's live bytes change it remembers what it had at the newest peak, and what did not
/// change since then is as it was.
class StackCounts {
 public:
  /// `count`: it stands for so many.
  void allocate(const Allocation& a, std::uint64_t count = 1) {
    Stack& stack = change(a.stack);
    if (!a.adopted) stack.allocations += count;
    stack.live_bytes += a.bytes;
    live_bytes_ += a.bytes;
    if (live_bytes_ <= peak_bytes_) return;
    peak_bytes_ = live_bytes_;
    peak_clock_ = a.clock;
    ++peak_;
    peak_is_new_ = true;
  }
  void end(StackId id, std::uint64_t bytes, bool temporary) {
    Stack& stack = change(id);
    stack.live_bytes -= bytes;
    stack.temporary += temporary;
    live_bytes_ -= bytes;
  }
  bool empty() const { return stacks_.empty(); }
  std::uint64_t peak_clock() const { return peak_clock_; }
  /// True once after each new peak.
  bool has_new_peak() { return std::exchange(peak_is_new_, false); }

  void finish(DeathPrecision precision, SiteCosts& sites, AllocationSummary& summary) {
    for (StackId id = 0; id < stacks_.size(); ++id) {
      Stack& stack = stacks_[id];
      AllocationCost cost{.allocations = stack.allocations};
      if (precision == DeathPrecision::exact) cost.temporary = stack.temporary;
      if (precision != DeathPrecision::none) {
        remember(stack);
        cost.peak_bytes = stack.peak_bytes;
        cost.leaked_bytes = stack.live_bytes;
      }
      if (stack.allocations == 0 && stack.live_bytes == 0 && cost.peak_bytes == 0) continue;
      sites.add(id, cost);
      summary.total += cost;
    }
  }

 private:
  struct Stack {
    std::uint64_t allocations = 0;
    std::uint64_t temporary = 0;
    std::uint64_t live_bytes = 0;
    std::uint64_t peak_bytes = 0;  ///< live at the peak `remembered`
    std::uint64_t remembered = 0;
  };
  void remember(Stack& stack) const {
    if (stack.remembered == peak_) return;
    stack.remembered = peak_;
    stack.peak_bytes = stack.live_bytes;
  }
  /// The stack, whose live bytes are about to change.
  Stack& change(StackId id) {
    if (id >= stacks_.size()) stacks_.resize(std::max<std::size_t>(id + 1, 2 * stacks_.size()));
    remember(stacks_[id]);
    return stacks_[id];
  }

  std::vector<Stack> stacks_;
  std::uint64_t live_bytes_ = 0, peak_bytes_ = 0, peak_clock_ = 0;
  std::uint64_t peak_ = 0;  ///< number of the highest so far
  bool peak_is_new_ = false;
};

/// The times, and what is known by time.
class Timeline : public RecordingVisitor {
 public:
  void on_profile(std::uint64_t time_ns, std::span<const ProfileEntry> entries) override {
    see(time_ns);
    ++profiles;
    profile.assign(entries.begin(), entries.end());
  }
  void on_collection(const Collection& c) override { see(c.start_ns + c.pause_ns); }
  void on_memory(const MemorySample& m) override {
    see(m.time_ns);
    peak_rss = std::max(peak_rss, m.rss);
  }
  void on_marker(const Marker& m) override { see(m.time_ns); }
  void on_time(std::uint64_t time_ns) override { see(time_ns); }
  bool on_checkpoint_begin(const CheckpointBegin&) override { return false; }

  std::uint64_t now_ns = 0;
  std::uint64_t peak_rss = 0;
  std::uint64_t profiles = 0;
  std::vector<ProfileEntry> profile;  ///< the last

 protected:
  virtual void see(std::uint64_t time_ns) { now_ns = std::max(now_ns, time_ns); }
};

/// One pass: deaths are those that the recording names.
class EventCounter : public Timeline {
 public:
  EventCounter(const RecordingSource& source, const std::function<void(std::uint64_t)>& progress)
      : source_(source), progress_(progress) {}

  void on_allocation(const Allocation& a) override {
    // Our recordings say first of all whether they are samples.
    if (counts.empty()) scale_ = SampleScale(source_.knowledge().sampling_bytes);
    counts.allocate(a, a.adopted ? 1 : scale_.count(a.bytes));
    live_.add(a.id, {a.bytes, a.stack});
    newest_ = a.adopted ? 0 : a.id;
    if (counts.has_new_peak()) peak_ns = now_ns;
  }
  void on_free(ObjectId id) override {
    const bool temporary = id == newest_;
    newest_ = 0;
    end(id, temporary);
  }
  void on_death(ObjectId id) override { end(id, false); }
  void on_block(std::uint64_t offset) override {
    if (progress_) progress_(offset);
  }

  StackCounts counts;
  std::uint64_t peak_ns = 0;

 private:
  struct Live {
    std::uint64_t bytes = 0;
    StackId stack = 0;
  };
  void end(ObjectId id, bool temporary) {
    Live object;
    if (live_.take(id, object)) counts.end(object.stack, object.bytes, temporary);
  }

  const RecordingSource& source_;
  const std::function<void(std::uint64_t)>& progress_;
  SampleScale scale_;
  LiveTable<Live> live_;
  ObjectId newest_ = 0;  ///< if its allocation was the last event
};

/// Deaths are those that Merlin computes.
class LifeCounter : public InOrder {
 public:
  StackCounts counts;

 protected:
  void born(const Allocation& a) override { counts.allocate(a); }
  void died(const Life& life) override { counts.end(life.object.stack, life.object.bytes, false); }
};

/// Which time it was by the bytes clock.
class ClockTimes : public Timeline {
 public:
  void on_allocation(const Allocation& a) override { clock_ = a.clock; }
  std::uint64_t at(std::uint64_t clock) const {
    const auto after = std::upper_bound(
        times_.begin(), times_.end(), clock,
        [](std::uint64_t wanted, const auto& known) { return wanted < known.first; });
    return after == times_.begin() ? 0 : std::prev(after)->second;
  }

 protected:
  void see(std::uint64_t time_ns) override {
    Timeline::see(time_ns);
    if (!times_.empty() && clock_ - times_.back().first < distance_) return;
    times_.emplace_back(clock_, now_ns);
    if (times_.size() < most_times) return;
    // Every other is enough, from here on too.
    for (std::size_t i = 0; i < times_.size() / 2; ++i) times_[i] = times_[2 * i];
    times_.resize(times_.size() / 2);
    distance_ = std::max<std::uint64_t>(1, clock_ / times_.size());
  }

 private:
  static constexpr std::size_t most_times = std::size_t{1} << 16;
  std::uint64_t clock_ = 0;
  std::uint64_t distance_ = 0;  ///< of two entries, in bytes of the clock
  std::vector<std::pair<std::uint64_t, std::uint64_t>> times_;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// Known leaks are those of native programs.
bool is_native(const RecordingSource& source) {
  const auto is_tool = [](std::string_view name) {
    return name == "heaptrack" || name == "mtrace";
  };
  return is_tool(source.format()) || is_tool(source.info("converted from"));
}

/// Fills in what the times tell.
void add_times(const Timeline& timeline, std::uint64_t peak_ns, AllocationSummary& summary) {
  summary.peak_ms = summary.total.peak_bytes == 0 ? 0 : peak_ns / 1'000'000;
  summary.time_ms = timeline.now_ns / 1'000'000;
  summary.peak_rss_bytes = timeline.peak_rss;
}

DeathPrecision precision_of(Deaths deaths) {
  if (deaths == Deaths::exact) return DeathPrecision::exact;
  return deaths == Deaths::collections ? DeathPrecision::collections : DeathPrecision::none;
}

void count_events(RecordingSource& source, SummaryOptions& options,
                  const std::function<void(std::uint64_t)>& progress, AllocationSummary& summary,
                  const std::function<SiteCosts&()>& sites) {
  EventCounter counter(source, progress);
  summary.extent = source.read(counter);
  summary.precision = precision_of(source.knowledge().deaths);
  if (counter.counts.empty() && counter.profiles > 0) {
    summary.profiles = counter.profiles;
    options.builtin_suppressions = false;
    for (const ProfileEntry& entry : counter.profile) {
      const AllocationCost cost{.leaked_bytes = entry.bytes};
      sites().add(entry.stack, cost);
      summary.total += cost;
    }
    return;
  }
  counter.counts.finish(summary.precision, sites(), summary);
  add_times(counter, counter.peak_ns, summary);
}

void count_lives(RecordingSource& source, const std::function<void(std::uint64_t)>& progress,
                 AllocationSummary& summary, const std::function<SiteCosts&()>& sites) {
  ClockTimes times;
  source.read(times);
  LifeCounter counter;
  const Mortality mortality = tell_lives(source, counter, progress);
  counter.finish();
  summary.extent = mortality.extent;
  summary.precision = mortality.precision;
  summary.root_granularity = mortality.root_granularity;
  counter.counts.finish(summary.precision, sites(), summary);
  add_times(times, times.at(counter.counts.peak_clock()), summary);
}

}  // namespace

AllocationSummary summarize_allocations(const std::string& path, const SummaryOptions& options,
                                        const std::function<void(std::uint64_t)>& progress) {
  // It is read more than once, also to tell what it is.
  const std::unique_ptr<RecordingSource> source =
      open_recording(path, {.dialect = {}, .again = true});
  if (source->format() == "heaptrack") return heaptrack::summarize(path, options);
  AllocationSummary result;
  SummaryOptions own = options;
  // Made when all has been read: then the tables are complete.
  std::optional<RecordedCalls> calls;
  std::optional<SiteCosts> costs;
  const auto sites = [&]() -> SiteCosts& {
    if (!costs) {
      calls.emplace(source->tables());
      costs.emplace(*calls, options.rule);
    }
    return *costs;
  };
  if (can_compute_deaths(*source)) {
    count_lives(*source, progress, result, sites);
  } else {
    count_events(*source, own, progress, result, sites);
  }
  result.format = source->format();
  result.knows = source->knowledge();
  result.command = source->info("program");
  if (!source->info("arguments").empty()) result.command += ' ' + source->info("arguments");
  own.builtin_suppressions &= is_native(*source);
  list_sites(sites(), leak_patterns(lines_of(source->info("suppressions")), own), own, result);
  return result;
}

}  // namespace heaplab::trace
