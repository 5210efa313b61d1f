// SPDX-License-Identifier: MIT
// The iterator protocol, with a short cut for plain arrays: while nobody has replaced
// Array.prototype[Symbol.iterator] or the array iterator's next(), an array is walked by index. The
// record is then [array, index, true].

#include <fmt/format.h>

#include "heaplab/interp/error.h"
#include "heaplab/interp/generator.h"
#include "heaplab/interp/operations.h"
#include "heaplab/interp/typed_array.h"
#include "vm/array_iterator.h"
#include "vm/handlers.h"
#include "vm/property_access.h"

namespace heaplab::interp {
namespace {

constexpr Value walking_array() { return Value::boolean(true); }
bool is_walking(const Value* record) { return record[2].is_true(); }

bool intrinsic_is(Runtime& runtime, Intrinsic holder, PropertyKey key, Intrinsic expected) {
  JSObject* object = runtime.intrinsic(holder);
  JSObject* value = runtime.intrinsic(expected);
  if (!object || !value) return false;
  const PropertyRef ref = find_own(runtime, object, key);
  return ref.where == PropertyRef::Where::slot && ref.value == Value(value);
}

/// Can this be walked by index without anybody noticing?
bool is_plain_array(Runtime& runtime, Value value) {
  if (!is_array(value) || value.as_object()->shape() != runtime.array_shape()) return false;
  const CommonAtoms& atoms = runtime.atoms();
  return intrinsic_is(runtime, Intrinsic::ArrayPrototype, PropertyKey(atoms.symbol_iterator),
                      Intrinsic::ArrayPrototypeValues) &&
         intrinsic_is(runtime, Intrinsic::ArrayIteratorPrototype, PropertyKey(atoms.next),
                      Intrinsic::ArrayIteratorNext);
}

Value array_element(Runtime& runtime, JSObject* array, std::uint32_t index) {
  if (array->has_dense_elements()) {
    const Value value = dense_element(array, index);
    if (!value.is_hole()) return value;
  }
  return get(runtime, array, PropertyKey::index(index), Value(array));
}

}  // namespace

namespace handlers {

namespace {

/// V8 names the operand as the source does; where there is no source (a built-in iterates, or the
/// operand is no plain expression) it gives kind and value.
[[noreturn]] void throw_not_iterable(Runtime& runtime, Value value) {
  const std::string source = source_text(runtime);
  if (source.starts_with("...")) {  // an argument
    if (!value.is_nullish()) {
      throw_type_error(runtime,
                       "Spread syntax requires ...iterable[Symbol.iterator] to be a function");
    }
    throw_type_error(runtime, fmt::format("{} is not iterable (cannot read property {})",
                                          source.substr(3), describe_for_error(runtime, value)));
  }
  if (!source.empty()) throw_type_error(runtime, source + " is not iterable");
  throw_type_error(runtime, nameless_operand(runtime, value) +
                                " is not iterable (cannot read property Symbol(Symbol.iterator))");
}

}  // namespace

void get_iterator(Runtime& runtime, Value* record, Value iterable) {
  if (is_plain_array(runtime, iterable)) {
    record[0] = iterable;
    record[1] = Value::integer(0);
    record[2] = walking_array();
    return;
  }
  RootedValue target(runtime, iterable);
  const PropertyKey key(runtime.atoms().symbol_iterator);
  const Value method = iterable.is_nullish() ? Value::undefined() : get(runtime, iterable, key);
  if (!method.is_callable()) {
    throw_not_iterable(runtime, target);
  }
  const Value iterator = call(runtime, method, target);
  if (!iterator.is_object()) {
    throw_type_error(runtime, "Result of the Symbol.iterator method is not an object");
  }
  record[0] = iterator;
  record[1] = get_named(runtime, iterator, runtime.atoms().next);
  record[2] = Value::undefined();
}

void get_async_iterator(Runtime& runtime, Value* record, Value iterable) {
  RootedValue target(runtime, iterable);
  const PropertyKey key(runtime.atoms().symbol_async_iterator);
  const Value method =
      iterable.is_nullish() ? Value::undefined() : get_method(runtime, iterable, key);
  if (!method.is_undefined()) {
    const Value iterator = call(runtime, method, target);
    if (!iterator.is_object()) {
      throw_type_error(runtime, "Result of the Symbol.asyncIterator method is not an object");
    }
    record[0] = iterator;
  } else {
    // The general form of the sync iterator: the wrapper calls its methods.
    RootedValue sync_method(runtime);
    if (!iterable.is_nullish()) {
      sync_method = get_method(runtime, target, PropertyKey(runtime.atoms().symbol_iterator));
    }
    if (!sync_method.get().is_callable()) {
      throw_type_error(runtime,
                       fmt::format("{} is not async iterable", operand_text(runtime, target)));
    }
    RootedValue iterator(runtime, call(runtime, sync_method, target));
    if (!iterator.get().is_object()) {
      throw_type_error(runtime, "Result of the Symbol.iterator method is not an object");
    }
    const Value next = get_named(runtime, iterator, runtime.atoms().next);
    record[0] = Value(new_async_from_sync_iterator(runtime, iterator, next));
  }
  record[1] = get_named(runtime, record[0], runtime.atoms().next);
  record[2] = Value::undefined();
}

void check_iterator_result(Runtime& runtime, Value result) {
  if (!result.is_object()) {
    throw_type_error(runtime, fmt::format("Iterator result {} is not an object",
                                          describe_for_error(runtime, result)));
  }
}

bool iterator_done(Runtime& runtime, Value result) {
  check_iterator_result(runtime, result);
  return to_boolean(get_named(runtime, result, runtime.atoms().done));
}

bool iterator_unwrap(Runtime& runtime, Value result, Value* value) {
  RootedValue r(runtime, result);
  const bool done = iterator_done(runtime, r);
  *value = get_named(runtime, r, runtime.atoms().value);
  return done;
}

bool iterator_step(Runtime& runtime, Value* record, Value* value) {
  if (is_walking(record)) {
    JSObject* array = record[0].as_object();
    const auto index = static_cast<std::uint32_t>(record[1].as_int());
    if (index >= array->length_) {
      record[0] = record[2] = Value::undefined();
      return false;
    }
    record[1] = Value::integer(static_cast<std::int32_t>(index + 1));
    *value = array_element(runtime, array, index);
    return true;
  }
  const Value iterator = record[0];
  // Finished unless everything below goes well: that is what a throw must leave behind.
  RootedValue i(runtime, iterator);
  record[0] = Value::undefined();
  if (!array_iterator_step(runtime, i, record[1], value)) {
    RootedValue result(runtime, call(runtime, record[1], i));
    if (iterator_done(runtime, result)) return false;
    *value = get_named(runtime, result, runtime.atoms().value);
  } else if (value->is_hole()) {
    return false;
  }
  record[0] = i;
  return true;
}

Value iterator_rest(Runtime& runtime, Value* record) {
  Rooted<JSArray> rest(runtime, new_array(runtime));
  Value value;
  while (!record[0].is_undefined() && iterator_step(runtime, record, &value)) {
    array_push(runtime, rest.get(), value);
  }
  return rest.value();
}

void iterator_close(Runtime& runtime, Value* record) {
  if (record[0].is_undefined()) return;
  RootedValue iterator(runtime, record[0]);
  const bool walking = is_walking(record);
  record[0] = record[2] = Value::undefined();
  if (walking) return;
  const Value method = get_method(runtime, iterator, PropertyKey(runtime.atoms().return_));
  if (method.is_undefined()) return;
  check_object(runtime, call(runtime, method, iterator));
}

void iterator_close_silent(Runtime& runtime, Value* record) {
  if (record[0].is_undefined()) return;
  RootedValue iterator(runtime, record[0]);
  const bool walking = is_walking(record);
  record[0] = record[2] = Value::undefined();
  if (walking) return;
  try {
    const Value method = get_method(runtime, iterator, PropertyKey(runtime.atoms().return_));
    if (!method.is_undefined()) call(runtime, method, iterator);
  } catch (const ScriptException&) {
    runtime.take_exception();
  }
}

bool iterator_call(Runtime& runtime, Value* record, Value argument, IteratorMethod method,
                   Value* result) {
  if (is_walking(record)) {
    // Somebody wants the iterator itself: make the real one, at the same place.
    JSObject* iterator = new_array_iterator(runtime, record[0].as_object(), IterationKind::values);
    set_array_iterator_index(iterator, static_cast<std::uint32_t>(record[1].as_int()));
    record[0] = Value(iterator);
    record[1] = Value(runtime.intrinsic(Intrinsic::ArrayIteratorNext));
    record[2] = Value::undefined();
  }
  RootedValue arg(runtime, argument);
  const CommonAtoms& atoms = runtime.atoms();
  Value function = record[1];
  if (method != IteratorMethod::Next) {
    String* name = method == IteratorMethod::Throw ? atoms.throw_ : atoms.return_;
    function = get_method(runtime, record[0], PropertyKey(name));
    if (function.is_undefined()) return false;
  }
  *result = call(runtime, function, record[0], {arg.get()});
  return true;
}

void check_object(Runtime& runtime, Value value) {
  if (!value.is_object()) {
    throw_type_error(runtime,
                     fmt::format("{} is not an object", describe_for_error(runtime, value)));
  }
}

// ---- for-in -----------------------------------------------------------------------------------

namespace {

/// Does it have any enumerable string key of its own? Cheap for prototypes, which mostly have none.
bool has_enumerable_keys(const JSObject* object) {
  if (!object->has_dense_elements() || object->length_ > 0) return true;
  const Shape* shape = object->shape();
  for (std::uint32_t i = 0; i < shape->property_count_; ++i) {
    if (entry_flags(shape->table_->entries()[i]) & kEnumerable) return true;
  }
  return false;
}

/// Which names are taken: enumerable or not, they hide those of the prototypes.
void note_names(Runtime& runtime, JSObject* object, RootedValues* noted) {
  own_keys(runtime, object, {true, false, false}, noted);
}

void add_inherited_keys(Runtime& runtime, JSObject* object, const RootedValues& noted,
                        RootedValues* keys) {
  RootedValues own(runtime);
  own_keys(runtime, object, {true, false, true}, &own);
  for (std::size_t i = 0; i < own.size(); ++i) {
    bool hidden = false;
    for (std::size_t k = 0; k < noted.size() && !hidden; ++k) {
      hidden = equal(noted[k].as_string(), own[i].as_string());
    }
    if (!hidden) keys->push_back(own[i]);
  }
}

}  // namespace

void for_in_prepare(Runtime& runtime, Value* record, Value value) {
  record[0] = record[1] = Value::undefined();
  record[2] = Value::integer(0);
  if (value.is_nullish()) return;
  Rooted<JSObject> object(runtime, to_object(runtime, value));
  RootedValues keys(runtime);
  own_keys(runtime, object.get(), {true, false, true}, &keys);
  Rooted<JSObject> holder(runtime, object->prototype());
  for (; holder; holder = holder->prototype()) {
    if (!has_enumerable_keys(holder.get())) continue;
    RootedValues noted(runtime);
    for (Rooted<JSObject> below(runtime, object.get()); below.get() != holder.get();
         below = below->prototype()) {
      note_names(runtime, below.get(), &noted);
    }
    add_inherited_keys(runtime, holder.get(), noted, &keys);
  }
  auto* list = runtime.heap().allocate_array<WordArray>(type_id(HeapType::WordArray),
                                                        static_cast<std::uint32_t>(keys.size()));
  for (std::uint32_t i = 0; i < list->length(); ++i)
    write_element(runtime.heap(), list, i, keys[i]);
  record[0] = object.value();
  record[1] = Value(list);
}

bool for_in_next(Runtime& runtime, Value* record, Value* key_out) {
  if (record[0].is_undefined()) return false;
  while (true) {
    const auto* list = record[1].as<WordArray>();
    const auto index = static_cast<std::uint32_t>(record[2].as_int());
    if (index >= list->length()) {
      record[0] = record[1] = Value::undefined();
      return false;
    }
    record[2] = Value::integer(static_cast<std::int32_t>(index + 1));
    RootedValue key(runtime, list->get(index));
    const PropertyKey k = to_property_key(runtime, key);
    if (!has_property(runtime, record[0].as_object(), k)) continue;  // deleted meanwhile
    *key_out = key;
    return true;
  }
}

}  // namespace handlers

// ---- For built-ins ----------------------------------------------------------------------------

void iterate(Runtime& runtime, Value iterable, const std::function<bool(Value)>& visit) {
  RootedValues record(runtime);
  record.resize(3);
  Value* r = record.vector().data();
  handlers::get_iterator(runtime, r, iterable);
  Value value;
  while (handlers::iterator_step(runtime, r, &value)) {
    bool more = false;
    try {
      more = visit(value);
    } catch (const ScriptException&) {
      RootedValue exception(runtime, runtime.exception());
      handlers::iterator_close_silent(runtime, r);
      runtime.set_exception(exception);
      throw;
    }
    if (!more) {
      handlers::iterator_close(runtime, r);
      return;
    }
  }
}

void iterate_to_list(Runtime& runtime, Value iterable, RootedValues* out) {
  iterate(runtime, iterable, [out](Value value) {
    out->push_back(value);
    return true;
  });
}

JSObject* new_iterator_result(Runtime& runtime, Value value, bool done) {
  RootedValue v(runtime, value);
  JSObject* result = new_object_of_shape(runtime, runtime.iterator_result_shape());
  runtime.heap().write(result, result->inline_slots()[0], v.get().word());
  result->inline_slots()[1] = Value::boolean(done).word();
  return result;
}

}  // namespace heaplab::interp
