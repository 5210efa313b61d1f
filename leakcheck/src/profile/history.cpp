// SPDX-License-Identifier: MIT
#include "profile/history.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <unordered_map>

#include "heaplab/support/error.h"
#include "heaplab/support/progress.h"

namespace heaplab::leakcheck::profile {
namespace {

/// Stacks to follow at most. Others count for the nearest caller that is followed.
constexpr std::size_t max_nodes = std::size_t{1} << 19;
constexpr std::size_t most_heaps = 1024;

std::uint64_t size_of_file(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  return error ? 0 : size;
}

class Survey : public HeapVisitor {
 public:
  explicit Survey(const trace::RecordingSource& source)
      : HeapVisitor(source), progress_("reading " + source.path(), size_of_file(source.path())) {}

  void on_profile(std::uint64_t time_ns, std::span<const trace::ProfileEntry>) override {
    Facts& facts = of_heap();
    facts.profile_times.push_back(time_ns);
    facts.end_ns = std::max(facts.end_ns, time_ns);
  }
  void on_attachment(const trace::Attachment& attachment) override {
    const trace::Tables& tables = source_.tables();
    if (tables.text(attachment.kind) != "heapsnapshot") return;
    const std::filesystem::path name(tables.text(attachment.path));
    // A recording from a stranger must not make us read files elsewhere.
    if (name.empty() || name != name.filename()) return;
    const auto path = std::filesystem::path(source_.path()).parent_path() / name;
    std::error_code error;
    if (std::filesystem::is_regular_file(path, error)) {
      of_heap().snapshots.push_back(path.string());
    } else {
      ++of_heap().missing_snapshots;
    }
  }
  void on_collection(const trace::Collection&) override { ++of_heap().collections; }
  void on_memory(const trace::MemorySample& sample) override {
    Facts& facts = of_heap();
    if (!facts.has_memory) facts.first_array_buffers = sample.array_buffers;
    facts.has_memory = true;
    facts.last_array_buffers = sample.array_buffers;
    facts.end_ns = std::max(facts.end_ns, sample.time_ns);
  }
  void on_block(std::uint64_t offset) override { progress_.update(offset); }

  std::vector<Facts> take(const trace::Extent& extent) {
    std::erase_if(heaps_, [](const Facts& facts) { return facts.empty(); });
    for (Facts& facts : heaps_) facts.extent = extent;
    return std::move(heaps_);
  }

 private:
  Facts& of_heap() {
    const auto known = std::find_if(heaps_.begin(), heaps_.end(),
                                    [&](const Facts& facts) { return facts.heap == heap_; });
    if (known != heaps_.end()) return *known;
    if (heaps_.size() >= most_heaps) {
      throw InputError(source_.path(), "more heaps than " + std::to_string(most_heaps));
    }
    heaps_.emplace_back();
    heaps_.back().heap = heap_;
    return heaps_.back();
  }

  Progress progress_;
  std::vector<Facts> heaps_;
};

/// Numbers of profiles, the last one included, spread evenly over the time.
std::vector<std::size_t> spread(const std::vector<std::uint64_t>& times, std::size_t count) {
  std::vector<std::size_t> chosen;
  const std::size_t last = times.size() - 1;
  const double first = static_cast<double>(times.front());
  const double span = static_cast<double>(times.back()) - first;
  for (std::size_t i = 0; i < last; ++i) {
    const double due = span * static_cast<double>(chosen.size()) / static_cast<double>(count - 1);
    const bool all = times.size() <= count;
    if (all || (static_cast<double>(times[i]) - first >= due && chosen.size() + 1 < count)) {
      chosen.push_back(i);
    }
  }
  chosen.push_back(last);
  return chosen;
}

/// The stacks of the last profile and their callers: what holds nothing in the end leaks nothing.
class Choice : public HeapVisitor {
 public:
  Choice(const trace::RecordingSource& source, HeapId heap, std::size_t profile)
      : HeapVisitor(source), chosen_heap_(heap), profile_(profile) {}
  void on_profile(std::uint64_t, std::span<const trace::ProfileEntry> entries) override {
    if (heap_ != chosen_heap_) return;
    if (seen_++ == profile_) last_.assign(entries.begin(), entries.end());
  }
  /// Sorted, callers first: a caller's number is less than those of what it calls.
  std::vector<trace::StackId> stacks(const trace::Tables& tables) {
    std::sort(last_.begin(), last_.end(),
              [](const auto& a, const auto& b) { return a.bytes > b.bytes; });
    std::unordered_map<trace::StackId, bool> known;
    for (const trace::ProfileEntry& entry : last_) {
      for (trace::StackId stack = entry.stack; stack != 0 && known.size() < max_nodes;
           stack = tables.stacks[stack].parent) {
        if (!known.emplace(stack, true).second) break;
      }
    }
    std::vector<trace::StackId> result;
    for (const auto& [stack, is_known] : known) result.push_back(stack);
    std::sort(result.begin(), result.end());
    return result;
  }

