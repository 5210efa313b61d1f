// SPDX-License-Identifier: MIT
#include "memory_log.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "heaplab/support/chart.h"
#include "heaplab/support/error.h"
#include "heaplab/support/format.h"

namespace heaplab::cli {
namespace {

std::uint64_t resident_bytes() {
  std::FILE* file = std::fopen("/proc/self/statm", "re");
  if (file == nullptr) return 0;
  unsigned long long total = 0, resident = 0;
  const int fields = std::fscanf(file, "%llu %llu", &total, &resident);
  std::fclose(file);
  return fields == 2 ? resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

std::string collection_fields(const CollectionEvent* collection) {
  if (collection == nullptr) return {};
  return fmt::format(R"(,"kind":"{}","collector":"{}","reason":"{}")", to_string(collection->kind),
                     collection->collector, to_string(collection->reason));
}

}  // namespace

MemoryUsage memory_usage(const Heap& heap) {
  const HeapSizes sizes = heap.sizes();
  return {resident_bytes(), sizes.committed, sizes.used, sizes.external, sizes.external};
}

MemoryLog::MemoryLog(Heap& heap) : heap_(heap) { heap.add_listener(this); }
MemoryLog::~MemoryLog() { heap_.remove_listener(this); }

void MemoryLog::sample(std::string_view event, const CollectionEvent* collection) {
  if (sinks_.empty()) return;
  const MemoryUsage usage = memory_usage(heap_);
  const std::uint64_t now = heap_.now_ns();
  for (const Sink& sink : sinks_) sink(usage, now, event, collection);
}

void MemoryLog::on_collection_start(const Heap&, const CollectionEvent& event) {
  sample("before-gc", &event);
}
void MemoryLog::on_collection_end(const Heap&, const CollectionEvent& event) {
  sample("after-gc", &event);
}

MemoryLog::Sink json_lines_sink(const std::string& path) {
  std::shared_ptr<std::FILE> file(std::fopen(path.c_str(), "we"), [](std::FILE* open) {
    if (open != nullptr) std::fclose(open);
  });
  if (!file) throw InputError(path, std::string("cannot be written: ") + std::strerror(errno));
  return [file](const MemoryUsage& usage, std::uint64_t time_ns, std::string_view event,
                const CollectionEvent* collection) {
    fmt::print(file.get(),
               R"({{"time_ms":{:.3f},"event":"{}"{},"rss":{},"heapTotal":{},"heapUsed":{},)"
               R"("external":{},"arrayBuffers":{}}})"
               "\n",
               static_cast<double>(time_ns) / 1e6, event, collection_fields(collection), usage.rss,
               usage.heap_total, usage.heap_used, usage.external, usage.array_buffers);
    std::fflush(file.get());
  };
}

void LiveMemory::show(const MemoryUsage& usage, std::uint64_t time_ns,
                      const CollectionEvent* collection) {
  constexpr std::uint64_t refresh_ns = 50'000'000;
  constexpr std::size_t curve_points = 400;
  if (collection != nullptr && collection->end_ns != 0) {
    ++(collection->kind == CollectionKind::major ? major_ : minor_);
  }
  if (!line_.visible() || time_ns - shown_ns_ < refresh_ns) return;
  shown_ns_ = time_ns;
  curve_.push_back(static_cast<double>(usage.heap_used));
  if (curve_.size() > curve_points) curve_.erase(curve_.begin());
  line_.show(fmt::format("heapUsed {:>9}  of {:>9}  rss {:>9}  {}  {} minor, {} major",
                         format_bytes(usage.heap_used), format_bytes(usage.heap_total),
                         format_bytes(usage.rss), sparkline(curve_, 24), minor_, major_));
}

}  // namespace heaplab::cli
