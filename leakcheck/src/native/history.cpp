// SPDX-License-Identifier: MIT
#include "history.h"

#include <algorithm>
#include <filesystem>

#include "heaplab/support/progress.h"
#include "live_objects.h"

namespace heaplab::leakcheck::native {
namespace {

constexpr std::uint32_t most_slices = 48;
/// Time is fine enough if it moves on this often.
constexpr std::uint64_t least_ticks = 14;

std::uint64_t size_of_file(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  return error ? 0 : size;
}

/// Time as far as it says something. A recorder may stop the program while it is busy itself, and a
/// program may wait for hours: a step of the clock counts for no more than a few hundredths of a
/// second, and one in which nothing was allocated or freed counts only if nothing is allocated any
/// more.
class WorkingTime {
 public:
  void on_allocation() {
    busy_ = true;
    idle_ = 0;
  }
  void on_free() { busy_ = true; }
  void on_time(std::uint64_t time_ns) {
    if (time_ns <= time_) return;
    const std::uint64_t step = std::min(time_ns - time_, longest_step_ns);
    time_ = time_ns;
    (busy_ ? worked_ : idle_) += step;
    busy_steps_ += busy_ ? 1 : 0;
    ++steps_;
    busy_ = false;
  }

  std::uint64_t worked() const { return worked_; }
  /// With what the program has waited since it worked last.
  std::uint64_t now() const { return worked_ + idle_; }
  std::uint64_t busy_steps() const { return busy_steps_; }
  std::uint64_t steps() const { return steps_; }

 private:
  static constexpr std::uint64_t longest_step_ns = 20'000'000;
  std::uint64_t time_ = 0;
  std::uint64_t worked_ = 0;
  std::uint64_t idle_ = 0;
  std::uint64_t busy_steps_ = 0;
  std::uint64_t steps_ = 0;
  bool busy_ = false;
};

/// First reading: how long it is.
class Length : public trace::RecordingVisitor {
 public:
  explicit Length(const std::string& path) : progress_("reading " + path, size_of_file(path)) {}
  void on_allocation(const trace::Allocation& allocation) override {
    allocations += allocation.adopted ? 0 : 1;
    ++alive_;
    last_frees_.clear();
    time_.on_allocation();
  }
  void on_free(trace::ObjectId) override {
    --alive_;
    time_.on_free();
    const std::uint64_t now = time_.now();
    if (last_frees_.empty() || last_frees_.back().time != now) last_frees_.push_back({now, 0});
    ++last_frees_.back().count;
  }
  void on_death(trace::ObjectId id) override { on_free(id); }
  void on_time(std::uint64_t time_ns) override { time_.on_time(time_ns); }
  void on_block(std::uint64_t offset) override { progress_.update(offset); }

  /// When the program stopped working: at its end, or when it puts its things away, frees and does
  /// not allocate any more. (To end can take longer than to work.)
  std::uint64_t end_of_work() const {
    std::uint64_t frees = 0;
    for (const Frees& entry : last_frees_) frees += entry.count;
    if (frees < least_frees_at_end || frees < (frees + alive_) / 20) return time_.now();
    std::uint64_t seen = 0;
    for (const Frees& entry : last_frees_) {
      seen += entry.count;
      if (20 * seen >= frees) return entry.time;
    }
    return time_.now();
  }
  const WorkingTime& time() const { return time_; }

  std::uint64_t allocations = 0;

 private:
  static constexpr std::uint64_t least_frees_at_end = 10;
  struct Frees {
    std::uint64_t time = 0;
    std::uint64_t count = 0;
  };

  Progress progress_;
  WorkingTime time_;
  std::uint64_t alive_ = 0;
  std::vector<Frees> last_frees_;  ///< since the last allocation
};

/// Which block takes the place of which? One that is allocated by the same stack right after the
/// other is freed (realloc), or shortly before (what is in the old one moves to the new one).
class Replacements {
 public:
  void allocated(const trace::Allocation& block, const Step& now, StackHistory& stack) {
    const bool takes_place = freed_id_ != 0 && freed_stack_ == block.stack;
    if (takes_place) add(now, freed_bytes_, block.bytes, stack);
    if (block.stack >= newest_.size()) newest_.resize(2 * std::size_t{block.stack} + 16);
    newest_[block.stack] = takes_place ? Newest() : Newest{block.id, block.bytes};
    freed_id_ = 0;
  }

  void freed(const LiveObject& block, const Step& now, StackHistory& stack) {
    freed_id_ = 0;
    Newest& newest = newest_[block.stack];
    if (newest.id == block.id) {
      newest = Newest();
    } else if (newest.id != 0) {
      add(now, block.bytes, newest.bytes, stack);
      newest = Newest();
      return;
    }
    freed_id_ = block.id;
    freed_stack_ = block.stack;
    freed_bytes_ = block.bytes;
  }

