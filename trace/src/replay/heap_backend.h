// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "replay/execute.h"
#include "replay/measure.h"

namespace heaplab::trace {

/// A program on a heap.
///
/// The table of handles says where each object is. It holds no object: the heap finds what is alive
/// from the list of roots (or, without a graph, from the directory: large arrays in the heap with a
/// slot for each handle). Objects move, so after each collection the table is brought up to date
/// through the heap's interface for weak tables, which also tells of each object whether it
/// survived. A minor collection moves young objects only: they are listed, and only they are looked
/// at. The time all this takes is measured and is not the collector's.
class HeapBackend : private RootProvider, private WeakRootProvider, private HeapListener {
 public:
  HeapBackend(const ReplayProgram::Contents& program, Heap& heap, const ReplayOptions& options);
  ~HeapBackend() override;
  HeapBackend(const HeapBackend&) = delete;
  HeapBackend& operator=(const HeapBackend&) = delete;

  void allocate(ReplayHandle handle, std::uint32_t shape) {
    const Shape& kind = shapes_[shape];
    Object* object = heap_.allocate(kind.type, kind.length);
    HandleTable::Entry& entry = table_[handle];
    entry.object = object;
    entry.shape = shape | (entry.shape & listed_bit);
    if (entry.shape == shape) {
      entry.shape |= listed_bit;
      young_.push_back(handle);
    }
    live_bytes_ += kind.bytes;
    ++live_objects_;
    if (has_graph_) {
      table_.add_root(handle, entry);
    } else {
      write_directory(handle, object);
    }
    if (options_.check) sign(handle, object);
    if (meter_.is_due(kind.bytes)) [[unlikely]]
      sample();
  }
  void store(ReplayHandle host, std::uint32_t where, ReplayHandle value) {
    auto* object = static_cast<Object*>(table_[host].object);
    auto* target = static_cast<Object*>(table_[value].object);
    std::byte* slot = object->bytes() + std::size_t{where & store_offset_mask} * sizeof(RefBits);
    if (where >> store_kind_shift == 0) [[likely]] {
      heap_.write_ref(object, reinterpret_cast<RefBits*>(slot), target);
    } else {
      store_weak(object, slot, static_cast<StoreKind>(where >> store_kind_shift), target);
    }
  }
  void root(ReplayHandle handle) { table_.add_root(handle, table_[handle]); }
  void unroot(ReplayHandle handle) { table_.remove_root(table_[handle]); }
  void die(ReplayHandle handle) {
    HandleTable::Entry& entry = table_[handle];
    if (entry.root != HandleTable::no_root) table_.remove_root(entry);
    if (!has_graph_) write_directory(handle, nullptr);
    live_bytes_ -= shapes_[entry.shape & ~listed_bit].bytes;
    --live_objects_;
    entry.object = nullptr;
  }
  /// The rest of the result, once the program has ended.
  ReplayResult finish();

  ReplayResult result;

 private:
  struct Shape {
    TypeId type = 0;
    std::uint32_t length = 0;
    std::uint64_t bytes = 0;
  };
  /// In an entry's shape: the handle is in the list of young ones.
  static constexpr std::uint32_t listed_bit = 1u << 31;
  /// A chunk of the directory takes one block.
  static constexpr std::uint32_t directory_slots = 65'532;

  void make_types(const std::vector<ReplayShape>& shapes);
  void make_directory();
  void write_directory(ReplayHandle handle, Object* object) {
    Object* chunk = directory_[handle / directory_slots];
    heap_.write_ref(chunk, reinterpret_cast<RefBits*>(chunk + 1) + handle % directory_slots,
                    object);
  }
  void store_weak(Object* host, std::byte* slot, StoreKind kind, Object* target);
  void sample();

  // The heap asks and tells.
  void visit_roots(RootVisitor& visitor) override;
  std::string_view roots_name() const override { return "replayed roots"; }
  void process_weak_roots(const Liveness& liveness) override;
  void on_collection_start(const Heap& heap, const CollectionEvent& event) override;
  void on_collection_end(const Heap& heap, const CollectionEvent& event) override;

  bool update(ReplayHandle handle, const Liveness& liveness);
  void update_young(const Liveness& liveness);
  void update_all(const Liveness& liveness);

  // Checks.
  static unsigned signature(ReplayHandle handle) { return (handle * 0x9e3779b9u) >> 24; }
  static void sign(ReplayHandle handle, Object* object);
  void check_exactly_live(const CollectionEvent& event);
  void check_identity(ReplayHandle handle, const CollectionEvent& event);
  void problem(std::string text);

  Heap& heap_;
  ReplayOptions options_;
  bool has_graph_;
  std::vector<Shape> shapes_;
  HandleTable table_;
  FootprintMeter meter_;
  std::vector<Object*> directory_;
  std::uint64_t directory_bytes_ = 0;
  std::uint64_t clock_start_ = 0;  ///< the heap's, when the program starts
  std::vector<ReplayHandle> young_;
  std::vector<std::uint64_t> root_words_;
  std::uint64_t live_bytes_ = 0;
  std::uint64_t live_objects_ = 0;
  ReplayTime collection_start_;
  std::uint64_t own_ns_ = 0;  ///< in this collection: copying the roots
  std::uint64_t lost_ = 0;    ///< in this collection
};

}  // namespace heaplab::trace
