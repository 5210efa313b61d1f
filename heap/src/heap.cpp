// SPDX-License-Identifier: MIT
#include "heaplab/heap/heap.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <unordered_set>

#include "heaplab/heap/reservation.h"
#include "heaplab/heap/verify.h"
#include "heaplab/heap/visit.h"

namespace heaplab {
namespace {

Object* referent(Word value) { return value.is_reference() ? value.object() : nullptr; }

std::uint64_t monotonic_ns() {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                        std::chrono::steady_clock::now().time_since_epoch())
                                        .count());
}

void check_options(const HeapOptions& options) {
  const auto require = [](bool condition, const char* what) {
    if (!condition) throw std::invalid_argument(what);
  };
  require(options.initial_semi_space_bytes > 0 &&
              options.initial_semi_space_bytes <= options.max_semi_space_bytes,
          "the initial semi-space size must be positive and at most the maximum");
  require(options.max_semi_space_bytes <= 2 * GiB, "the maximum semi-space size is 2 GiB");
  require(options.max_old_space_bytes <= 16 * GiB, "the maximum old-space size is 16 GiB");
  require(options.fixed_growing_factor == 0 || options.fixed_growing_factor > 1,
          "the growing factor must be above 1");
}

}  // namespace

Heap::Heap(const HeapOptions& options, CollectorFactory factory) : options_(options) {
  check_options(options_);
  epoch_ns_ = monotonic_ns();
  type_memory_.reserve_anywhere(max_types * sizeof(TypeLayout));
  layouts_ = reinterpret_cast<TypeLayout*>(type_memory_.base());
  if (options_.stress_gc_interval || options_.stress_move_interval) options_.poison = true;
  stress_countdown_ = options_.stress_gc_interval;
  move_countdown_ = options_.stress_move_interval;
  slow_allocation_ = stress_countdown_ || move_countdown_;
  collector_ = factory(*this, options_);
}

Heap::~Heap() {
  // Owners of off-heap memory are told, in order of registration, that nothing lives on.
  std::vector<FinalizerEntry> all;
  for (auto* list : {&pending_finalizers_, &old_finalizers_, &young_finalizers_}) {
    all.insert(all.end(), list->begin(), list->end());
    list->clear();
  }
  run_in_order(std::move(all));
  collector_.reset();
}

TypeId Heap::register_type(const TypeDescriptor& descriptor) {
  if (descriptors_.size() == max_types) throw std::invalid_argument("too many types");
  const TypeLayout layout = make_layout(descriptor);
  const auto id = static_cast<TypeId>(descriptors_.size());
  descriptors_.push_back(std::make_unique<TypeDescriptor>(descriptor));
  new (layouts_ + id) TypeLayout(layout);
  return id;
}

std::uint64_t Heap::now_ns() const { return monotonic_ns() - epoch_ns_; }

// --- Allocation ---------------------------------------------------------------------------------

Object* Heap::allocate_slow(std::size_t bytes, std::uint64_t header) {
  assert(!in_collection_ && "no allocation during a collection");
  if (stress_countdown_ || move_countdown_) stress();
  Object* object = nullptr;
  if (slow_allocation_ && bytes <= large_object_bytes &&
      address_of(top_) + bytes <= address_of(region_limit_)) {
    object = reinterpret_cast<Object*>(top_);
    top_ += bytes;
  } else {
    object = collector_->allocate_slow(bytes);
  }
  return finish_slow_allocation(object, bytes, header);
}

Object* Heap::finish_slow_allocation(Object* object, std::size_t bytes, std::uint64_t header) {
  object->set_header(header);
  // Large objects come straight from the system, zeroed.
  if (bytes <= large_object_bytes) {
    std::memset(object->bytes() + sizeof(Object), 0, bytes - sizeof(Object));
  }
  if (observer_) [[unlikely]] {
    announce(object, bytes);
  }
  return object;
}

/// The inline filter lets stores into the newest object pass: they need no barrier, if it is young.
void Heap::announce(Object* object, std::size_t bytes) {
  observed_starts_.set(object);
  newest_ = object;
  host_filter_base_ = address_of(object);
  host_filter_bytes_ = is_young(object) ? bytes : 0;
  observer_->on_allocate(object, bytes);
}

Object* Heap::allocate_old(TypeId type, std::uint32_t length) {
  if (stress_countdown_ || move_countdown_) stress();
  const std::size_t bytes = layouts_[type].object_bytes(length);
  return finish_slow_allocation(collector_->allocate_old(bytes), bytes,
                                Object::make_header(type, length));
}

void Heap::stress() {
  if (move_countdown_ && --move_countdown_ == 0) {
    move_countdown_ = options_.stress_move_interval;
    collector_->stress_move();
  }
  if (stress_countdown_ && --stress_countdown_ == 0) {
    stress_countdown_ = options_.stress_gc_interval;
    const bool major = ++stress_collections_ % 8 == 0;
    collector_->collect(major ? CollectionKind::major : CollectionKind::minor,
                        CollectionReason::stress);
  }
}