 private:
  struct Newest {
    trace::ObjectId id = 0;  ///< 0: it took somebody's place already
    std::uint64_t bytes = 0;
  };
  static void add(Step step, std::uint64_t before, std::uint64_t after, StackHistory& stack) {
    step.full_bytes = before;
    step.bytes = after;
    stack.replaced_bytes += static_cast<std::int64_t>(step.bytes - step.full_bytes);
    const std::uint64_t largest = stack.steps.empty() ? 0 : stack.steps.back().bytes;
    const bool is_large = step.full_bytes >= least_full_bytes && step.bytes > largest + largest / 8;
    if (is_large && step.bytes > step.full_bytes) stack.steps.push_back(step);
  }

  static constexpr std::uint64_t least_full_bytes = 256;
  std::vector<Newest> newest_;  ///< by stack
  trace::ObjectId freed_id_ = 0;
  trace::StackId freed_stack_ = 0;
  std::uint64_t freed_bytes_ = 0;
};

/// Second reading.
class Slicer : public trace::RecordingVisitor {
 public:
  Slicer(const std::string& path, const Length& length, bool knows_times, History& history)
      : history_(history), progress_("analysing " + path, size_of_file(path)) {
    const std::uint64_t ticks = knows_times ? length.time().busy_steps() : 0;
    history_.by_time = ticks >= least_ticks;
    if (knows_times && length.time().steps() >= 4) half_time_ = length.end_of_work() / 2;
    const std::uint64_t whole = history_.by_time ? length.end_of_work() : length.allocations;
    const std::uint64_t steps = history_.by_time ? ticks / 2 : length.allocations / 4;
    slices_ = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(steps, 1, most_slices));
    length_ = std::max<std::uint64_t>(1, (whole + slices_ - 1) / slices_);
    history_.slices = slices_ - 1;
    all_allocations_ = static_cast<double>(std::max<std::uint64_t>(1, length.allocations));
  }

  void on_time(std::uint64_t time_ns) override {
    time_.on_time(time_ns);
    if (history_.by_time) advance(time_.worked());
    if (half_time_ == 0 || time_.now() < half_time_) return;
    for (StackHistory& stack : history_.stacks) stack.half_time_bytes = stack.alive_bytes;
    history_.half_time_known = true;
    half_time_ = 0;
  }

  void on_allocation(const trace::Allocation& allocation) override {
    time_.on_allocation();
    if (!history_.by_time && !allocation.adopted) advance(history_.allocations);
    pending_ = nullptr;  // a free that is followed by an allocation may be a realloc
    StackHistory& stack = touch(allocation.stack);
    ++stack.alive_objects;
    stack.alive_bytes += allocation.bytes;
    history_.alive_bytes += allocation.bytes;
    if (!allocation.adopted) {
      ++stack.allocations;
      ++history_.allocations;
      stack.allocated_bytes += allocation.bytes;
      stack.samples.back().allocated += allocation.bytes;
      history_.allocated_bytes += allocation.bytes;
    }
    live_.add({allocation.id, allocation.bytes, allocation.stack, slice_});
    newest_ = allocation.id;
    replacements_.allocated(allocation, now(), stack);
  }

  void on_free(trace::ObjectId id) override {
    time_.on_free();
    settle();
    const LiveObject object = live_.take(id);
    if (object.id == 0) return;
    StackHistory& stack = touch(object.stack);
    ++stack.frees;
    --stack.alive_objects;
    stack.alive_bytes -= object.bytes;
    history_.alive_bytes -= object.bytes;
    if (id == newest_) {
      ++stack.temporary;
      stack.temporary_bytes += object.bytes;
      ++history_.temporary;
    }
    newest_ = 0;
    pending_ = &stack;
    replacements_.freed(object, now(), stack);
  }
  void on_death(trace::ObjectId id) override { on_free(id); }

  void on_memory(const trace::MemorySample& sample) override {
    // What becomes of memory when the program ends is no growth.
    if (sample.rss > 0 && slice_ < history_.slices)
      history_.resident.push_back({sample.rss, history_.alive_bytes});
  }
  void on_block(std::uint64_t offset) override { progress_.update(offset); }

  void finish() {
    settle();
    while (slice_ < history_.slices) end_slice();
    history_.alive_objects = 0;
    for (const StackHistory& stack : history_.stacks) {
      history_.alive_objects += stack.alive_objects;
    }
  }