 private:
  HeapId chosen_heap_;
  std::size_t profile_;
  std::size_t seen_ = 0;
  std::vector<trace::ProfileEntry> last_;
};

class Loader : public HeapVisitor {
 public:
  Loader(const trace::RecordingSource& source, HeapId heap, const std::vector<std::size_t>& chosen,
         History& history)
      : HeapVisitor(source), chosen_heap_(heap), chosen_(chosen), history_(history) {
    for (std::uint32_t i = 0; i < history.nodes.size(); ++i) index_[history.nodes[i].stack] = i;
  }

  void on_profile(std::uint64_t time_ns, std::span<const trace::ProfileEntry> entries) override {
    if (heap_ != chosen_heap_) return;
    if (!std::binary_search(chosen_.begin(), chosen_.end(), seen_++)) return;
    const std::size_t round = history_.seconds.size();
    history_.seconds.push_back(static_cast<double>(time_ns) / 1e9);
    double total = 0;
    for (const trace::ProfileEntry& entry : entries) {
      total += static_cast<double>(entry.bytes);
      trace::StackId stack = entry.stack;
      auto at = index_.find(stack);
      while (stack != 0 && at == index_.end()) {
        stack = source_.tables().stacks[stack].parent;
        at = index_.find(stack);
      }
      if (stack == 0) continue;
      history_.nodes[at->second].bytes[round] += static_cast<float>(entry.bytes);
    }
    history_.totals.push_back(total);
  }

 private:
  HeapId chosen_heap_;
  const std::vector<std::size_t>& chosen_;
  History& history_;
  std::unordered_map<trace::StackId, std::uint32_t> index_;
  std::size_t seen_ = 0;
};

void add_nodes(const std::vector<trace::StackId>& stacks, const trace::Tables& tables,
               std::size_t rounds, History& history) {
  history.nodes.reserve(stacks.size());
  for (const trace::StackId stack : stacks) {
    Node node;
    node.stack = stack;
    node.bytes.assign(rounds, 0);
    const auto own = static_cast<std::uint32_t>(history.nodes.size());
    const trace::StackId parent = tables.stacks[stack].parent;
    const auto at = std::lower_bound(stacks.begin(), stacks.end(), parent);
    const bool has_caller = parent != 0 && at != stacks.end() && *at == parent;
    node.parent = has_caller ? static_cast<std::uint32_t>(at - stacks.begin()) : own;
    history.nodes.push_back(std::move(node));
  }
}

}  // namespace

std::vector<Facts> survey(trace::RecordingSource& source) {
  Survey visitor(source);
  const trace::Extent extent = source.read(visitor);
  return visitor.take(extent);
}

History load(trace::RecordingSource& source, const Facts& facts, std::size_t max_rounds) {
  History history;
  if (facts.profile_times.empty()) return history;
  const std::vector<std::size_t> chosen =
      spread(facts.profile_times, std::max<std::size_t>(max_rounds, 2));
  Choice choice(source, facts.heap, chosen.back());
  source.read(choice);
  add_nodes(choice.stacks(source.tables()), source.tables(), chosen.size(), history);
  Loader loader(source, facts.heap, chosen, history);
  source.read(loader);
  return history;
}

}  // namespace heaplab::leakcheck::profile
