// SPDX-License-Identifier: MIT
// Walks of the live heap for tools: for_each_live, census, the out-of-memory report.
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "heaplab/heap/heap.h"
#include "heaplab/heap/verify.h"
#include "heaplab/heap/visit.h"

namespace heaplab {
namespace {

// Breadth-first over strong slots; ephemeron values are followed once their key was reached.
class LiveWalk final : public RootVisitor {
 public:
  explicit LiveWalk(Heap& heap) : heap_(heap) {
    const HeapMemory& memory = heap.collector().memory();
    seen_.reserve(memory.base(), memory.bytes());
  }

  void run(const std::function<void(Object*)>& visit) {
    heap_.visit_roots(*this);
    std::size_t next = 0;
    do {
      for (; next < queue_.size(); ++next) {
        Object* object = decompress(queue_[next]);
        visit(object);
        visit_slots(object, heap_.layout(object->type_id()), *this);
      }
    } while (follow_ephemerons());
  }

  void object(Object** slot) override { reach(*slot); }
  void words(std::uint64_t* begin, std::uint64_t* end) override {
    for (; begin != end; ++begin) word(begin);
  }
  void ref(RefBits* slot) { reach(decompress(*slot)); }
  void word(std::uint64_t* slot) {
    if (Word::is_reference(*slot)) reach(Word(*slot).object());
  }
  void weak_part(Object* object) {
    if (heap_.layout(object->type_id()).elements == ElementKind::ephemeron_words) {
      tables_.push_back(object);
    }
  }

 private:
  struct Ephemerons {
    LiveWalk& walk;
    void weak_ref(RefBits*) {}
    void weak_word(std::uint64_t*) {}
    void ephemeron(std::uint64_t* key, std::uint64_t* value) {
      if (!Word::is_reference(*key) || walk.seen_.test(Word(*key).object())) walk.word(value);
    }
  };

  bool follow_ephemerons() {
    const std::size_t before = queue_.size();
    Ephemerons visitor{*this};
    for (Object* table : tables_) visit_weak_slots(table, heap_.layout(table->type_id()), visitor);
    return queue_.size() != before;
  }
  void reach(Object* object) {
    if (object && seen_.test_and_set(object)) queue_.push_back(compress(object));
  }

  Heap& heap_;
  SideBitmap seen_;
  std::vector<RefBits> queue_;
  std::vector<Object*> tables_;
};

double mib(std::uint64_t bytes) { return static_cast<double>(bytes) / static_cast<double>(MiB); }

}  // namespace

void Heap::for_each_live(const std::function<void(Object*)>& visit) { LiveWalk(*this).run(visit); }

std::vector<TypeCensus> Heap::census() {
  std::vector<TypeCensus> rows(descriptors_.size());
  for_each_live([&](Object* object) {
    TypeCensus& row = rows[object->type_id()];
    ++row.count;
    row.bytes += object_bytes(*object);
  });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].type = static_cast<TypeId>(i);
    rows[i].name = descriptors_[i]->name;
  }
  std::erase_if(rows, [](const TypeCensus& row) { return row.count == 0; });
  std::sort(rows.begin(), rows.end(),
            [](const TypeCensus& a, const TypeCensus& b) { return a.bytes > b.bytes; });
  return rows;
}

std::vector<std::string> Heap::verify() {
  std::vector<std::string> messages;
  for (Finding& finding : verify_heap(*this).findings) messages.push_back(finding.message);
  return messages;
}

void Heap::throw_out_of_memory(std::size_t requested_bytes) {
  notify_limit({LimitEvent::Kind::out_of_memory, collector_->hard_limit(), requested_bytes});
  const std::vector<TypeCensus> rows = census();
  std::uint64_t alive = 0;
  for (const TypeCensus& row : rows) alive += row.bytes;
  // Objects can be alive beyond the limit: it is looked at between collections, and what is young
  // does not count until it is promoted.
  std::string report = fmt::format(
      "heap out of memory: {} bytes requested, {:.1f} MB of objects alive, limit {:.1f} MB "
      "(raise it with --max-old-space-size)\n",
      requested_bytes, mib(alive), mib(collector_->hard_limit()));
  report += "last collections:\n";
  for (const CollectionEvent& event : last_collections_) {
    report += fmt::format(
        "  #{:<5} {:<16} {:>8.1f} -> {:>8.1f} MB  {:>7.2f} ms  {}\n", event.number, event.collector,
        mib(event.before.used), mib(event.after.used),
        static_cast<double>(event.end_ns - event.start_ns) / 1e6, to_string(event.reason));
  }
  report += "largest types:\n";
  for (std::size_t i = 0; i < rows.size() && i < 8; ++i) {
    report += fmt::format("  {:<24} {:>10} objects {:>10.1f} MB\n", rows[i].name, rows[i].count,
                          mib(rows[i].bytes));
  }
  throw OutOfMemory(std::move(report));
}

}  // namespace heaplab
