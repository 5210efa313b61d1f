// SPDX-License-Identifier: MIT
#include "replay/heap_backend.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "heaplab/heap/side_bitmap.h"
#include "heaplab/support/format.h"

namespace heaplab::trace {
namespace {

constexpr std::size_t most_problems = 16;
constexpr unsigned signature_bits = 8;

}  // namespace

HeapBackend::HeapBackend(const ReplayProgram::Contents& program, Heap& heap,
                         const ReplayOptions& options)
    : heap_(heap),
      options_(options),
      has_graph_(program.summary.has_graph),
      table_(program.handles),
      meter_(program.summary.bytes, options.footprint_samples) {
  make_types(program.shapes);
  heap_.add_root_provider(this);
  heap_.add_weak_root_provider(this);
  heap_.add_listener(this);
  if (!has_graph_) make_directory();
  clock_start_ = heap_.allocated_bytes();
}

HeapBackend::~HeapBackend() {
  heap_.remove_listener(this);
  heap_.remove_weak_root_provider(this);
  heap_.remove_root_provider(this);
}

void HeapBackend::make_types(const std::vector<ReplayShape>& shapes) {
  using Key = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, ElementKind>;
  std::map<Key, TypeId> types;
  shapes_.reserve(shapes.size());
  for (const ReplayShape& shape : shapes) {
    ShapeLayout layout = lay_out(shape);
    const auto count_of = [&](SlotKind kind) {
      std::uint32_t count = 0;
      for (const SlotRun& run : layout.type.runs) count += run.kind == kind ? run.count : 0u;
      return count;
    };
    const Key key{layout.type.fixed_bytes, count_of(SlotKind::ref), count_of(SlotKind::weak_ref),
                  layout.type.elements};
    auto found = types.find(key);
    if (found == types.end()) {
      layout.type.name = fmt::format("{} references", shape.strong);
      found = types.emplace(key, heap_.register_type(layout.type)).first;
    }
    shapes_.push_back({found->second, layout.length, layout.bytes});
  }
}

void HeapBackend::make_directory() {
  const TypeId type = heap_.register_type(
      {.name = "directory", .fixed_bytes = sizeof(Object), .elements = ElementKind::refs});
  const std::uint32_t chunks = (table_.size() + directory_slots - 1) / directory_slots;
  directory_.reserve(chunks);
  for (std::uint32_t i = 0; i < chunks; ++i) {
    const std::uint32_t slots = std::min(directory_slots, table_.size() - i * directory_slots);
    Object* chunk = heap_.allocate_old(type, slots);
    directory_.push_back(chunk);
    directory_bytes_ += heap_.object_bytes(*chunk);
  }
}

void HeapBackend::store_weak(Object* host, std::byte* slot, StoreKind kind, Object* target) {
  if (kind == StoreKind::weak) {
    heap_.write_weak_ref(host, reinterpret_cast<RefBits*>(slot), target);
  } else {
    heap_.write_weak(host, *reinterpret_cast<Word*>(slot), Word(target));
  }
}

void HeapBackend::sample() {
  meter_.sample(result, heap_.allocated_bytes() - clock_start_, heap_.sizes().committed);
}

ReplayResult HeapBackend::finish() {
  result.allocated_bytes = heap_.allocated_bytes() - clock_start_;
  sample();
  return std::move(result);
}

// Collections.

void HeapBackend::visit_roots(RootVisitor& visitor) {
  for (Object*& chunk : directory_) visitor.object(&chunk);
  const ReplayTime start = time_now();
  root_words_.clear();
  for (const ReplayHandle handle : table_.roots()) {
    root_words_.push_back(address_of(table_[handle].object));
  }
  own_ns_ += (time_now() - start).wall_ns;
  visitor.words(root_words_.data(), root_words_.data() + root_words_.size());
}

/// False if the object is gone.
bool HeapBackend::update(ReplayHandle handle, const Liveness& liveness) {
  HandleTable::Entry& entry = table_[handle];
  Object* survivor = liveness.survivor(static_cast<Object*>(entry.object));
  if (survivor == nullptr) {
    ++lost_;
    return false;
  }
  entry.object = survivor;
  return true;
}

void HeapBackend::process_weak_roots(const Liveness& liveness) {
  if (liveness.minor()) {
    update_young(liveness);
  } else {
    update_all(liveness);
  }
}

void HeapBackend::update_young(const Liveness& liveness) {
  std::size_t kept = 0;
  for (const ReplayHandle handle : young_) {
    HandleTable::Entry& entry = table_[handle];
    if (entry.object != nullptr && update(handle, liveness) &&
        heap_.is_young(static_cast<Object*>(entry.object))) {
      young_[kept++] = handle;
    } else {
      entry.shape &= ~listed_bit;
    }
  }
  result.checked_objects += young_.size();
  young_.resize(kept);
}

void HeapBackend::update_all(const Liveness& liveness) {
  for (const ReplayHandle handle : young_) table_[handle].shape &= ~listed_bit;
  young_.clear();
  for (ReplayHandle handle = 1; handle < table_.size(); ++handle) {
    HandleTable::Entry& entry = table_[handle];
    if (entry.object == nullptr || !update(handle, liveness)) continue;
    if (!heap_.is_young(static_cast<Object*>(entry.object))) continue;
    entry.shape |= listed_bit;
    young_.push_back(handle);
  }
  result.checked_objects += live_objects_;
}

void HeapBackend::on_collection_start(const Heap&, const CollectionEvent& event) {
  own_ns_ = 0;
  lost_ = 0;
  result.peak_committed = std::max(result.peak_committed, event.before.committed);
  collection_start_ = time_now();
}

void HeapBackend::on_collection_end(const Heap&, const CollectionEvent& event) {
  ReplayTime spent = time_now() - collection_start_;
  const std::uint64_t own = event.external_ns + own_ns_;
  result.replayer += {own, own};
  spent = spent - ReplayTime{own, own};
  result.collector += spent;
  result.collections.push_back({.number = event.number,
                                .major = event.kind == CollectionKind::major,
                                .reason = to_string(event.reason),
                                .clock = event.allocated_bytes - clock_start_,
                                .start_ns = event.start_ns,
                                .pause_ns = spent.wall_ns,
                                .used_before = event.before.used,
                                .used_after = event.after.used,
                                .live = live_bytes_});
  result.peak_committed = std::max(result.peak_committed, event.after.committed);
  const ReplayTime checking = time_now();
  const std::uint64_t expected = live_bytes_ + directory_bytes_;
  if (lost_ != 0) {
    problem(fmt::format("collection {} took {} that the recording says are alive", event.number,
                        format_quantity(lost_, "object")));
  } else if (event.kind == CollectionKind::major && event.after.used != expected) {
    problem(fmt::format("collection {} left {} bytes; {} are alive by the recording", event.number,
                        event.after.used, expected));
  }
  if (options_.check && lost_ == 0) check_exactly_live(event);
  result.replayer += time_now() - checking;
}

// Checks.

void HeapBackend::sign(ReplayHandle handle, Object* object) {
  for (unsigned bit = 0; bit < signature_bits; ++bit) {
    object->set_flag(bit, (signature(handle) >> bit) & 1);
  }
}

/// What is reachable, and what the table has, are the same objects.
void HeapBackend::check_exactly_live(const CollectionEvent& event) {
  SideBitmap reached;
  reached.reserve(cage_base, cage_bytes);
  std::uint64_t objects = 0;
  std::uint64_t bytes = 0;
  heap_.for_each_live([&](Object* object) {
    reached.set(object);
    ++objects;
    bytes += heap_.object_bytes(*object);
  });
  if (objects != live_objects_ + directory_.size() || bytes != live_bytes_ + directory_bytes_) {
    problem(
        fmt::format("after collection {} {} objects of {} bytes are reachable; by the "
                    "recording it is {} of {}",
                    event.number, objects - directory_.size(), bytes - directory_bytes_,
                    live_objects_, live_bytes_));
    return;
  }
  for (ReplayHandle handle = 1; handle < table_.size(); ++handle) {
    const auto* object = static_cast<const Object*>(table_[handle].object);
    if (object == nullptr) continue;
    if (reached.test(object)) {
      check_identity(handle, event);
    } else {
      problem(fmt::format("after collection {} the object of handle {} is not reachable",
                          event.number, handle));
    }
  }
}

/// The object is as it was made: of its type, its length, and with its signature.
void HeapBackend::check_identity(ReplayHandle handle, const CollectionEvent& event) {
  const auto& object = *static_cast<const Object*>(table_[handle].object);
  const Shape& shape = shapes_[table_[handle].shape & ~listed_bit];
  unsigned found = 0;
  for (unsigned bit = 0; bit < signature_bits; ++bit) found |= object.flag(bit) ? 1u << bit : 0u;
  if (object.type_id() == shape.type && object.length() == shape.length &&
      found == signature(handle)) {
    return;
  }
  problem(fmt::format("after collection {} another object is where that of handle {} should be",
                      event.number, handle));
}

void HeapBackend::problem(std::string text) {
  if (result.problems.size() < most_problems) result.problems.push_back(std::move(text));
}

ReplayResult replay_on_heap(const ReplayProgram& program, Heap& heap,
                            const ReplayOptions& options) {
  ReplayResult result;
  try {
    HeapBackend backend(program.contents(), heap, options);
    const ReplayTime start = time_now();
    try {
      execute(program.contents(), backend);
      backend.result.completed = true;
    } catch (const OutOfMemory& error) {
      backend.result.failure = error.what();
    }
    backend.result.total = time_now() - start;
    if (options.check && backend.result.completed) {
      const ReplayResult measured = backend.result;
      heap.collect(CollectionKind::major, CollectionReason::requested);
      backend.result.total = measured.total;
      backend.result.collector = measured.collector;
      backend.result.replayer = measured.replayer;
    }
    result = backend.finish();
  } catch (const OutOfMemory& error) {
    result.failure = error.what();  // there was no room for the directory
  }
  return result;
}

}  // namespace heaplab::trace
