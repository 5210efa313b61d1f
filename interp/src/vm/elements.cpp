// SPDX-License-Identifier: MIT
// Indexed properties: dense runs with holes, and a hash table for the sparse rest.

#include <algorithm>
#include <bit>

#include "heaplab/interp/typed_array.h"
#include "vm/property_access.h"

namespace heaplab::interp {
namespace {

/// A gap up to this many elements is filled with holes; a wider one makes the object sparse.
constexpr std::uint32_t max_gap = 1024;
/// Arrays made with a length up to this are given room for all of it at the first store.
constexpr std::uint32_t max_preallocated = 32u << 20;
constexpr std::uint32_t first_sparse_cells = 8;

Word sparse_key(std::uint32_t index, std::uint8_t flags) {
  return Word(Value::int_tag | (std::uint64_t{flags} << 32) | index);
}
constexpr Word deleted_cell() { return Word(Value::undefined().bits()); }
std::uint32_t sparse_hash(std::uint32_t index) { return index * 0x9e3779b1u; }

std::uint32_t sparse_capacity(const SparseElements* sparse) {
  return sparse->cells_ ? sparse->cells_->length() / 2 : 0;
}

void sparse_insert(Heap& heap, WordArray* cells, Word key, Value value) {
  const std::uint32_t mask = cells->length() / 2 - 1;
  std::uint32_t i = sparse_hash(sparse_index(key)) & mask;
  while (cells->words()[2 * i].bits() != 0) i = (i + 1) & mask;
  cells->words()[2 * i] = key;
  heap.write(cells, cells->words()[2 * i + 1], value.word());
}

/// Room for one more. May collect.
void sparse_reserve(Runtime& runtime, SparseElements* sparse_arg) {
  const std::uint32_t capacity = sparse_capacity(sparse_arg);
  if ((sparse_arg->used_ + 1) * 4 <= capacity * 3) return;
  Rooted<SparseElements> sparse(runtime, sparse_arg);
  const std::uint32_t grown = std::max(first_sparse_cells, std::bit_ceil((sparse->count_ + 1) * 2));
  auto* cells = runtime.heap().allocate_array<WordArray>(type_id(HeapType::SparseCells), grown * 2);
  for (std::uint32_t i = 0; i < capacity; ++i) {
    const Word* cell = sparse->cells_->words() + 2 * i;
    if (sparse_live(cell[0])) {
      sparse_insert(runtime.heap(), cells, cell[0], Value::from(cell[1]));
    }
  }
  runtime.heap().write(sparse.get(), sparse->cells_, cells);
  sparse->used_ = sparse->count_;
}

/// Adds or replaces. May collect.
void sparse_put(Runtime& runtime, SparseElements* sparse_arg, std::uint32_t index, Value value_arg,
                std::uint8_t flags) {
  const std::uint32_t at = sparse_find(sparse_arg, index);
  if (at != not_found) {
    WordArray* cells = sparse_arg->cells_.get();
    cells->words()[2 * at] = sparse_key(index, flags);
    runtime.heap().write(cells, cells->words()[2 * at + 1], value_arg.word());
    return;
  }
  Rooted<SparseElements> sparse(runtime, sparse_arg);
  RootedValue value(runtime, value_arg);
  sparse_reserve(runtime, sparse.get());
  sparse_insert(runtime.heap(), sparse->cells_.get(), sparse_key(index, flags), value);
  ++sparse->count_;
  ++sparse->used_;
}

void sparse_remove(Runtime& runtime, SparseElements* sparse, std::uint32_t cell) {
  WordArray* cells = sparse->cells_.get();
  cells->words()[2 * cell] = deleted_cell();
  runtime.heap().write(cells, cells->words()[2 * cell + 1], Word());
  --sparse->count_;
}

bool stays_dense(const JSObject* object, std::uint32_t index) {
  const std::uint32_t capacity = object->elements_->length();
  if (index < capacity + max_gap) return true;
  if (has_type(object, HeapType::Array) && index < object->length_) {
    return object->length_ <= max_preallocated;
  }
  return false;
}

std::uint32_t grown_elements(const JSObject* object, std::uint32_t index) {
  const std::uint64_t grown = std::uint64_t{index} + index / 2 + 16;
  const bool declared = has_type(object, HeapType::Array) && object->length_ > index + 1 &&
                        object->length_ <= max_preallocated;
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(declared ? object->length_ : grown, 0xffff'fff0u));
}

}  // namespace

std::uint32_t sparse_find(const SparseElements* sparse, std::uint32_t index) {
  const std::uint32_t capacity = sparse_capacity(sparse);
  if (capacity == 0) return not_found;
  const Word* cells = sparse->cells_->words();
  for (std::uint32_t i = sparse_hash(index) & (capacity - 1);; i = (i + 1) & (capacity - 1)) {
    const Word key = cells[2 * i];
    if (key.bits() == 0) return not_found;
    if (sparse_live(key) && sparse_index(key) == index) return i;
  }
}

void reserve_elements(Runtime& runtime, JSObject* object_arg, std::uint32_t capacity) {
  if (capacity <= object_arg->elements_->length()) return;
  Rooted<JSObject> object(runtime, object_arg);
  auto* grown = runtime.heap().allocate_array<WordArray>(type_id(HeapType::WordArray), capacity);
  const WordArray* old = object->dense_elements();
  const std::uint32_t used = std::min(old->length(), object->length_);
  runtime.heap().copy_words(grown, grown->words(), old->words(), used);
  runtime.heap().write(object.get(), object->elements_, static_cast<Object*>(grown));
}

void make_sparse(Runtime& runtime, JSObject* object_arg) {
  if (!object_arg->has_dense_elements()) return;
  Rooted<JSObject> object(runtime, object_arg);
  Rooted<SparseElements> sparse(
      runtime, runtime.heap().allocate<SparseElements>(type_id(HeapType::SparseElements)));
  std::uint8_t flags = kAll;
  if (object->flag(JSObject::sealed_elements_flag))
    flags &= static_cast<std::uint8_t>(~kConfigurable);
  if (object->flag(JSObject::frozen_elements_flag)) flags &= static_cast<std::uint8_t>(~kWritable);
  const std::uint32_t used = std::min(object->length_, object->elements_->length());
  for (std::uint32_t i = 0; i < used; ++i) {
    const Value value = dense_element(object.get(), i);
    if (!value.is_hole()) sparse_put(runtime, sparse.get(), i, value, flags);
  }
  object->set_flag(JSObject::sealed_elements_flag, false);
  object->set_flag(JSObject::frozen_elements_flag, false);
  if (!has_type(object.get(), HeapType::Array)) object->length_ = 0;
  runtime.heap().write(object.get(), object->elements_, static_cast<Object*>(sparse.get()));
}

bool put_element(Runtime& runtime, JSObject* object_arg, std::uint32_t index, Value value_arg,
                 std::uint8_t flags) {
  const bool array = has_type(object_arg, HeapType::Array);
  if (array && index >= object_arg->length_ && object_arg->flag(JSObject::fixed_length_flag)) {
    return false;
  }
  Rooted<JSObject> object(runtime, object_arg);
  RootedValue value(runtime, value_arg);
  if (object->has_dense_elements()) {
    const bool locked = object->flag(JSObject::sealed_elements_flag);
    if (flags != kAll || locked || !stays_dense(object.get(), index)) {
      make_sparse(runtime, object.get());
    } else if (index >= object->elements_->length()) {
      reserve_elements(runtime, object.get(), grown_elements(object.get(), index));
    }
  }
  const bool dense = object->has_dense_elements();
  if (dense) {
    write_element(runtime.heap(), object->dense_elements(), index, value);
  } else {
    sparse_put(runtime, static_cast<SparseElements*>(object->elements_.get()), index, value, flags);
  }
  if ((array || dense) && index >= object->length_) object->length_ = index + 1;
  return true;
}

void set_dense_element(Runtime& runtime, JSObject* object, std::uint32_t i, Value value) {
  write_element(runtime.heap(), object->dense_elements(), i, value);
}

void array_push(Runtime& runtime, JSArray* array, Value value) {
  const std::uint32_t length = array->length_;
  if (length < array->elements_->length() && array->is_extensible()) {
    write_element(runtime.heap(), array->dense_elements(), length, value);
    array->length_ = length + 1;
    return;
  }
  set_index(runtime, array, length, value);
}

bool delete_element(Runtime& runtime, JSObject* object, std::uint32_t index) {
  if (object->has_dense_elements()) {
    if (index >= object->elements_->length()) return true;
    if (object->dense_elements()->get(index).is_hole()) return true;
    if (object->flag(JSObject::sealed_elements_flag)) return false;
    write_element(runtime.heap(), object->dense_elements(), index, Value::hole());
    if (!has_type(object, HeapType::Array) && index + 1 == object->length_) --object->length_;
    return true;
  }
  auto* sparse = static_cast<SparseElements*>(object->elements_.get());
  const std::uint32_t at = sparse_find(sparse, index);
  if (at == not_found) return true;
  if (!(sparse_flags(sparse->cells_->words()[2 * at]) & kConfigurable)) return false;
  sparse_remove(runtime, sparse, at);
  return true;
}

namespace {

bool shrink_dense(Runtime& runtime, JSArray* array_arg, std::uint32_t length) {
  const std::uint32_t capacity = array_arg->elements_->length();
  const std::uint32_t used = std::min(array_arg->length_, capacity);
  if (array_arg->flag(JSObject::sealed_elements_flag) && length < used) return false;
  if (length < used) {
    WordArray* elements = array_arg->dense_elements();
    runtime.heap().fill_words(elements, elements->words() + length, Word(), used - length);
  }
  array_arg->length_ = length;
  if (length == 0) {
    runtime.heap().write(array_arg, array_arg->elements_,
                         static_cast<Object*>(runtime.empty_elements()));
  } else if (capacity > 64 && length < capacity / 4) {
    // Give most of the memory back, keep room to grow again.
    Rooted<JSArray> array(runtime, array_arg);
    auto* trimmed = runtime.heap().allocate_array<WordArray>(type_id(HeapType::WordArray),
                                                             length + length / 2 + 16);
    runtime.heap().copy_words(trimmed, trimmed->words(), array->dense_elements()->words(), length);
    runtime.heap().write(array.get(), array->elements_, static_cast<Object*>(trimmed));
  }
  return true;
}

/// The language deletes from the end and stops at the first element it may not delete.
bool shrink_sparse(Runtime& runtime, JSArray* array, std::uint32_t length) {
  std::vector<std::uint32_t> indices;
  element_indices(array, &indices);
  while (!indices.empty() && indices.back() >= length) {
    if (!delete_element(runtime, array, indices.back())) {
      array->length_ = indices.back() + 1;
      return false;
    }
    indices.pop_back();
  }
  array->length_ = length;
  return true;
}

}  // namespace

bool set_array_length(Runtime& runtime, JSArray* array, std::uint32_t length) {
  if (length == array->length_) return true;
  if (array->flag(JSObject::fixed_length_flag)) return false;
  if (length > array->length_) {
    array->length_ = length;
    return true;
  }
  return array->has_dense_elements() ? shrink_dense(runtime, array, length)
                                     : shrink_sparse(runtime, array, length);
}

void element_indices(const JSObject* object, std::vector<std::uint32_t>* out) {
  if (object->has_dense_elements()) {
    const std::uint32_t used = std::min(object->length_, object->elements_->length());
    for (std::uint32_t i = 0; i < used; ++i) {
      if (!object->dense_elements()->get(i).is_hole()) out->push_back(i);
    }
    return;
  }
  const auto* sparse = static_cast<const SparseElements*>(object->elements_.get());
  for (std::uint32_t i = 0; i < sparse_capacity(sparse); ++i) {
    const Word key = sparse->cells_->words()[2 * i];
    if (sparse_live(key)) out->push_back(sparse_index(key));
  }
  std::sort(out->begin(), out->end());
}

}  // namespace heaplab::interp
