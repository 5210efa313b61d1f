// SPDX-License-Identifier: MIT
#pragma once

#include <cstring>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "heaplab/heap/collector.h"
#include "heaplab/heap/events.h"
#include "heaplab/heap/heap_memory.h"
#include "heaplab/heap/object.h"
#include "heaplab/heap/options.h"
#include "heaplab/heap/remembered_set.h"
#include "heaplab/heap/roots.h"
#include "heaplab/heap/type.h"

// What heaplab provides to a language: allocate, write, root, collect, listen.
//
// A heap belongs to one thread. Objects move: read the rule at the top of roots.h. Safepoints are
// allocate*, collect and adjust_external; nothing else here collects.
// Make one with gc::make_heap (heaplab/gc/make_heap.h).

namespace heaplab {

/// The heap is full, also after collecting. what() is the report for people: limit, the last
/// collections, the largest types. The heap stays usable (drop roots, collect, go on).
class OutOfMemory : public std::bad_alloc {
 public:
  explicit OutOfMemory(std::string report) : report_(std::move(report)) {}
  const char* what() const noexcept override { return report_.c_str(); }

 private:
  std::string report_;
};

/// Bytes and objects of one type, from a walk of the live heap.
struct TypeCensus {
  TypeId type = 0;
  std::string_view name;
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
};

class Heap {
 public:
  using CollectorFactory = std::unique_ptr<Collector> (*)(Heap&, const HeapOptions&);
  /// Use gc::make_heap instead. Throws std::invalid_argument for options that make no sense and
  /// std::system_error if the address range cannot be reserved.
  Heap(const HeapOptions& options, CollectorFactory factory);
  ~Heap();
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;

  const HeapOptions& options() const { return options_; }
  Collector& collector() { return *collector_; }
  const Collector& collector() const { return *collector_; }

  /// \name Types
  /// @{
  /// Copies the descriptor. Throws std::invalid_argument if it is inconsistent.
  TypeId register_type(const TypeDescriptor& descriptor);
  const TypeDescriptor& type(TypeId id) const { return *descriptors_[id]; }
  const TypeDescriptor& type_of(const Object& object) const { return type(object.type_id()); }
  const TypeLayout& layout(TypeId id) const { return layouts_[id]; }
  const TypeLayout* layouts() const { return layouts_; }
  std::size_t type_count() const { return descriptors_.size(); }
  std::size_t object_bytes(const Object& object) const {
    return layouts_[object.type_id()].object_bytes(object);
  }
  /// @}

  /// \name Allocation. May collect. Throws OutOfMemory. All fields and elements start as zero.
  /// @{
  /// A fixed-size object; T's size must be the type's fixed_bytes.
  template <class T>
  T* allocate(TypeId type, std::uint32_t payload = 0) {
    static_assert(sizeof(T) % granule_bytes == 0 && sizeof(T) >= minimum_object_bytes);
    static_assert(sizeof(T) <= large_object_bytes);
    assert(layouts_[type].fixed_bytes == sizeof(T) && !layouts_[type].is_variable());
    std::byte* start = top_;
    // As numbers: there may be no region, and null has no neighbours.
    const std::uintptr_t end = address_of(start) + sizeof(T);
    if (end > address_of(limit_)) [[unlikely]] {
      return static_cast<T*>(allocate_slow(sizeof(T), Object::make_header(type, payload)));
    }
    top_ = start + sizeof(T);
    auto* object = reinterpret_cast<Object*>(start);
    object->set_header(Object::make_header(type, payload));
    std::memset(start + sizeof(Object), 0, sizeof(T) - sizeof(Object));
    return static_cast<T*>(object);
  }
  /// Any type; `length` is the element count (of variable-length types) or the payload.
  Object* allocate(TypeId type, std::uint32_t length) {
    return allocate_bytes(layouts_[type].object_bytes(length), Object::make_header(type, length));
  }
  template <class T>
  T* allocate_array(TypeId type, std::uint32_t length) {
    return static_cast<T*>(allocate(type, length));
  }
  /// Straight into the space of long-lived objects: for what is known to live long.
  Object* allocate_old(TypeId type, std::uint32_t length);
  /// @}

