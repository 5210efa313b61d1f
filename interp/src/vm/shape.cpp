// SPDX-License-Identifier: MIT
#include "heaplab/interp/shape.h"

#include <algorithm>
#include <bit>

#include "heaplab/interp/runtime.h"
#include "vm/property_access.h"

namespace heaplab::interp {
namespace {

constexpr std::uint32_t first_table_capacity = 4;
/// Tables up to this many entries are searched from the front.
constexpr std::uint32_t linear_search_limit = 8;
constexpr std::uint32_t first_transition_cells = 4;

Word make_info(std::uint32_t slot, std::uint8_t flags) {
  return Word(Value::int_tag | (slot << 8) | flags);
}

void index_insert(PropertyIndex* index, std::uint32_t hash, std::uint32_t entry) {
  const std::uint32_t mask = index->length() - 1;
  std::uint32_t* cells = index->cells();
  std::uint32_t i = hash & mask;
  while (cells[i] != 0) i = (i + 1) & mask;
  cells[i] = entry + 1;
}

PropertyTable* allocate_table(Runtime& runtime, std::uint32_t capacity) {
  return static_cast<PropertyTable*>(
      runtime.heap().allocate_old(type_id(HeapType::PropertyTable), capacity * 2));
}

/// A copy of the first `count` entries (without the deleted ones) with room for `capacity`.
/// May collect.
PropertyTable* copy_table(Runtime& runtime, PropertyTable* table, std::uint32_t count,
                          std::uint32_t capacity) {
  Rooted<PropertyTable> from(runtime, table);
  Rooted<PropertyTable> to(runtime, allocate_table(runtime, capacity));
  if (capacity > linear_search_limit) {
    Object* index =
        runtime.heap().allocate_old(type_id(HeapType::PropertyIndex), std::bit_ceil(capacity) * 2);
    runtime.heap().write(to.get(), to->index_, static_cast<PropertyIndex*>(index));
  }
  std::uint32_t used = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    const PropertyTable::Entry& source = from->entries()[i];
    if (Value::from(source.key).is_hole()) continue;
    PropertyTable::Entry& target = to->entries()[used];
    runtime.heap().write(to.get(), target.key, source.key);
    target.info = source.info;
    if (to->index_) index_insert(to->index_.get(), entry_key(source).hash(), used);
    ++used;
  }
  to->count_ = used;
  to->free_slot_ = from ? from->free_slot_ : 0;
  return to.get();
}

/// Appends. \pre there is room
void append_entry(Runtime& runtime, PropertyTable* table, PropertyKey key, std::uint32_t slot,
                  std::uint8_t flags) {
  PropertyTable::Entry& entry = table->entries()[table->count_];
  runtime.heap().write(table, entry.key, key.to_rootable().word());
  entry.info = make_info(slot, flags);
  if (table->index_) index_insert(table->index_.get(), key.hash(), table->count_);
  ++table->count_;
}

std::uint32_t grown_capacity(std::uint32_t count) {
  return std::max(first_table_capacity, count * 2);
}

std::uint32_t transition_hash(PropertyKey key, std::uint8_t flags) {
  return key.hash() + flags * 7u;
}

const PropertyTable::Entry& last_entry(const Shape* shape) {
  return shape->table_->entries()[shape->property_count_ - 1];
}

Shape* find_transition(const Shape* shape, PropertyKey key, std::uint8_t flags) {
  auto* table = static_cast<TransitionTable*>(shape->transitions_.get());
  if (!table) return nullptr;
  const std::uint32_t mask = table->length() - 1;
  for (std::uint32_t i = transition_hash(key, flags) & mask;; i = (i + 1) & mask) {
    const Value cell = Value::from(table->cells()[i]);
    if (cell.is_hole()) return nullptr;
    if (!cell.is_reference()) continue;  // a child that died
    auto* child = cell.as<Shape>();
    const PropertyTable::Entry& entry = last_entry(child);
    if (entry_key(entry) == key && entry_flags(entry) == flags) return child;
  }
}

void place_transition(Runtime& runtime, TransitionTable* table, Shape* child) {
  const PropertyTable::Entry& entry = last_entry(child);
  const std::uint32_t mask = table->length() - 1;
  std::uint32_t i = transition_hash(entry_key(entry), entry_flags(entry)) & mask;
  while (!Value::from(table->cells()[i]).is_hole()) i = (i + 1) & mask;
  runtime.heap().write_weak(table, table->cells()[i], Word(child));
  ++table->used_;
}

/// May collect.
void add_transition(Runtime& runtime, Shape* parent_shape, Shape* child_shape) {
  Rooted<Shape> parent(runtime, parent_shape);
  Rooted<Shape> child(runtime, child_shape);
  auto* table = static_cast<TransitionTable*>(parent->transitions_.get());
  if (!table || (table->used_ + 1) * 4 > table->length() * 3) {
    std::uint32_t live = 1;
    for (std::uint32_t i = 0; table && i < table->length(); ++i) {
      live += Word::is_reference(table->cells()[i].bits()) ? 1 : 0;
    }
    const std::uint32_t cells = std::max(first_transition_cells, std::bit_ceil(live * 2));
    Rooted<TransitionTable> grown(
        runtime, static_cast<TransitionTable*>(
                     runtime.heap().allocate_old(type_id(HeapType::TransitionTable), cells)));
    table = static_cast<TransitionTable*>(parent->transitions_.get());
    for (std::uint32_t i = 0; table && i < table->length(); ++i) {
      const Value cell = Value::from(table->cells()[i]);
      if (cell.is_reference()) place_transition(runtime, grown.get(), cell.as<Shape>());
    }
    runtime.heap().write(parent.get(), parent->transitions_, static_cast<Object*>(grown.get()));
    table = grown.get();
  }
  place_transition(runtime, table, child.get());
}

/// Shapes live long and are few: straight into old space, so that inline caches need no work at
/// minor collections. May collect.
Shape* allocate_shape(Runtime& runtime) {
  return static_cast<Shape*>(runtime.heap().allocate_old(type_id(HeapType::Shape), 0));
}

}  // namespace

