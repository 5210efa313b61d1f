// SPDX-License-Identifier: MIT
// Readers push what they read, and a merge wants to pull. So each reader has a thread, and there is
// one baton: only its holder reads and writes. Whoever comes to a record with a time hands the
// baton to the reader whose time is the earliest. The order is the same in every run.
#include "heaplab/trace/merge.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <limits>
#include <map>
#include <mutex>
#include <thread>

#include "heaplab/trace/copy.h"

namespace heaplab::trace {
namespace {

/// Ends a reader's thread when another has failed.
struct Abandoned {};

class Baton {
 public:
  explicit Baton(std::size_t readers) : times_(readers, 0) {}

  void wait_for_turn(std::size_t reader) {
    std::unique_lock lock(mutex_);
    wait(lock, reader);
  }
  void hand_on(std::size_t reader, std::uint64_t time) {
    std::unique_lock lock(mutex_);
    times_[reader] = std::max(times_[reader], time);
    choose();
    if (holder_ != reader) wait(lock, reader);
  }
  void finish(std::size_t reader, std::exception_ptr error) {
    const std::lock_guard lock(mutex_);
    times_[reader] = std::numeric_limits<std::uint64_t>::max();
    if (error && !error_) error_ = error;
    choose();
    changed_.notify_all();
  }
  const std::exception_ptr& error() const { return error_; }

 private:
  void choose() {
    const auto earliest = std::min_element(times_.begin(), times_.end());
    holder_ = static_cast<std::size_t>(earliest - times_.begin());
  }
  void wait(std::unique_lock<std::mutex>& lock, std::size_t reader) {
    changed_.notify_all();
    changed_.wait(lock, [&] { return holder_ == reader || error_; });
    if (error_) throw Abandoned();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::uint64_t> times_;
  std::size_t holder_ = 0;
  std::exception_ptr error_;
};

/// What the readers share; only the baton's holder touches it.
struct Shared {
  RecordingWriter& writer;
  bool checkpoints;
  const std::function<void(std::size_t, std::uint64_t)>& progress;
  ThreadId thread = 0;  ///< of the last record
  std::uint64_t checkpoint_count = 0;
  std::uint64_t left_out = 0;  ///< checkpoints
};

class MergeCopier : public RecordingCopier {
 public:
  MergeCopier(const MergeInput& input, std::size_t number, Shared& shared, Baton& baton)
      : RecordingCopier(*input.source, shared.writer),
        name_(input.name),
        number_(number),
        shared_(shared),
        baton_(baton) {}

  /// What one of them knows is not what all know.
  void copy_info() override {}

  void on_block(std::uint64_t offset) override {
    if (shared_.progress) shared_.progress(number_, offset);
  }

  ThreadId thread(ThreadId id) override {
    if (id >= threads_.size()) threads_.resize(id + 1);
    if (threads_[id] == 0) {
      const Tables& tables = source().tables();
      const std::string& own = tables.text(tables.threads[id].name);
      const std::string& heap = tables.text(tables.threads[id].heap);
      threads_[id] = shared_.writer.thread(own.empty() ? name_ : name_ + ": " + own,
                                           heap.empty() ? name_ : name_ + ": " + heap);
    }
    return threads_[id];
  }
  /// \pre This reader has the baton.
  void resume() {
    const ThreadId mine = thread(current_);
    if (shared_.thread == mine) return;
    shared_.thread = mine;
    shared_.writer.switch_thread(mine);
  }
  void on_thread(ThreadId id) override {
    flush_deaths();
    current_ = id;
    resume();
  }
  void on_profile(std::uint64_t time_ns, std::span<const ProfileEntry> entries) override {
    give_way(time_ns);
    RecordingCopier::on_profile(time_ns, entries);
  }
  void on_attachment(const Attachment& a) override {
    give_way(a.time_ns);
    RecordingCopier::on_attachment(a);
  }
  void on_collection(const Collection& c) override {
    give_way(c.start_ns + c.pause_ns);
    RecordingCopier::on_collection(c);
  }
  void on_memory(const MemorySample& m) override {
    give_way(m.time_ns);
    RecordingCopier::on_memory(m);
  }
  void on_marker(const Marker& m) override {
    give_way(m.time_ns);
    RecordingCopier::on_marker(m);
  }
  void on_time(std::uint64_t time_ns) override {
    give_way(time_ns);
    RecordingCopier::on_time(time_ns);
  }
  bool on_checkpoint_begin(const CheckpointBegin& b) override {
    give_way(b.time_ns);
    if (!shared_.checkpoints) {
      ++shared_.left_out;
      return false;
    }
    return begin_checkpoint(b, ++shared_.checkpoint_count);
  }
  void on_checkpoint_end(const CheckpointEnd& e) override {
    if (shared_.checkpoints) RecordingCopier::on_checkpoint_end(e);
  }

 private:
  void give_way(std::uint64_t time_ns) {
    // Two checkpoints cannot be open at once.
    if (in_checkpoint()) return;
    flush_deaths();
    baton_.hand_on(number_, time_ns);
    resume();
  }