  /// \name Stores. Every store of a reference into an object goes through one of these, and every
  /// store over one (null and numbers included: recordings live by that), except Ref::init right
  /// after the allocation. They never collect. The barrier asks about the host first: most stores
  /// are into young objects, and then one comparison is all.
  /// @{
  template <class T, class U>
  void write(Object* host, Ref<T>& slot, U* value) {
    static_assert(std::is_base_of_v<T, U> || std::is_same_v<T, Object>);
    write_ref(host, reinterpret_cast<RefBits*>(&slot), value);
  }
  template <class T>
  void write(Object* host, Ref<T>& slot, std::nullptr_t) {
    write_ref(host, reinterpret_cast<RefBits*>(&slot), nullptr);
  }
  void write_ref(Object* host, RefBits* slot, Object* value) {
    if (address_of(host) - host_filter_base_ >= host_filter_bytes_ &&
        address_of(value) - value_filter_base_ < value_filter_bytes_) [[unlikely]] {
      if (observer_) [[unlikely]] {
        observed_write(host, slot, value);
      } else {
        remembered_.insert_ref(slot);
      }
    }
    *slot = compress(value);
  }
  void write(Object* host, Word& slot, Word value) {
    if (address_of(host) - host_filter_base_ >= host_filter_bytes_ &&
        value.bits() - value_filter_base_ < value_filter_bytes_) [[unlikely]] {
      if (observer_) [[unlikely]] {
        observed_write(host, &slot, value);
      } else {
        remembered_.insert_word(reinterpret_cast<std::uint64_t*>(&slot));
      }
    }
    slot = value;
  }
  /// A store into a weak slot or an ephemeron of `host`.
  void write_weak(Object* host, Word& slot, Word value);
  void write_weak_ref(Object* host, RefBits* slot, Object* value);
  /// Bulk stores into a run of strong words of one object (overlap allowed, as memmove).
  void copy_words(Object* host, Word* to, const Word* from, std::size_t count);
  void fill_words(Object* host, Word* to, Word value, std::size_t count);
  /// @}

  /// \name Collecting
  /// @{
  void collect(CollectionKind kind = CollectionKind::major,
               CollectionReason reason = CollectionReason::requested);
  /// Off-heap memory owned by objects grew or shrank. Growth may collect.
  void adjust_external(std::int64_t delta);
  std::uint64_t external_bytes() const { return external_bytes_; }
  /// @}

  /// \name Weak things
  /// @{
  using Finalizer = void (*)(void* data);
  /// `finalizer(data)` runs once after the object was found dead, without the object. When: at the
  /// end of the collection that found it dead (the heap is consistent then, but the finalizer must
  /// not allocate on it), in the order of registration; and for objects still alive when the heap
  /// is destroyed.
  void add_finalizer(Object* object, Finalizer finalizer, void* data);
  /// Objects whose type says notify_cleared and that had something cleared since the last call,
  /// each once.
  /// The returned vector holds handles made in `scope`. Order: as the collector found them. An
  /// object that dies while it waits here is dropped.
  std::vector<Handle<>> take_cleared(HandleScope& scope);
  bool has_cleared() const { return !cleared_.empty(); }
  void add_weak_root_provider(WeakRootProvider* provider);
  void remove_weak_root_provider(WeakRootProvider* provider);
  /// @}

  /// \name Roots
  /// @{
  HandleStack& handles() { return handles_; }
  void add_root_provider(RootProvider* provider);
  void remove_root_provider(RootProvider* provider);
  /// All roots, group by group. `group` (may be null) is told the name of each group first.
  void visit_roots(RootVisitor& visitor, void (*group)(RootVisitor&, std::string_view) = nullptr);
  /// @}