bool shape_lookup(const Shape* shape, PropertyKey key, ShapeEntry* out) {
  const PropertyTable* table = shape->table_.get();
  const std::uint32_t count = shape->property_count_;
  if (count == 0) return false;
  const PropertyTable::Entry* entries = table->entries();
  const std::uint64_t wanted = key.to_rootable().bits();
  std::uint32_t at = count;
  if (const PropertyIndex* index = table->index_.get()) {
    const std::uint32_t mask = index->length() - 1;
    for (std::uint32_t i = key.hash() & mask;; i = (i + 1) & mask) {
      const std::uint32_t cell = index->cells()[i];
      if (cell == 0) return false;
      if (entries[cell - 1].key.bits() == wanted) {
        at = cell - 1;
        break;
      }
    }
  } else {
    for (at = 0; at < count && entries[at].key.bits() != wanted; ++at) {
    }
  }
  if (at >= count) return false;  // not there, or added by a descendant only
  *out = {entry_slot(entries[at]), entry_flags(entries[at]), at};
  return true;
}

Shape* new_root_shape(Runtime& runtime, JSObject* prototype, std::uint32_t inline_capacity) {
  Rooted<JSObject> proto(runtime, prototype);
  Shape* shape = allocate_shape(runtime);
  runtime.heap().write(shape, shape->prototype_, proto.get());
  shape->inline_capacity_ = inline_capacity;
  if (proto) proto->set_flag(JSObject::prototype_flag, true);
  return shape;
}

Shape* shape_with_property(Runtime& runtime, Shape* parent_shape, PropertyKey key_arg,
                           std::uint8_t flags) {
  assert(!parent_shape->is_dictionary() && "dictionaries change in place");
  if (Shape* child = find_transition(parent_shape, key_arg, flags)) return child;
  Rooted<Shape> parent(runtime, parent_shape);
  RootedValue key(runtime, key_arg.to_rootable());
  Rooted<Shape> child(runtime, allocate_shape(runtime));
  const std::uint32_t count = parent->property_count_;
  PropertyTable* table = parent->table_.get();
  // Append in place if nobody branched off after our last property; else start a table of our own.
  if (!table || table->count_ != count || count == table->capacity()) {
    table = copy_table(runtime, table, count, grown_capacity(count));
  }
  append_entry(runtime, table, PropertyKey::from_value(key), count, flags);
  Heap& heap = runtime.heap();
  heap.write(child.get(), child->table_, table);
  heap.write(child.get(), child->prototype_, parent->prototype_.get());
  heap.write(child.get(), child->parent_, parent.get());
  child->property_count_ = count + 1;
  child->slot_count_ = count + 1;
  child->inline_capacity_ = parent->inline_capacity_;
  add_transition(runtime, parent.get(), child.get());
  return child.get();
}

Shape* dictionary_copy(Runtime& runtime, Shape* original) {
  Rooted<Shape> from(runtime, original);
  Rooted<Shape> to(runtime, allocate_shape(runtime));
  PropertyTable* table = copy_table(runtime, from->table_.get(), from->property_count_,
                                    grown_capacity(from->property_count_));
  Heap& heap = runtime.heap();
  heap.write(to.get(), to->table_, table);
  heap.write(to.get(), to->prototype_, from->prototype_.get());
  to->property_count_ = table->count_;
  to->slot_count_ = from->slot_count_;
  to->inline_capacity_ = from->inline_capacity_;
  to->set_flag(Shape::dictionary_flag, true);
  return to.get();
}

void dictionary_add(Runtime& runtime, Shape* shape_arg, PropertyKey key_arg, std::uint8_t flags,
                    std::uint32_t slot) {
  assert(shape_arg->is_dictionary() && "only dictionaries change in place");
  PropertyTable* table = shape_arg->table_.get();
  if (table->count_ < table->capacity()) {
    append_entry(runtime, table, key_arg, slot, flags);
    ++shape_arg->property_count_;
    return;
  }
  Rooted<Shape> shape(runtime, shape_arg);
  RootedValue key(runtime, key_arg.to_rootable());
  table =
      copy_table(runtime, table, table->count_, grown_capacity(table->count_ - table->deleted_));
  runtime.heap().write(shape.get(), shape->table_, table);
  append_entry(runtime, table, PropertyKey::from_value(key), slot, flags);
  shape->property_count_ = table->count_;
}

void dictionary_set_flags(Shape* shape, std::uint32_t entry, std::uint8_t flags) {
  PropertyTable::Entry& e = shape->table_->entries()[entry];
  e.info = make_info(entry_slot(e), flags);
}

void dictionary_remove(Runtime& runtime, Shape* shape, std::uint32_t entry) {
  PropertyTable* table = shape->table_.get();
  runtime.heap().write(table, table->entries()[entry].key, Word());
  ++table->deleted_;
}

}  // namespace heaplab::interp
