// SPDX-License-Identifier: MIT
#include "heaplab/trace/cut.h"

#include <algorithm>

#include "heaplab/trace/copy.h"
#include "live_objects.h"
#include "range_visitor.h"

namespace heaplab::trace {
namespace {

/// Copies the part. What counted as a root at its start because no record had said otherwise yet
/// was made a root; the next root record takes that back.
class PartCopier : public RecordingCopier {
 public:
  PartCopier(const RecordingSource& source, RecordingWriter& writer,
             const std::function<void(std::uint64_t)>& progress)
      : RecordingCopier(source, writer), progress_(progress) {}

  void add_provisional(ThreadId thread, ObjectId id) { provisional_[thread].insert(id); }

  void on_thread(ThreadId thread) override {
    thread_ = thread;
    RecordingCopier::on_thread(thread);
  }
  void on_roots(const RootChange& change) override {
    const auto found = provisional_.find(thread_);
    if (found == provisional_.end()) return RecordingCopier::on_roots(change);
    std::vector<ObjectId> removed(change.removed.begin(), change.removed.end());
    std::vector<ObjectId> added;
    for (const ObjectId id : change.added) {
      if (found->second.erase(id) == 0) added.push_back(id);
    }
    removed.insert(removed.end(), found->second.begin(), found->second.end());
    std::sort(removed.begin(), removed.end());
    provisional_.erase(found);
    RecordingCopier::on_roots({removed, added});
  }
  void on_skipped(std::uint64_t objects, std::uint64_t bytes) override {
    skipped_bytes_ += bytes;
    RecordingCopier::on_skipped(objects, bytes);
  }
  void on_block(std::uint64_t offset) override {
    if (progress_) progress_(offset);
  }
  std::uint64_t skipped_bytes() const { return skipped_bytes_; }

 private:
  const std::function<void(std::uint64_t)>& progress_;
  ThreadId thread_ = 0;
  std::uint64_t skipped_bytes_ = 0;
  std::map<ThreadId, std::unordered_set<ObjectId>> provisional_;
};

class Cutter : public RangeVisitor {
 public:
  Cutter(PartCopier& copier, RecordingWriter& writer, const Range& range)
      : RangeVisitor(copier, range, &live_), copier_(copier), writer_(writer) {}

  std::uint64_t adopted() const { return adopted_; }
  void write_start();

 protected:
  void on_start() override { write_start(); }

 private:
  void write_roots(ThreadId thread, const LiveRoots& roots);

  LiveObjects live_;
  PartCopier& copier_;
  RecordingWriter& writer_;
  std::uint64_t adopted_ = 0;
};

void Cutter::write_start() {
  copier_.copy_info();
  std::vector<ObjectId> ids;
  for (const auto& object : live_.objects()) ids.push_back(object.first);
  std::sort(ids.begin(), ids.end());
  adopted_ = ids.size();
  for (const ObjectId id : ids) {
    const LiveObject& object = *live_.find(id);
    const ObjectId adopted = writer_.allocation(copier_.type(object.type), object.bytes,
                                                copier_.stack(object.stack), true);
    copier_.numbers().add_older(id, adopted);
  }
  std::vector<InitialEdge> edges;
  for (const ObjectId id : ids) {
    edges.clear();
    for (const auto& [code, value] : live_.find(id)->slots) {
      if (value != 0) edges.push_back({slot_of(code), value});
    }
    if (!edges.empty()) copier_.on_initial_edges(id, edges);
  }
  for (const auto& [thread, roots] : live_.roots()) write_roots(thread, roots);
  if (!live_.roots().empty()) writer_.switch_thread(0);
  live_ = {};
}

void Cutter::write_roots(ThreadId thread, const LiveRoots& roots) {
  std::vector<ObjectId> added(roots.set.begin(), roots.set.end());
  for (const ObjectId id : roots.fresh) {
    if (roots.set.contains(id) || live_.find(id) == nullptr) continue;
    copier_.add_provisional(thread, id);
    added.push_back(id);
  }
  std::sort(added.begin(), added.end());
  added.erase(std::unique(added.begin(), added.end()), added.end());
  writer_.switch_thread(copier_.thread(thread));
  std::vector<ObjectId> mapped;
  for (const ObjectId id : added) {
    if (const ObjectId number = copier_.numbers().object(id)) mapped.push_back(number);
  }
  writer_.roots({}, mapped);
}

}  // namespace

CutResult cut_recording(RecordingSource& source, RecordingWriter& writer, const Range& range,
                        const std::function<void(std::uint64_t)>& progress) {
  PartCopier copier(source, writer, progress);
  Cutter cutter(copier, writer, range);
  CutResult result;
  result.extent = source.read(cutter);
  result.extent.time_ns = cutter.time_ns();
  copier.copy_info();
  copier.flush_deaths();
  result.adopted = cutter.adopted();
  result.objects = writer.last_id() - result.adopted;
  result.bytes = writer.clock() - copier.skipped_bytes();
  return result;
}

}  // namespace heaplab::trace
