// SPDX-License-Identifier: MIT
#include "collections.h"
#include "support.h"
#include "vm/property_access.h"

namespace heaplab::interp::builtins {

namespace {

// Objects move, so their addresses cannot serve as hashes. An object that becomes a key gets a
// number, kept as a property under a private name; strings and symbols have theirs already.
struct IdentityHashes {
  Value name = Value::undefined();  ///< the private name
  std::uint32_t last = 0;
};

IdentityHashes& identity_hashes(Runtime& runtime) {
  auto& state = runtime.state<IdentityHashes>();
  if (state.name.is_undefined()) {
    runtime.add_named_root("identity hash name", &state.name);
    Rooted<String> text(runtime, new_string_latin1(runtime, "#identityHash"));
    state.name = Value(new_private_name(runtime, text.get()));
  }
  return state;
}

std::uint32_t mix(std::uint64_t bits) {
  bits ^= bits >> 32;
  bits *= 0x9e3779b97f4a7c15u;
  return static_cast<std::uint32_t>(bits >> 32);
}

bool stored_hash(Runtime& runtime, const IdentityHashes& hashes, JSObject* object,
                 std::uint32_t* out) {
  const PropertyRef found = find_own(runtime, object, PropertyKey(hashes.name.as_symbol()));
  if (!found.found()) return false;
  *out = mix(static_cast<std::uint64_t>(found.value.as_int()));
  return true;
}

bool primitive_hash(Value value, std::uint32_t* out) {
  if (value.is_string()) {
    *out = hash_of(value.as_string());
  } else if (value.is_symbol()) {
    *out = value.as_symbol()->hash_;
  } else if (value.is_reference()) {
    return false;
  } else {
    *out = mix(value.bits());
  }
  return true;
}

Value normalized(Value key) {
  if (key.is_double() && key.as_double() == 0) return Value::integer(0);
  return key;
}

std::uint32_t index_size(std::uint32_t capacity) {
  std::uint32_t size = 8;
  while (size < capacity + capacity / 2) size *= 2;
  return size;
}

void index_insert(TableIndex* index, std::uint32_t hash, std::uint32_t entry) {
  const std::uint32_t mask = index->length() - 1;
  std::uint32_t cell = hash & mask;
  while (index->cells()[cell] != 0) cell = (cell + 1) & mask;
  index->cells()[cell] = entry + 1;
}

// A table with the live entries of the collection's and room for more, in its place.
void rebuild(Runtime& runtime, JSCollection* collection_arg) {
  Rooted<JSCollection> collection(runtime, collection_arg);
  const OrderedTable* old_table = collection->table_.get();
  constexpr std::uint32_t most = 1u << 24;  // V8's limit
  const std::uint32_t wanted = std::max(4u, old_table->live() * 2);
  const std::uint32_t capacity = old_table->live() < most ? std::min(wanted, most) : most + 1;
  Rooted<OrderedTable> table(runtime, new_ordered_table(runtime, capacity, old_table->stride_));
  OrderedTable* from = collection->table_.get();
  Heap& heap = runtime.heap();
  for (std::uint32_t i = 0; i < from->used_; ++i) {
    const Value key = Value::from(from->entry(i)[0]);
    if (key.is_hole()) continue;
    std::uint32_t hash = 0;
    known_hash(runtime, key, &hash);
    index_insert(table->index_.get(), hash, table->used_);
    Word* to = table->entry(table->used_++);
    for (std::uint32_t w = 0; w < from->stride_; ++w) {
      heap.write(table.get(), to[w], from->entry(i)[w]);
    }
  }
  heap.write(from, from->next_, table.get());
  heap.write(collection.get(), collection->table_, table.get());
}

}  // namespace

std::uint32_t value_hash(Runtime& runtime, Value value) {
  std::uint32_t hash = 0;
  if (primitive_hash(normalized(value), &hash)) return hash;
  RootedValue kept(runtime, value);
  IdentityHashes& hashes = identity_hashes(runtime);
  if (stored_hash(runtime, hashes, kept.get().as_object(), &hash)) return hash;
  const auto number = static_cast<std::int32_t>(++hashes.last & 0x7fff'ffff);
  add_property(runtime, kept.get().as_object(), PropertyKey(hashes.name.as_symbol()),
               Value::integer(number), kWritable);
  return mix(static_cast<std::uint64_t>(number));
}

bool known_hash(Runtime& runtime, Value value, std::uint32_t* out) {
  if (primitive_hash(normalized(value), out)) return true;
  const auto& hashes = runtime.state<IdentityHashes>();
  if (hashes.name.is_undefined()) return false;
  return stored_hash(runtime, hashes, value.as_object(), out);
}

OrderedTable* new_ordered_table(Runtime& runtime, std::uint32_t capacity, std::uint32_t stride) {
  if (capacity > (1u << 24)) {
    throw_range_error(runtime,
                      stride == 2 ? "Map maximum size exceeded" : "Set maximum size exceeded");
  }
  Heap& heap = runtime.heap();
  Rooted<TableIndex> index(runtime, heap.allocate_array<TableIndex>(
                                        type_id(HeapType::PropertyIndex), index_size(capacity)));
  auto* table =
      heap.allocate_array<OrderedTable>(type_id(HeapType::OrderedTable), capacity * stride);
  table->stride_ = stride;
  heap.write(table, table->index_, index.get());
  return table;
}

std::uint32_t table_find(Runtime& runtime, OrderedTable* table, Value key) {
  key = normalized(key);
  std::uint32_t hash = 0;
  if (!known_hash(runtime, key, &hash)) return no_entry;
  TableIndex* index = table->index_.get();
  const std::uint32_t mask = index->length() - 1;
  for (std::uint32_t cell = hash & mask;; cell = (cell + 1) & mask) {
    const std::uint32_t entry = index->cells()[cell];
    if (entry == 0) return no_entry;
    const Value candidate = Value::from(table->entry(entry - 1)[0]);
    if (candidate == key || (key.is_string() && candidate.is_string() &&
                             equal(candidate.as_string(), key.as_string()))) {
      return entry - 1;
    }
  }
}

void collection_set(Runtime& runtime, JSCollection* collection_arg, Value key_arg,
                    Value value_arg) {
  Rooted<JSCollection> collection(runtime, collection_arg);
  RootedValue key(runtime, normalized(key_arg));
  RootedValue value(runtime, value_arg);
  const std::uint32_t hash = value_hash(runtime, key);
  const std::uint32_t found = table_find(runtime, collection->table_.get(), key);
  Heap& heap = runtime.heap();
  if (found != no_entry) {
    OrderedTable* table = collection->table_.get();
    if (table->stride_ == 2) heap.write(table, table->entry(found)[1], value.get().word());
    return;
  }
  if (collection->table_->used_ == collection->table_->capacity()) {
    rebuild(runtime, collection.get());
  }
  OrderedTable* table = collection->table_.get();
  index_insert(table->index_.get(), hash, table->used_);
  Word* entry = table->entry(table->used_++);
  heap.write(table, entry[0], key.get().word());
  if (table->stride_ == 2) heap.write(table, entry[1], value.get().word());
}

bool collection_delete(Runtime& runtime, JSCollection* collection, Value key) {
  OrderedTable* table = collection->table_.get();
  const std::uint32_t found = table_find(runtime, table, key);
  if (found == no_entry) return false;
  Heap& heap = runtime.heap();
  for (std::uint32_t w = 0; w < table->stride_; ++w)
    heap.write(table, table->entry(found)[w], Word());
  ++table->deleted_;
  // Keep memory and iteration in proportion to what is there.
  if (table->capacity() > 8 && table->live() < table->capacity() / 4) rebuild(runtime, collection);
  return true;
}

void collection_clear(Runtime& runtime, JSCollection* collection_arg) {
  Rooted<JSCollection> collection(runtime, collection_arg);
  const std::uint32_t stride = collection->table_->stride_;
  Rooted<OrderedTable> table(runtime, new_ordered_table(runtime, 4, stride));
  OrderedTable* old_table = collection->table_.get();
  old_table->cleared_ = 1;
  // An iterator may keep the old table for long: it must not keep the entries.
  runtime.heap().fill_words(old_table, old_table->words(), Word(), old_table->length());
  runtime.heap().write(old_table, old_table->next_, table.get());
  runtime.heap().write(collection.get(), collection->table_, table.get());
}

OrderedTable* current_table(OrderedTable* table, std::uint64_t* position) {
  while (table->next_) {
    std::uint64_t holes = 0;
    const std::uint64_t end = std::min<std::uint64_t>(*position, table->used_);
    for (std::uint64_t i = 0; i < end && !table->cleared_; ++i) {
      holes += Value::from(table->entry(static_cast<std::uint32_t>(i))[0]).is_hole();
    }
    *position = table->cleared_ ? 0 : *position - holes;
    table = table->next_.get();
  }
  return table;
}

bool next_entry(OrderedTable* table, std::uint64_t* position) {
  while (*position < table->used_) {
    if (!Value::from(table->entry(static_cast<std::uint32_t>(*position))[0]).is_hole()) return true;
    ++*position;
  }
  return false;
}

}  // namespace heaplab::interp::builtins