void Heap::set_region(std::byte* top, std::byte* limit) {
  top_ = region_start_ = top;
  region_limit_ = limit;
  limit_ = slow_allocation_ ? nullptr : limit;
}

std::byte* Heap::retire_region() {
  std::byte* end = top_;
  retired_allocated_bytes_ += region_allocated();
  top_ = limit_ = region_start_ = region_limit_ = nullptr;
  return end;
}

// --- Stores -------------------------------------------------------------------------------------

void Heap::set_young_range(std::uintptr_t base, std::size_t bytes) {
  young_base_ = base;
  young_bytes_ = bytes;
  update_filters();
}

// Without an observer: a value passes the filter if it is young, a host if it is young as well.
// With one: every store is let through to the slow path, but those into the newest object.
void Heap::update_filters() {
  // The range leaves out a single value, 1, which is no reference and no plain word.
  value_filter_base_ = observer_ ? 2 : young_base_;
  value_filter_bytes_ = observer_ ? ~std::uintptr_t{0} : young_bytes_;
  host_filter_base_ = observer_ ? 0 : young_base_;
  host_filter_bytes_ = observer_ ? 0 : young_bytes_;
}

void Heap::observed_write(Object* host, RefBits* slot, Object* value) {
  if (host != newest_) observer_->on_write(host, slot, decompress(*slot), value);
  if (is_young(value) && !is_young(host)) remembered_.insert_ref(slot);
}

void Heap::observed_write(Object* host, Word* slot, Word value) {
  Object* target = referent(value);
  if (host != newest_) observer_->on_write(host, slot, referent(*slot), target);
  if (target && is_young(target) && !is_young(host)) {
    remembered_.insert_word(reinterpret_cast<std::uint64_t*>(slot));
  }
}

// Weak slots are not in the remembered set (a scavenge would take them for strong ones); their host
// is listed instead, once.
void Heap::remember_weak_host(Object* host, Object* value) {
  if (!value || !is_young(value) || is_young(host)) return;
  if (host->header() & Object::weak_remembered_flag) return;
  host->set_header(host->header() | Object::weak_remembered_flag);
  remembered_weak_hosts_.push_back(host);
}

void Heap::write_weak(Object* host, Word& slot, Word value) {
  Object* target = referent(value);
  if (observer_ && host != newest_) observer_->on_weak_write(host, &slot, referent(slot), target);
  remember_weak_host(host, target);
  slot = value;
}

void Heap::write_weak_ref(Object* host, RefBits* slot, Object* value) {
  if (observer_ && host != newest_) {
    observer_->on_weak_write(host, slot, decompress(*slot), value);
  }
  remember_weak_host(host, value);
  *slot = compress(value);
}

void Heap::copy_words(Object* host, Word* to, const Word* from, std::size_t count) {
  if (observer_ || !is_young(host)) {
    // The barrier may not see a slot's new value after an overlapping store destroyed it.
    if (to <= from) {
      for (std::size_t i = 0; i < count; ++i) write(host, to[i], from[i]);
    } else {
      for (std::size_t i = count; i-- > 0;) write(host, to[i], from[i]);
    }
    return;
  }
  std::memmove(static_cast<void*>(to), from, count * sizeof(Word));
}

void Heap::fill_words(Object* host, Word* to, Word value, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) write(host, to[i], value);
}

// --- Collecting ---------------------------------------------------------------------------------

void Heap::collect(CollectionKind kind, CollectionReason reason) {
  assert(!in_collection_ && "a collection cannot start inside another");
  collector_->collect(kind, reason);
}

void Heap::adjust_external(std::int64_t delta) {
  external_bytes_ = static_cast<std::uint64_t>(static_cast<std::int64_t>(external_bytes_) + delta);
  if (delta > 0 && !in_collection_) collector_->external_grew();
}

// --- Roots --------------------------------------------------------------------------------------

void Heap::visit_roots(RootVisitor& visitor, void (*group)(RootVisitor&, std::string_view)) {
  const auto enter = [&](std::string_view name) {
    if (group) group(visitor, name);
  };
  enter("handles");
  for (RootFrameLink* frame = frames_; frame; frame = frame->previous) {
    for (std::size_t i = 0; i < frame->count; ++i) visitor.object(frame->slots() + i);
  }
  handles_.visit(visitor);
  enter("globals");
  for (GlobalBase* global = globals_; global; global = global->next_) {
    visitor.object(&global->object_);
  }
  for (RootProvider* provider : root_providers_) {
    enter(provider->roots_name());
    provider->visit_roots(visitor);
  }
}

void Heap::add_root_provider(RootProvider* provider) { root_providers_.push_back(provider); }
void Heap::remove_root_provider(RootProvider* provider) { std::erase(root_providers_, provider); }
void Heap::add_weak_root_provider(WeakRootProvider* provider) {
  weak_providers_.push_back(provider);
}
void Heap::remove_weak_root_provider(WeakRootProvider* provider) {
  std::erase(weak_providers_, provider);
}

