// SPDX-License-Identifier: MIT
// What inline caches do on a miss: ask the older entries, then find the property the long way and
// remember the outcome.

#include "heaplab/interp/inline_cache.h"

#include <fmt/format.h>
#include <algorithm>

#include "heaplab/interp/error.h"
#include "heaplab/interp/operations.h"
#include "vm/handlers.h"
#include "vm/property_access.h"

namespace heaplab::interp {
namespace {

using Where = PropertyRef::Where;

Value* slot_at(Object* base, std::uint32_t offset) {
  return reinterpret_cast<Value*>(base->bytes() + offset);
}

/// The latest outcome goes first, the others move back.
void remember(InlineCache& cache, CacheEntry entry) {
  if (cache.first.shape != CacheEntry::no_shape) {
    if (!cache.more) cache.more = std::make_unique<CacheEntry[]>(InlineCache::more_count);
    std::copy_backward(cache.more.get(), cache.more.get() + InlineCache::more_count - 1,
                       cache.more.get() + InlineCache::more_count);
    cache.more[0] = cache.first;
  }
  cache.first = entry;
}

/// Moves an older entry for this shape to the front.
bool promote(InlineCache& cache, RefBits shape) {
  if (!cache.more) return false;
  for (unsigned i = 0; i < InlineCache::more_count; ++i) {
    if (cache.more[i].shape == shape) {
      std::swap(cache.first, cache.more[i]);
      return true;
    }
  }
  return false;
}

/// Where slot `slot` of objects of this shape is. False: too far for a cache entry.
bool locate(const Shape* shape, std::uint32_t slot, CacheEntry* entry, CacheKind inside,
            CacheKind outside) {
  const bool inline_slot = slot < shape->inline_capacity_;
  const std::size_t offset =
      inline_slot ? sizeof(JSObject) + slot * sizeof(Word)
                  : sizeof(PropertyArray) + (slot - shape->inline_capacity_) * sizeof(Word);
  if (offset > 0xffff) return false;
  entry->offset = static_cast<std::uint16_t>(offset);
  entry->kind = static_cast<std::uint8_t>(inline_slot ? inside : outside);
  return true;
}

/// The entry for what a lookup found, if that can be cached. Never collects.
bool describe(Runtime& runtime, Shape* shape, const PropertyRef& ref, CacheEntry* entry) {
  if (!shape || shape->is_dictionary()) return false;
  entry->shape = compress(shape);
  entry->epoch = runtime.prototype_epoch();
  entry->depth = ref.depth;
  if (ref.where == Where::none) {
    entry->kind = static_cast<std::uint8_t>(CacheKind::absent);
    return true;
  }
  if (ref.where == Where::special) {
    entry->kind = static_cast<std::uint8_t>(CacheKind::array_length);
    return has_type(ref.holder, HeapType::Array) && ref.depth == 0;
  }
  if (ref.where != Where::slot || ref.depth == 255) return false;
  return ref.is_accessor() ? locate(ref.holder->shape(), ref.index, entry, CacheKind::getter_inline,
                                    CacheKind::getter_outside)
                           : locate(ref.holder->shape(), ref.index, entry, CacheKind::inline_slot,
                                    CacheKind::outside_slot);
}

enum class Read : std::uint8_t { miss, value, getter };

/// Reads through an entry whose shape matched. `object` is null for primitives, whose properties
/// start at the shape's prototype.
Read read_entry(Runtime& runtime, const CacheEntry& entry, const Shape* shape, JSObject* object,
                Value* out) {
  const auto kind = static_cast<CacheKind>(entry.kind);
  if (entry.depth != 0 || kind == CacheKind::absent) {
    if (entry.epoch != runtime.prototype_epoch()) return Read::miss;
  }
  if (kind == CacheKind::absent) {
    *out = Value::undefined();
    return Read::value;
  }
  JSObject* holder = object;
  if (entry.depth != 0) {
    holder = shape->prototype_.get();
    for (unsigned depth = entry.depth; depth > 1; --depth) holder = holder->prototype();
  }
  switch (kind) {
    case CacheKind::inline_slot:
      *out = *slot_at(holder, entry.offset);
      return Read::value;
    case CacheKind::outside_slot:
      *out = *slot_at(holder->properties_.get(), entry.offset);
      return Read::value;
    case CacheKind::getter_inline:
      *out = *slot_at(holder, entry.offset);
      return Read::getter;
    case CacheKind::getter_outside:
      *out = *slot_at(holder->properties_.get(), entry.offset);
      return Read::getter;
    case CacheKind::array_length:
      if (!has_type(holder, HeapType::Array)) return Read::miss;
      *out = Value::number(holder->length_);
      return Read::value;
    default:
      return Read::miss;
  }
}

Value call_getter(Runtime& runtime, Value accessor, Value receiver) {
  const Value getter = Value::from(accessor.as<Accessor>()->getter_);
  return getter.is_undefined() ? getter : call(runtime, getter, receiver);
}

/// Looks the property up and remembers the outcome. The result of the lookup is returned for the
/// caller to use at once. May collect only for functions with lazy properties.
Value read_and_remember(Runtime& runtime, Value receiver, Shape* shape, PropertyKey key,
                        InlineCache& cache) {
  JSObject* start = receiver.is_object() ? receiver.as_object() : shape->prototype_.get();
  PropertyRef ref = find(runtime, start, key);
  if (ref.where != Where::lazy) {
    if (!receiver.is_object()) ++ref.depth;
    CacheEntry entry;
    if (describe(runtime, shape, ref, &entry)) remember(cache, entry);
  }
  return receiver.is_object() ? get(runtime, start, key, receiver) : get(runtime, receiver, key);
}

Value get_cached(Runtime& runtime, Value receiver, PropertyKey key, InlineCache& cache) {
  JSObject* object = receiver.is_object() ? receiver.as_object() : nullptr;
  Shape* shape = object ? object->shape() : runtime.primitive_shape(receiver);
  const RefBits bits = compress(shape);
  if (cache.first.shape == bits || promote(cache, bits)) {
    Value value;
    switch (read_entry(runtime, cache.first, shape, object, &value)) {
      case Read::value:
        return value;
      case Read::getter:
        return call_getter(runtime, value, receiver);
      case Read::miss:
        cache.first = CacheEntry{};
    }
  }
  return read_and_remember(runtime, receiver, shape, key, cache);
}

/// Remembers a store that overwrote or added an own property. `before` is the shape the object had.
void remember_store(Runtime& runtime, JSObject* object, Shape* before, PropertyKey key,
                    InlineCache& cache) {
  Shape* after = object->shape();
  if (before->is_dictionary() || after->is_dictionary()) return;
  ShapeEntry found;
  if (!shape_lookup(after, key, &found) || (found.flags & kAccessor)) return;
  if (!(found.flags & kWritable)) return;
  // Functions must notice a new `prototype`; prototypes must bump the epoch.
  if (key.is(runtime.atoms().prototype)) return;
  if (before != after && object->flag(JSObject::prototype_flag)) return;
  CacheEntry entry;
  entry.shape = compress(before);
  entry.epoch = runtime.prototype_epoch();
  if (before == after) {
    if (locate(after, found.slot, &entry, CacheKind::inline_slot, CacheKind::outside_slot)) {
      remember(cache, entry);
    }
    return;
  }
  if (after->parent_.get() != before || found.slot + 1 != after->slot_count_) return;
  entry.new_shape = compress(after);
  if (locate(after, found.slot, &entry, CacheKind::add_inline, CacheKind::add_outside)) {
    remember(cache, entry);
  }
}

/// A store through an older entry, or one that has to grow the properties array first.
bool write_entry(Runtime& runtime, const CacheEntry& entry, JSObject* object, Value value) {
  const auto kind = static_cast<CacheKind>(entry.kind);
  Heap& heap = runtime.heap();
  switch (kind) {
    case CacheKind::inline_slot:
      heap.write(object, *reinterpret_cast<Word*>(slot_at(object, entry.offset)), value.word());
      return true;
    case CacheKind::outside_slot: {
      PropertyArray* array = object->properties_.get();
      heap.write(array, *reinterpret_cast<Word*>(slot_at(array, entry.offset)), value.word());
      return true;
    }
    default:
      return false;
  }
}

}  // namespace

namespace handlers {

Value get_named(Runtime& runtime, Value object, String* name, InlineCache& cache) {
  if (object.is_string() && name == runtime.atoms().length) {
    return Value::number(object.as_string()->length());
  }
  if (object.is_nullish()) {
    throw_type_error(runtime, fmt::format("Cannot read properties of {} (reading '{}')",
                                          object.is_null() ? "null" : "undefined", to_utf8(name)));
  }
  return get_cached(runtime, object, PropertyKey(name), cache);
}

void set_named(Runtime& runtime, Value target, String* name, Value value, InlineCache& cache,
               bool strict) {
  if (!target.is_object()) {
    if (target.is_nullish() || strict) {
      set(runtime, target, PropertyKey(name), value);  // throws what it must
    } else {
      try_set(runtime, runtime.primitive_prototype(target), PropertyKey(name), value, target);
    }
    return;
  }
  JSObject* object = target.as_object();
  if (promote(cache, object->shape_.bits()) && write_entry(runtime, cache.first, object, value)) {
    return;
  }
  Rooted<JSObject> root(runtime, object);
  Rooted<Shape> before(runtime, object->shape());
  Rooted<String> key(runtime, name);
  if (!try_set(runtime, object, PropertyKey(name), value, target)) {
    if (strict) throw_failed_set(runtime, root.value(), PropertyKey(key.get()));
    return;
  }
  remember_store(runtime, root.get(), before.get(), PropertyKey(key.get()), cache);
}

void define_named(Runtime& runtime, Value target, String* name, Value value, InlineCache& cache) {
  Rooted<JSObject> object(runtime, target.as_object());
  Rooted<Shape> before(runtime, object->shape());
  Rooted<String> key(runtime, name);
  define(runtime, object.get(), PropertyKey(name), value);
  remember_store(runtime, object.get(), before.get(), PropertyKey(key.get()), cache);
}

Value get_global(Runtime& runtime, String* name, InlineCache& cache, bool or_undefined) {
  const Value global(runtime.global());
  if (!or_undefined) {
    const PropertyRef ref = find(runtime, runtime.global(), PropertyKey(name));
    if (ref.where == Where::none) {
      throw_error(runtime, ErrorKind::ReferenceError,
                  fmt::format("{} is not defined", to_utf8(name)));
    }
  }
  return get_cached(runtime, global, PropertyKey(name), cache);
}

void set_global(Runtime& runtime, String* name, Value value, InlineCache& cache, bool strict) {
  if (strict && find(runtime, runtime.global(), PropertyKey(name)).where == Where::none) {
    throw_error(runtime, ErrorKind::ReferenceError,
                fmt::format("{} is not defined", to_utf8(name)));
  }
  set_named(runtime, Value(runtime.global()), name, value, cache, strict);
}

}  // namespace handlers
}  // namespace heaplab::interp
