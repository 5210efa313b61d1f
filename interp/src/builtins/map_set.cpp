// SPDX-License-Identifier: MIT
// Map and Set.
#include "collections.h"
#include "install.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

constexpr HeapType map_type = HeapType::Map;
constexpr HeapType set_type = HeapType::Set;

JSCollection* new_collection(Runtime& runtime, const Arguments& args, HeapType type) {
  const bool is_map = type == map_type;
  JSObject* fallback =
      runtime.intrinsic(is_map ? Intrinsic::MapPrototype : Intrinsic::SetPrototype);
  JSObject* prototype = prototype_for_construct(runtime, args.new_target(), fallback);
  Rooted<JSCollection> collection(runtime, new_exotic<JSCollection>(runtime, type, prototype));
  Rooted<OrderedTable> table(runtime, new_ordered_table(runtime, 4, is_map ? 2 : 1));
  runtime.heap().write(collection.get(), collection->table_, table.get());
  return collection.get();
}

// Adds what the constructor's argument lists, through the object's own set() or add().
void fill_collection(Runtime& runtime, Value collection, Value source, const char* adder_name,
                     bool is_map) {
  RootedValue target(runtime, collection);
  RootedValue from(runtime, source);
  RootedValue adder(runtime, get_property(runtime, target, adder_name));
  if (!adder.get().is_callable()) {
    throw_type_error(runtime, "'" + describe_for_error(runtime, adder) +
                                  "' returned for property '" + adder_name + "' of object '" +
                                  describe_for_error(runtime, target) + "' is not a function");
  }
  require_iterable(runtime, from);
  iterate(runtime, from, [&](Value item) {
    if (!is_map) {
      call(runtime, adder, target, {item});
      return true;
    }
    RootedValue pair(runtime, item);
    if (!item.is_object()) {
      throw_type_error(runtime, "Iterator value " + describe_for_error(runtime, item) +
                                    " is not an entry object");
    }
    RootedValue key(runtime, get_index(runtime, pair, 0));
    RootedValue value(runtime, get_index(runtime, pair, 1));
    call(runtime, adder, target, {key.get(), value.get()});
    return true;
  });
}

Value map_constructor(Runtime& runtime, Arguments& args) {
  require_new(runtime, args, "Map");
  Rooted<JSCollection> map(runtime, new_collection(runtime, args, map_type));
  if (!args[0].is_nullish()) fill_collection(runtime, map.value(), args[0], "set", true);
  return map.value();
}

Value set_constructor(Runtime& runtime, Arguments& args) {
  require_new(runtime, args, "Set");
  Rooted<JSCollection> set(runtime, new_collection(runtime, args, set_type));
  if (!args[0].is_nullish()) fill_collection(runtime, set.value(), args[0], "add", false);
  return set.value();
}

JSCollection* this_map(Runtime& runtime, const Arguments& args, const char* method) {
  return this_as<JSCollection>(runtime, args, map_type, method);
}
JSCollection* this_set(Runtime& runtime, const Arguments& args, const char* method) {
  return this_as<JSCollection>(runtime, args, set_type, method);
}

Value map_get(Runtime& runtime, Arguments& args) {
  OrderedTable* table = this_map(runtime, args, "Map.prototype.get")->table_.get();
  const std::uint32_t entry = table_find(runtime, table, args[0]);
  return entry == no_entry ? Value::undefined() : Value::from(table->entry(entry)[1]);
}

Value map_set_method(Runtime& runtime, Arguments& args) {
  collection_set(runtime, this_map(runtime, args, "Map.prototype.set"), args[0], args[1]);
  return args.this_value();
}

Value set_add(Runtime& runtime, Arguments& args) {
  collection_set(runtime, this_set(runtime, args, "Set.prototype.add"), args[0],
                 Value::undefined());
  return args.this_value();
}

Value map_has(Runtime& runtime, Arguments& args) {
  OrderedTable* table = this_map(runtime, args, "Map.prototype.has")->table_.get();
  return Value::boolean(table_find(runtime, table, args[0]) != no_entry);
}
Value set_has(Runtime& runtime, Arguments& args) {
  OrderedTable* table = this_set(runtime, args, "Set.prototype.has")->table_.get();
  return Value::boolean(table_find(runtime, table, args[0]) != no_entry);
}
Value map_delete(Runtime& runtime, Arguments& args) {
  return Value::boolean(
      collection_delete(runtime, this_map(runtime, args, "Map.prototype.delete"), args[0]));
}
Value set_delete(Runtime& runtime, Arguments& args) {
  return Value::boolean(
      collection_delete(runtime, this_set(runtime, args, "Set.prototype.delete"), args[0]));
}
Value map_clear(Runtime& runtime, Arguments& args) {
  collection_clear(runtime, this_map(runtime, args, "Map.prototype.clear"));
  return Value::undefined();
}
Value set_clear(Runtime& runtime, Arguments& args) {
  collection_clear(runtime, this_set(runtime, args, "Set.prototype.clear"));
  return Value::undefined();
}
Value map_size(Runtime& runtime, Arguments& args) {
  return Value::number(this_map(runtime, args, "get Map.prototype.size")->table_->live());
}
Value set_size(Runtime& runtime, Arguments& args) {
  return Value::number(this_set(runtime, args, "get Set.prototype.size")->table_->live());
}

