// SPDX-License-Identifier: MIT
// WeakMap and WeakSet: open addressing over a table of ephemerons.
#include "collections.h"
#include "install.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

bool can_be_held_weakly(Value value) {
  return value.is_object() ||
         (value.is_symbol() && !value.as_symbol()->flag(Symbol::registered_flag));
}

EphemeronTable* new_ephemeron_table(Runtime& runtime, std::uint32_t pairs) {
  return runtime.heap().allocate_array<EphemeronTable>(type_id(HeapType::EphemeronTable), pairs);
}

// The pair with that key, or the empty one where a search for it ends. Never collects.
EphemeronTable::Pair* find_pair(EphemeronTable* table, std::uint32_t hash, Value key) {
  const std::uint32_t mask = table->length() - 1;
  for (std::uint32_t i = hash & mask;; i = (i + 1) & mask) {
    EphemeronTable::Pair* pair = table->pairs() + i;
    if (pair->key == key.word() || pair->key.bits() == 0) return pair;
  }
}

EphemeronTable::Pair* lookup(Runtime& runtime, JSWeakCollection* collection, Value key) {
  std::uint32_t hash = 0;
  if (!can_be_held_weakly(key) || !known_hash(runtime, key, &hash)) return nullptr;
  EphemeronTable::Pair* pair = find_pair(collection->table_.get(), hash, key);
  return pair->key.bits() == 0 ? nullptr : pair;
}

void put(Runtime& runtime, EphemeronTable* table, std::uint32_t hash, Word key, Word value) {
  EphemeronTable::Pair* pair = find_pair(table, hash, Value::from(key));
  if (pair->key.bits() == 0) ++table->used_;
  runtime.heap().write_weak(table, pair->key, key);
  runtime.heap().write_weak(table, pair->value, value);
}

// A table without the dead pairs and with room for more.
void rebuild(Runtime& runtime, JSWeakCollection* collection_arg) {
  Rooted<JSWeakCollection> collection(runtime, collection_arg);
  EphemeronTable* old_table = collection->table_.get();
  std::uint32_t live = 0;
  for (std::uint32_t i = 0; i < old_table->length(); ++i) {
    live += old_table->pairs()[i].key.is_reference();
  }
  std::uint32_t size = 8;
  while (size < live * 3) size *= 2;
  Rooted<EphemeronTable> table(runtime, new_ephemeron_table(runtime, size));
  old_table = collection->table_.get();
  for (std::uint32_t i = 0; i < old_table->length(); ++i) {
    const EphemeronTable::Pair pair = old_table->pairs()[i];
    std::uint32_t hash = 0;
    if (!pair.key.is_reference()) continue;
    known_hash(runtime, Value::from(pair.key), &hash);
    put(runtime, table.get(), hash, pair.key, pair.value);
  }
  runtime.heap().write(collection.get(), collection->table_, table.get());
}

void weak_set(Runtime& runtime, const Arguments& args, JSWeakCollection* collection_arg,
              Value value_arg, const char* complaint) {
  if (!can_be_held_weakly(args[0])) {
    throw_type_error(runtime, complaint);
  }
  Rooted<JSWeakCollection> collection(runtime, collection_arg);
  RootedValue value(runtime, value_arg);
  const std::uint32_t hash = value_hash(runtime, args[0]);
  EphemeronTable* table = collection->table_.get();
  if (table->used_ + 1 > table->length() / 4 * 3) rebuild(runtime, collection.get());
  put(runtime, collection->table_.get(), hash, args[0].word(), value.get().word());
}

JSWeakCollection* this_weak_map(Runtime& runtime, const Arguments& args, const char* method) {
  return this_as<JSWeakCollection>(runtime, args, HeapType::WeakMap, method);
}
JSWeakCollection* this_weak_set(Runtime& runtime, const Arguments& args, const char* method) {
  return this_as<JSWeakCollection>(runtime, args, HeapType::WeakSet, method);
}

Value weak_delete(Runtime& runtime, const Arguments& args, JSWeakCollection* collection) {
  EphemeronTable::Pair* pair = lookup(runtime, collection, args[0]);
  if (pair == nullptr) return Value::boolean(false);
  EphemeronTable* table = collection->table_.get();
  runtime.heap().write_weak(table, pair->key, Word::cleared());
  runtime.heap().write_weak(table, pair->value, Word::cleared());
  return Value::boolean(true);
}