  std::string name_;
  std::size_t number_;
  Shared& shared_;
  Baton& baton_;
  ThreadId current_ = 0;
  std::vector<ThreadId> threads_;
};

/// "" if one of them does not have it, or they differ.
std::string common_info(std::span<const MergeInput> inputs, const std::string& key) {
  const std::string value = inputs.front().source->info(key);
  for (const MergeInput& input : inputs) {
    if (input.source->info(key) != value) return {};
  }
  return value;
}

/// A caveat of one is a caveat of all.
std::string any_info(std::span<const MergeInput> inputs, const std::string& key) {
  for (const MergeInput& input : inputs) {
    if (const std::string value = input.source->info(key); !value.empty()) return value;
  }
  return {};
}

using Info = std::map<std::string, std::string>;

Knowledge common_knowledge(std::span<const MergeInput> inputs) {
  Knowledge all = inputs.front().source->knowledge();
  for (const MergeInput& input : inputs) {
    const Knowledge one = input.source->knowledge();
    all.identity = all.identity && one.identity;
    all.times = all.times && one.times;
    all.deaths = std::min(all.deaths, one.deaths);
    const bool rooted = all.root_granularity != 0 && one.root_granularity != 0;
    all.root_granularity = rooted ? std::max(all.root_granularity, one.root_granularity) : 0;
  }
  return all;
}

std::string name_of(Deaths deaths) {
  if (deaths == Deaths::exact) return "exact";
  return deaths == Deaths::collections ? "collections" : "";
}

/// What all of them know, the merged recording knows.
Info common_infos(std::span<const MergeInput> inputs) {
  Info result;
  for (const auto& [key, value] : inputs.front().source->info()) {
    if (!common_info(inputs, key).empty()) result[key] = value;
  }
  const Knowledge all = common_knowledge(inputs);
  result["identity"] = all.identity ? "" : "lost";
  result["times"] = all.times ? "" : "none";
  result["deaths"] = name_of(all.deaths);
  result["roots"] = all.root_granularity == 0 ? "" : std::to_string(all.root_granularity);
  for (const char* key : {"death times", "cut off", "checkpoints lost"})
    result[key] = any_info(inputs, key);
  const bool all_tell_accesses =
      std::all_of(inputs.begin(), inputs.end(),
                  [](const MergeInput& input) { return !input.source->info("accesses").empty(); });
  if (all_tell_accesses) result.try_emplace("accesses", "writes");
  std::string& names = result["merged"];
  for (const MergeInput& input : inputs) names += (names.empty() ? "" : ", ") + input.name;
  std::erase_if(result, [](const auto& entry) { return entry.second.empty(); });
  return result;
}

/// Writes what is new, and takes back what turned out not to be known by all.
void write_infos(const Info& infos, Info& written, RecordingWriter& writer) {
  for (const auto& [key, value] : infos) {
    if (const auto known = written.find(key); known != written.end() && known->second == value) {
      continue;
    }
    writer.info(key, value);
  }
  for (const auto& [key, value] : written) {
    if (!infos.contains(key)) writer.info(key, "unknown");
  }
  written = infos;
}

/// Sums of a sample are scaled, those of a full recording are not: they cannot be added up.
void refuse_unlike_samples(std::span<const MergeInput> inputs) {
  const MergeInput& first = inputs.front();
  const auto words = [](const MergeInput& input) {
    const std::uint64_t bytes = input.source->knowledge().sampling_bytes;
    return bytes == 0 ? std::string("has every allocation")
                      : "is a sample of one allocation in " + std::to_string(bytes) + " bytes";
  };
  for (const MergeInput& input : inputs) {
    if (words(input) == words(first)) continue;
    throw InputError(input.source->path(), "it " + words(input) + ", and " + first.source->path() +
                                               " " + words(first) +
                                               ": merged, their sums could not be scaled");
  }
}

}  // namespace

std::vector<Extent> merge_recordings(
    std::span<MergeInput> inputs, RecordingWriter& writer, bool checkpoints,
    const std::function<void(std::size_t, std::uint64_t)>& progress) {
  std::vector<Extent> extents(inputs.size());
  if (inputs.empty()) return extents;
  for (const MergeInput& input : inputs) input.source->learn();
  refuse_unlike_samples(inputs);
  Info written;
  write_infos(common_infos(inputs), written, writer);  // before the events: readers go by it
  Baton baton(inputs.size());
  Shared shared{writer, checkpoints, progress};
  const auto read = [&](std::size_t i) {
    std::exception_ptr error;
    try {
      baton.wait_for_turn(i);
      MergeCopier copier(inputs[i], i, shared, baton);
      copier.resume();
      extents[i] = inputs[i].source->read(copier);
      copier.flush_deaths();
      copier.close_checkpoint();
    } catch (const Abandoned&) {
    } catch (...) {
      error = std::current_exception();
    }
    baton.finish(i, error);
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < inputs.size(); ++i) threads.emplace_back(read, i);
  for (std::thread& thread : threads) thread.join();
  if (baton.error()) std::rethrow_exception(baton.error());
  refuse_unlike_samples(inputs);
  Info infos = common_infos(inputs);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!extents[i].complete) infos["cut off"] = inputs[i].name + ": " + extents[i].note;
  }
  if (shared.left_out != 0) infos["checkpoints lost"] = std::to_string(shared.left_out);
  write_infos(infos, written, writer);
  return extents;
}

}  // namespace heaplab::trace