// --- Weak things --------------------------------------------------------------------------------

void Heap::add_finalizer(Object* object, Finalizer finalizer, void* data) {
  auto& list = is_young(object) ? young_finalizers_ : old_finalizers_;
  list.push_back({object, finalizer, data, finalizer_count_++});
}

std::vector<Handle<>> Heap::take_cleared(HandleScope& scope) {
  std::vector<Handle<>> hosts;
  hosts.reserve(cleared_.size());
  std::unordered_set<Object*> taken;
  for (Object* host : cleared_) {
    if (taken.insert(host).second) hosts.push_back(scope.handle(host));
  }
  cleared_.clear();
  return hosts;
}

void Heap::process_finalizers(std::vector<FinalizerEntry>& list, const Liveness& liveness) {
  std::vector<FinalizerEntry> kept;
  for (const FinalizerEntry& entry : list) {
    Object* survivor = liveness.survivor(entry.object);
    if (!survivor) {
      pending_finalizers_.push_back(entry);
    } else if (&list == &young_finalizers_ && !is_young(survivor)) {
      old_finalizers_.push_back({survivor, entry.run, entry.data, entry.number});
    } else {
      kept.push_back({survivor, entry.run, entry.data, entry.number});
    }
  }
  list = std::move(kept);
}

std::uint64_t Heap::process_weak_roots(const Liveness& liveness) {
  if (!liveness.minor()) process_finalizers(old_finalizers_, liveness);
  process_finalizers(young_finalizers_, liveness);
  for (Object*& host : cleared_) host = liveness.survivor(host);
  std::erase(cleared_, nullptr);
  if (weak_providers_.empty()) return 0;
  const std::uint64_t start = now_ns();
  for (WeakRootProvider* provider : weak_providers_) provider->process_weak_roots(liveness);
  return now_ns() - start;
}

void Heap::run_finalizers() {
  std::vector<FinalizerEntry> ready;
  ready.swap(pending_finalizers_);
  run_in_order(std::move(ready));
}

void Heap::run_in_order(std::vector<FinalizerEntry> entries) {
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.number < b.number; });
  for (const FinalizerEntry& entry : entries) entry.run(entry.data);
}

// --- Watching -----------------------------------------------------------------------------------

void Heap::add_listener(HeapListener* listener) { listeners_.push_back(listener); }
void Heap::remove_listener(HeapListener* listener) { std::erase(listeners_, listener); }

void Heap::set_observer(ObjectObserver* observer) {
  if (observer && !observed_starts_.reserved()) {
    observed_starts_.reserve(collector_->memory().base(), collector_->memory().bytes());
  } else if (observer && observer != observer_) {
    observed_starts_.clear_all();  // what an observer before it saw may have moved meanwhile
  }
  observer_ = observer;
  newest_ = nullptr;
  slow_allocation_ = observer_ || stress_countdown_ || move_countdown_;
  limit_ = slow_allocation_ ? nullptr : region_limit_;
  update_filters();
}

void Heap::observe_move(Object* from, Object* to, std::size_t bytes) {
  if (!observed_starts_.test(from)) return;
  observed_starts_.clear(from);
  observed_starts_.set(to);
  observer_->on_move(from, to, bytes);
}

void Heap::observe_deaths(std::size_t block, const SideBitmap* survivors) {
  std::uint64_t* words = observed_starts_.block_words(block);
  const std::uint64_t* alive = survivors ? survivors->block_words(block) : nullptr;
  std::array<std::uint64_t, SideBitmap::words_per_block> dead;
  std::uint64_t any = 0;
  for (std::size_t i = 0; i < dead.size(); ++i) {
    dead[i] = alive ? words[i] & ~alive[i] : words[i];
    words[i] ^= dead[i];
    any |= dead[i];
  }
  if (any != 0) observer_->on_deaths(collector_->memory().block_start(block), dead);
}

void Heap::begin_collection(CollectionEvent& event) {
  seal_newest();
  event.number = ++collection_count_;
  event.allocated_bytes = allocated_bytes();
  event.before = sizes();
  event.start_ns = now_ns();
  in_collection_ = true;
  for (HeapListener* listener : listeners_) listener->on_collection_start(*this, event);
}

void Heap::end_collection(CollectionEvent& event) {
  event.after = sizes();
  if (event.before.used > event.after.used)
    event.freed_bytes = event.before.used - event.after.used;
  event.end_ns = now_ns();
  constexpr std::size_t kept_events = 8;
  if (last_collections_.size() == kept_events) last_collections_.erase(last_collections_.begin());
  last_collections_.push_back(event);
  for (HeapListener* listener : listeners_) listener->on_collection_end(*this, event);
  in_collection_ = false;
}

void Heap::notify_limit(const LimitEvent& event) {
  for (HeapListener* listener : listeners_) listener->on_limit(*this, event);
}

}  // namespace heaplab
