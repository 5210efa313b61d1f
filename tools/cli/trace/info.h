// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "heaplab/trace/allocation_summary.h"
#include "heaplab/trace/sampling.h"
#include "trace.h"

// `heaplab trace info`: what is counted, and how it is shown.

namespace heaplab::cli {

struct InfoTotal {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
};

/// Counts everything, by type and stack what is allocated: of a sample, what it stands for.
class InfoCounter : public trace::RecordingVisitor {
 public:
  explicit InfoCounter(const trace::RecordingSource& source)
      : source_(source), bar_(source.path()) {}
  void on_allocation(const trace::Allocation& a) override {
    if (a.adopted) {
      ++adopted;
      return;
    }
    // Our recordings say first of all whether they are samples.
    if (allocations == 0) scale_ = trace::SampleScale(source_.knowledge().sampling_bytes);
    ++allocations;
    bytes += a.bytes;
    const std::uint64_t count = scale_.count(a.bytes);
    add(types, a.type, count, count * a.bytes);
    add(stacks, a.stack, count, count * a.bytes);
  }
  void on_write(const trace::PointerWrite&) override { ++writes; }
  void on_initial_edges(trace::ObjectId, std::span<const trace::InitialEdge> e) override {
    initial_edges += e.size();
  }
  void on_death(trace::ObjectId) override { ++deaths; }
  void on_free(trace::ObjectId) override { ++frees; }
  void on_roots(const trace::RootChange& r) override {
    root_changes += r.removed.size() + r.added.size();
  }
  void on_last_use(const trace::LastUse&) override { ++last_uses; }
  void on_thread(trace::ThreadId thread) override {
    if (thread >= seen_threads.size()) seen_threads.resize(thread + 1);
    seen_threads[thread] = true;
  }
  void on_skipped(std::uint64_t objects, std::uint64_t bytes_skipped) override {
    skipped.count += objects;
    skipped.bytes += bytes_skipped;
  }
  void on_profile(std::uint64_t time, std::span<const trace::ProfileEntry> entries) override {
    ++profiles;
    profile.assign(entries.begin(), entries.end());
    seen(time);
  }
  void on_attachment(const trace::Attachment& a) override {
    attachments.push_back(a);
    seen(a.time_ns);
  }
  void on_collection(const trace::Collection& c) override {
    ++(c.major ? majors : minors);
    longest_pause_ns = std::max(longest_pause_ns, c.pause_ns);
    total_pause_ns += c.pause_ns;
    seen(c.start_ns + c.pause_ns);
  }
  void on_memory(const trace::MemorySample& m) override {
    ++samples;
    peak_rss = std::max(peak_rss, m.rss);
    seen(m.time_ns);
  }
  void on_marker(const trace::Marker& m) override {
    ++markers;
    seen(m.time_ns);
  }
  bool on_checkpoint_begin(const trace::CheckpointBegin& b) override {
    ++checkpoints[std::string(trace::to_string(b.reason))];
    seen(b.time_ns);
    return false;
  }
  void on_checkpoint_end(const trace::CheckpointEnd& e) override { last = e; }
  void on_time(std::uint64_t time) override { seen(time); }
  void on_block(std::uint64_t offset) override { bar_(offset); }

  /// What the aim of four bytes an event counts.
  std::uint64_t events() const {
    return allocations + adopted + initial_edges + writes + root_changes + deaths + frees;
  }
  std::uint64_t profiled_bytes() const {
    std::uint64_t total = 0;
    for (const trace::ProfileEntry& entry : profile) total += entry.bytes;
    return total;
  }
  /// What is alive is all it knows, by call stack.
  bool has_only_profiles() const { return profiles != 0 && allocations == 0 && adopted == 0; }
  std::uint64_t checkpoint_count() const {
    std::uint64_t total = 0;
    for (const auto& [reason, count] : checkpoints) total += count;
    return total;
  }
  std::uint64_t thread_count() const {
    return std::max<std::uint64_t>(
        1, static_cast<std::uint64_t>(std::count(seen_threads.begin(), seen_threads.end(), true)));
  }

  std::uint64_t allocations = 0, adopted = 0, bytes = 0, initial_edges = 0, writes = 0;
  std::uint64_t deaths = 0, frees = 0, root_changes = 0, last_uses = 0, profiles = 0;
  std::uint64_t minors = 0, majors = 0, longest_pause_ns = 0, total_pause_ns = 0;
  std::uint64_t samples = 0, peak_rss = 0, markers = 0;
  std::uint64_t first_ns = ~std::uint64_t{0}, end_ns = 0;
  InfoTotal skipped;
  std::vector<trace::ProfileEntry> profile;  ///< the last
  std::map<std::string, std::uint64_t> checkpoints;
  std::vector<trace::Attachment> attachments;
  std::vector<bool> seen_threads;
  trace::CheckpointEnd last;
  std::vector<InfoTotal> types, stacks;

 private:
  static void add(std::vector<InfoTotal>& totals, std::uint32_t key, std::uint64_t count,
                  std::uint64_t size) {
    if (key >= totals.size()) totals.resize(std::max<std::size_t>(key + 1, 2 * totals.size()));
    totals[key].count += count;
    totals[key].bytes += size;
  }
  void seen(std::uint64_t time) {
    first_ns = std::min(first_ns, time);
    end_ns = std::max(end_ns, time);
  }
  const trace::RecordingSource& source_;
  trace::SampleScale scale_;
  ReadingBar bar_;
};

struct InfoGroup {
  std::string name;
  InfoTotal total;
};

struct InfoReport {
  const trace::RecordingSource& source;
  const trace::Extent& extent;
  const InfoCounter& counter;
  const Part& part;
  std::vector<InfoGroup> types, sites;
  std::vector<InfoGroup> profile_sites;  ///< what is alive by the last profile
  /// Of heaptrack's files, read as a whole.
  std::optional<trace::AllocationSummary> native;
};

void print_info_text(const InfoReport& report);
void print_info_json(const InfoReport& report);

}  // namespace heaplab::cli