 private:
  /// The stack's history, with a sample for this slice.
  StackHistory& touch(trace::StackId id) {
    if (id >= history_.stacks.size()) {
      // Growing moves the histories.
      pending_ = nullptr;
      history_.stacks.resize(std::max<std::size_t>(id + 1, 2 * history_.stacks.size()));
    }
    StackHistory& stack = history_.stacks[id];
    if (stack.samples.empty() || stack.samples.back().slice != slice_) {
      stack.samples.push_back({slice_, stack.alive_bytes, stack.alive_bytes, 0, 0});
      touched_.push_back(id);
    }
    return stack;
  }

  /// What was freed and not allocated again at once is the least there was.
  void settle() {
    if (pending_ == nullptr) return;
    SliceSample& sample = pending_->samples.back();
    sample.floor = std::min(sample.floor, pending_->alive_bytes);
    pending_ = nullptr;
  }

  /// A step of now.
  Step now() const {
    const std::uint64_t position = history_.by_time ? time_.worked() : history_.allocations;
    return {.slice = static_cast<double>(position) / static_cast<double>(length_),
            .allocations = static_cast<double>(history_.allocations) / all_allocations_};
  }

  void advance(std::uint64_t position) {
    while (slice_ < history_.slices && position >= (slice_ + 1) * length_) end_slice();
  }

  void end_slice() {
    settle();
    for (const trace::StackId id : touched_) {
      history_.stacks[id].samples.back().alive = history_.stacks[id].alive_bytes;
    }
    touched_.clear();
    history_.alive_by_slice.push_back(static_cast<double>(history_.alive_bytes));
    if (++slice_ == startup_slices(history_.slices)) end_of_startup();
    if (slice_ == history_.slices) end_of_work();
  }

  void end_of_startup() {
    for (StackHistory& stack : history_.stacks) stack.start_objects = stack.alive_objects;
  }

  /// What is alive now is what the program kept while it worked.
  void end_of_work() {
    for (StackHistory& stack : history_.stacks) {
      stack.working_bytes = stack.alive_bytes;
      stack.working_objects = stack.alive_objects;
      stack.working_frees = stack.frees;
    }
    history_.working_bytes = history_.alive_bytes;
    live_.for_each([&](const LiveObject& object) {
      auto& samples = history_.stacks[object.stack].samples;
      const auto sample = std::lower_bound(
          samples.begin(), samples.end(), object.slice,
          [](const SliceSample& entry, std::uint32_t slice) { return entry.slice < slice; });
      sample->kept += object.bytes;
    });
  }

  History& history_;
  Progress progress_;
  LiveObjects live_;
  WorkingTime time_;
  std::vector<trace::StackId> touched_;  ///< in this slice
  Replacements replacements_;
  StackHistory* pending_ = nullptr;
  trace::ObjectId newest_ = 0;
  double all_allocations_ = 1;   ///< of the recording
  std::uint64_t length_ = 1;     ///< of a slice
  std::uint64_t half_time_ = 0;  ///< until it has come
  std::uint32_t slices_ = 1;
  std::uint32_t slice_ = 0;
};

}  // namespace

std::size_t startup_slices(std::size_t slices) { return std::max<std::size_t>(1, slices / 8); }

std::vector<double> History::floors(const std::vector<trace::StackId>& chosen) const {
  std::vector<double> result(slices, 0);
  for (const trace::StackId id : chosen) {
    double alive = 0;
    auto sample = stacks[id].samples.begin();
    for (std::uint32_t slice = 0; slice < slices; ++slice) {
      if (sample != stacks[id].samples.end() && sample->slice == slice) {
        result[slice] += static_cast<double>(sample->floor);
        alive = static_cast<double>(sample->alive);
        ++sample;
      } else {
        result[slice] += alive;
      }
    }
  }
  return result;
}

std::vector<double> History::kept_shares(const std::vector<trace::StackId>& chosen) const {
  std::vector<double> allocated(slices, 0);
  std::vector<double> kept(slices, 0);
  for (const trace::StackId id : chosen) {
    for (const SliceSample& sample : stacks[id].samples) {
      if (sample.slice >= slices) continue;
      allocated[sample.slice] += static_cast<double>(sample.allocated);
      kept[sample.slice] += static_cast<double>(sample.kept);
    }
  }
  for (std::size_t i = 0; i < kept.size(); ++i) {
    kept[i] = allocated[i] > 0 ? kept[i] / allocated[i] : -1;
  }
  return kept;
}

History read_history(trace::RecordingSource& source) {
  Length length(source.path());
  source.read(length);
  History history;
  Slicer slicer(source.path(), length, source.knowledge().times, history);
  history.extent = source.read(slicer);
  slicer.finish();
  return history;
}

}  // namespace heaplab::leakcheck::native