  /// \name Watching
  /// @{
  void add_listener(HeapListener* listener);
  void remove_listener(HeapListener* listener);
  /// At most one observer; null removes it. While one is attached `allocate` and `write` are slow.
  /// Objects allocated before are not announced: walk them with for_each_live, and observe() those
  /// whose moves and deaths the observer wants to hear of.
  void set_observer(ObjectObserver* observer);
  /// \pre An observer is attached.
  void observe(Object* object) { observed_starts_.set(object); }
  /// From now on stores into the newest object are announced like all others.
  void seal_newest() {
    if (newest_ == nullptr) return;
    newest_ = nullptr;
    host_filter_base_ = host_filter_bytes_ = 0;
  }
  ObjectObserver* observer() const { return observer_; }
  HeapSizes sizes() const { return collector_->sizes(); }
  /// The bytes clock: everything allocated so far. Monotone; the unit of "time" in recordings.
  std::uint64_t allocated_bytes() const { return retired_allocated_bytes_ + region_allocated(); }
  std::uint64_t now_ns() const;
  std::uint64_t collection_count() const { return collection_count_; }
  /// Every reachable object once, in breadth-first order from the roots; the visitor may not
  /// allocate on the heap.
  void for_each_live(const std::function<void(Object*)>& visit);
  /// Live bytes by type, largest first. Walks the heap.
  std::vector<TypeCensus> census();
  /// The verifier's findings, empty if the heap is sound (see verify.h).
  std::vector<std::string> verify();
  /// @}

  /// \name For collectors
  /// @{
  std::byte* top() const { return top_; }
  std::byte* limit() const { return limit_; }
  /// Gives the mutator [top, limit) to bump in; the bytes of the region before were retired.
  void set_region(std::byte* top, std::byte* limit);
  /// Ends the current region: returns where allocation stopped and leaves no region.
  std::byte* retire_region();
  /// Is there room for `bytes` in the region (also while every allocation takes the slow path)?
  bool region_has(std::size_t bytes) const {
    return address_of(top_) + bytes <= address_of(region_limit_);
  }
  /// Takes `bytes` from the region, which has them.
  void bump(std::size_t bytes) { top_ += bytes; }
  /// Objects in [base, base + bytes) need no barrier as hosts and need one as values.
  void set_young_range(std::uintptr_t base, std::size_t bytes);
  RememberedSet& remembered() { return remembered_; }
  const RememberedSet& remembered() const { return remembered_; }
  std::vector<Object*>& remembered_weak_hosts() { return remembered_weak_hosts_; }
  std::vector<Object*>& cleared() { return cleared_; }
  /// Finds the finalizers of dead objects, updates take_cleared's list, calls weak-root providers.
  /// Returns the nanoseconds spent in providers.
  std::uint64_t process_weak_roots(const Liveness& liveness);
  /// Runs the finalizers process_weak_roots found.
  void run_finalizers();
  void count_allocated(std::size_t bytes) { retired_allocated_bytes_ += bytes; }
  void begin_collection(CollectionEvent& event);
  void end_collection(CollectionEvent& event);
  void notify_limit(const LimitEvent& event);
  [[noreturn]] void throw_out_of_memory(std::size_t requested_bytes);
  bool is_young(const Object* object) const {
    return address_of(object) - young_base_ < young_bytes_;
  }
  /// Tells the observer, if the object was announced to it.
  void observe_move(Object* from, Object* to, std::size_t bytes);
  /// Tells the observer of every announced object in a block that is not among `survivors`; none:
  /// null.
  void observe_deaths(std::size_t block, const SideBitmap* survivors);
  /// Finalizers and listeners may not allocate; this says so in assertions.
  bool in_collection() const { return in_collection_; }
  /// @}

 private:
  template <std::size_t N>
  friend class RootFrame;
  friend class GlobalBase;

  struct FinalizerEntry {
    Object* object;
    Finalizer run;
    void* data;
    std::uint64_t number;  ///< of its registration
  };
  static void run_in_order(std::vector<FinalizerEntry> entries);