Value for_each(Runtime& runtime, Arguments& args, JSCollection* collection) {
  if (!args[0].is_callable()) {
    // V8 names the type here, unlike in the methods of arrays.
    const bool typed = args[0].is_number() || args[0].is_string() || args[0].is_boolean();
    const std::string type = typed ? to_utf8(type_of(runtime, args[0])) + " " : "";
    throw_type_error(runtime, type + describe_for_error(runtime, args[0]) + " is not a function");
  }
  Rooted<OrderedTable> table(runtime, collection->table_.get());
  std::uint64_t position = 0;
  while (true) {
    table = current_table(table.get(), &position);
    if (!next_entry(table.get(), &position)) return Value::undefined();
    const Word* entry = table->entry(static_cast<std::uint32_t>(position++));
    const Value key = Value::from(entry[0]);
    const Value value = table->stride_ == 2 ? Value::from(entry[1]) : key;
    call(runtime, args[0], args[1], {value, key, args.this_value()});
  }
}
Value map_for_each(Runtime& runtime, Arguments& args) {
  return for_each(runtime, args, this_map(runtime, args, "Map.prototype.forEach"));
}
Value set_for_each(Runtime& runtime, Arguments& args) {
  return for_each(runtime, args, this_set(runtime, args, "Set.prototype.forEach"));
}

template <IteratorKind kind>
Value map_iterator(Runtime& runtime, Arguments& args) {
  JSCollection* map = this_map(runtime, args, "Map.prototype.entries");
  return new_collection_iterator(runtime, kind, Value(map->table_.get()),
                                 runtime.intrinsic(Intrinsic::MapIteratorPrototype));
}
template <IteratorKind kind>
Value set_iterator(Runtime& runtime, Arguments& args) {
  JSCollection* set = this_set(runtime, args, "Set.prototype.values");
  return new_collection_iterator(runtime, kind, Value(set->table_.get()),
                                 runtime.intrinsic(Intrinsic::SetIteratorPrototype));
}

Value species(Runtime&, Arguments& args) { return args.this_value(); }

const NativeInfo map_info{"Map", 0, map_constructor, true};
const NativeInfo set_info{"Set", 0, set_constructor, true};
const NativeInfo map_methods[] = {
    {"get", 1, map_get},
    {"set", 2, map_set_method},
    {"has", 1, map_has},
    {"delete", 1, map_delete},
    {"clear", 0, map_clear},
    {"forEach", 1, map_for_each},
    {"keys", 0, map_iterator<IteratorKind::map_keys>},
    {"values", 0, map_iterator<IteratorKind::map_values>},
};
const NativeInfo set_methods[] = {
    {"has", 1, set_has},          {"add", 1, set_add},
    {"delete", 1, set_delete},    {"clear", 0, set_clear},
    {"forEach", 1, set_for_each}, {"entries", 0, set_iterator<IteratorKind::set_entries>},
};
const NativeInfo map_entries_info{"entries", 0, map_iterator<IteratorKind::map_entries>};
const NativeInfo set_values_info{"values", 0, set_iterator<IteratorKind::set_values>};
const NativeInfo map_size_info{"get size", 0, map_size};
const NativeInfo set_size_info{"get size", 0, set_size};
const NativeInfo species_info{"get [Symbol.species]", 0, species};

JSObject* install_collection(Runtime& runtime, const NativeInfo& info, Intrinsic which,
                             std::span<const NativeInfo> methods, const NativeInfo& size,
                             const NativeInfo& iterator, std::string_view alias) {
  const auto prototype = [&] { return runtime.intrinsic(which); };
  Rooted<JSObject> constructor(runtime, define_class(runtime, info, prototype()));
  define_getter(runtime, constructor.get(), PropertyKey(runtime.atoms().symbol_species),
                species_info);
  define_methods(runtime, prototype(), methods);
  define_getter(runtime, prototype(), PropertyKey(runtime.atoms().size), size);
  RootedValue function(runtime, Value(new_native_function(runtime, iterator)));
  define_value(runtime, prototype(), iterator.name, function);
  if (!alias.empty()) define_value(runtime, prototype(), alias, function);
  define(runtime, prototype(), PropertyKey(runtime.atoms().symbol_iterator), function, kHidden);
  define_tag(runtime, prototype(), info.name);
  return constructor.get();
}

}  // namespace

void install_map_set(Runtime& runtime) {
  runtime.set_intrinsic(Intrinsic::MapConstructor,
                        install_collection(runtime, map_info, Intrinsic::MapPrototype, map_methods,
                                           map_size_info, map_entries_info, ""));
  runtime.set_intrinsic(Intrinsic::SetConstructor,
                        install_collection(runtime, set_info, Intrinsic::SetPrototype, set_methods,
                                           set_size_info, set_values_info, "keys"));
}

}  // namespace heaplab::interp::builtins