Value weak_map_get(Runtime& runtime, Arguments& args) {
  const EphemeronTable::Pair* pair =
      lookup(runtime, this_weak_map(runtime, args, "WeakMap.prototype.get"), args[0]);
  return pair ? Value::from(pair->value) : Value::undefined();
}
Value weak_map_has(Runtime& runtime, Arguments& args) {
  return Value::boolean(
      lookup(runtime, this_weak_map(runtime, args, "WeakMap.prototype.has"), args[0]) != nullptr);
}
Value weak_map_set(Runtime& runtime, Arguments& args) {
  weak_set(runtime, args, this_weak_map(runtime, args, "WeakMap.prototype.set"), args[1],
           "Invalid value used as weak map key");
  return args.this_value();
}
Value weak_map_delete(Runtime& runtime, Arguments& args) {
  return weak_delete(runtime, args, this_weak_map(runtime, args, "WeakMap.prototype.delete"));
}
Value weak_set_has(Runtime& runtime, Arguments& args) {
  return Value::boolean(
      lookup(runtime, this_weak_set(runtime, args, "WeakSet.prototype.has"), args[0]) != nullptr);
}
Value weak_set_add(Runtime& runtime, Arguments& args) {
  weak_set(runtime, args, this_weak_set(runtime, args, "WeakSet.prototype.add"),
           Value::boolean(true), "Invalid value used in weak set");
  return args.this_value();
}
Value weak_set_delete(Runtime& runtime, Arguments& args) {
  return weak_delete(runtime, args, this_weak_set(runtime, args, "WeakSet.prototype.delete"));
}

JSWeakCollection* new_weak_collection(Runtime& runtime, const Arguments& args, HeapType type,
                                      Intrinsic fallback) {
  JSObject* prototype =
      prototype_for_construct(runtime, args.new_target(), runtime.intrinsic(fallback));
  Rooted<JSWeakCollection> collection(runtime,
                                      new_exotic<JSWeakCollection>(runtime, type, prototype));
  Rooted<EphemeronTable> table(runtime, new_ephemeron_table(runtime, 8));
  runtime.heap().write(collection.get(), collection->table_, table.get());
  return collection.get();
}

Value weak_map_constructor(Runtime& runtime, Arguments& args) {
  require_new(runtime, args, "WeakMap");
  Rooted<JSObject> map(
      runtime, new_weak_collection(runtime, args, HeapType::WeakMap, Intrinsic::WeakMapPrototype));
  if (args[0].is_nullish()) return map.value();
  RootedValue adder(runtime, get_property(runtime, map.value(), "set"));
  iterate(runtime, args[0], [&](Value item) {
    RootedValue entry(runtime, item);
    if (!item.is_object()) {
      throw_type_error(runtime, "Iterator value " + describe_for_error(runtime, item) +
                                    " is not an entry object");
    }
    RootedValue key(runtime, get_index(runtime, entry, 0));
    RootedValue value(runtime, get_index(runtime, entry, 1));
    call(runtime, adder, map.value(), {key.get(), value.get()});
    return true;
  });
  return map.value();
}

Value weak_set_constructor(Runtime& runtime, Arguments& args) {
  require_new(runtime, args, "WeakSet");
  Rooted<JSObject> set(
      runtime, new_weak_collection(runtime, args, HeapType::WeakSet, Intrinsic::WeakSetPrototype));
  if (args[0].is_nullish()) return set.value();
  RootedValue adder(runtime, get_property(runtime, set.value(), "add"));
  iterate(runtime, args[0], [&](Value item) {
    call(runtime, adder, set.value(), {item});
    return true;
  });
  return set.value();
}

const NativeInfo weak_map_info{"WeakMap", 0, weak_map_constructor, true};
const NativeInfo weak_set_info{"WeakSet", 0, weak_set_constructor, true};
const NativeInfo weak_map_methods[] = {
    {"delete", 1, weak_map_delete},
    {"get", 1, weak_map_get},
    {"set", 2, weak_map_set},
    {"has", 1, weak_map_has},
};
const NativeInfo weak_set_methods[] = {
    {"delete", 1, weak_set_delete},
    {"has", 1, weak_set_has},
    {"add", 1, weak_set_add},
};

}  // namespace

void install_weak_collections(Runtime& runtime) {
  define_class(runtime, weak_map_info, runtime.intrinsic(Intrinsic::WeakMapPrototype));
  define_methods(runtime, runtime.intrinsic(Intrinsic::WeakMapPrototype), weak_map_methods);
  define_tag(runtime, runtime.intrinsic(Intrinsic::WeakMapPrototype), "WeakMap");
  define_class(runtime, weak_set_info, runtime.intrinsic(Intrinsic::WeakSetPrototype));
  define_methods(runtime, runtime.intrinsic(Intrinsic::WeakSetPrototype), weak_set_methods);
  define_tag(runtime, runtime.intrinsic(Intrinsic::WeakSetPrototype), "WeakSet");
}

}  // namespace heaplab::interp::builtins