  Object* allocate_bytes(std::size_t bytes, std::uint64_t header) {
    std::byte* start = top_;
    if (bytes > large_object_bytes || address_of(start) + bytes > address_of(limit_)) [[unlikely]] {
      return allocate_slow(bytes, header);
    }
    top_ = start + bytes;
    auto* object = reinterpret_cast<Object*>(start);
    object->set_header(header);
    std::memset(start + sizeof(Object), 0, bytes - sizeof(Object));
    return object;
  }
  Object* allocate_slow(std::size_t bytes, std::uint64_t header);
  Object* finish_slow_allocation(Object* object, std::size_t bytes, std::uint64_t header);
  void announce(Object* object, std::size_t bytes);
  void process_finalizers(std::vector<FinalizerEntry>& list, const Liveness& liveness);
  void stress();
  void observed_write(Object* host, RefBits* slot, Object* value);
  void observed_write(Object* host, Word* slot, Word value);
  void remember_weak_host(Object* host, Object* value);
  void update_filters();
  std::uint64_t region_allocated() const {
    return region_start_ ? static_cast<std::uint64_t>(top_ - region_start_) : 0;
  }

  // The mutator's hot line: allocation and barrier touch nothing else.
  alignas(64) std::byte* top_ = nullptr;
  std::byte* limit_ = nullptr;  ///< null while every allocation must take the slow path
  std::uintptr_t value_filter_base_ = 0;
  std::uintptr_t value_filter_bytes_ = 0;
  std::uintptr_t host_filter_base_ = 0;
  std::uintptr_t host_filter_bytes_ = 0;
  RootFrameLink* frames_ = nullptr;
  TypeLayout* layouts_ = nullptr;

  std::byte* region_start_ = nullptr;
  std::byte* region_limit_ = nullptr;  ///< the real limit, while limit_ is null
  std::uintptr_t young_base_ = 0;
  std::size_t young_bytes_ = 0;
  ObjectObserver* observer_ = nullptr;
  Object* newest_ = nullptr;  ///< its stores are not announced
  std::uint64_t retired_allocated_bytes_ = 0;
  std::uint64_t external_bytes_ = 0;
  std::uint64_t collection_count_ = 0;
  std::uint64_t stress_countdown_ = 0;
  std::uint64_t stress_collections_ = 0;
  std::uint64_t move_countdown_ = 0;
  bool slow_allocation_ = false;
  bool in_collection_ = false;
  std::uint64_t epoch_ns_ = 0;

  HeapOptions options_;
  Reservation type_memory_;
  SideBitmap observed_starts_;  ///< where announced objects start, while an observer is attached
  std::vector<std::unique_ptr<TypeDescriptor>> descriptors_;
  HandleStack handles_;
  GlobalBase* globals_ = nullptr;
  std::vector<RootProvider*> root_providers_;
  std::vector<WeakRootProvider*> weak_providers_;
  std::vector<HeapListener*> listeners_;
  RememberedSet remembered_;
  std::vector<Object*> remembered_weak_hosts_;
  std::vector<Object*> cleared_;
  std::vector<FinalizerEntry> young_finalizers_;
  std::vector<FinalizerEntry> old_finalizers_;
  std::vector<FinalizerEntry> pending_finalizers_;
  std::uint64_t finalizer_count_ = 0;
  std::vector<CollectionEvent> last_collections_;
  std::unique_ptr<Collector> collector_;
};

// GCC sees a local frame's address escape into the heap, not that the destructor takes it back.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdangling-pointer"
#endif
template <std::size_t N>
inline RootFrame<N>::RootFrame(Heap& heap) : link_{heap.frames_, N}, heap_(heap) {
  heap.frames_ = &link_;
}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
template <std::size_t N>
inline RootFrame<N>::~RootFrame() {
  heap_.frames_ = link_.previous;
}

inline HandleScope::HandleScope(Heap& heap) : stack_(heap.handles()), mark_(stack_.mark()) {}
inline HandleScope::~HandleScope() { stack_.release(mark_); }

}  // namespace heaplab
