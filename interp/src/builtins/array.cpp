// SPDX-License-Identifier: MIT
// Array, its statics, and the methods that change an array in place.
#include "array.h"

#include "install.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

// Dense storage is made at once for lengths up to this; longer arrays start empty and grow.
constexpr std::uint32_t longest_preallocated = 1u << 25;

Value array_constructor(Runtime& runtime, Arguments& args) {
  JSObject* fallback = runtime.intrinsic(Intrinsic::ArrayPrototype);
  Rooted<JSArray> array(runtime);
  if (args.count() == 1 && args[0].is_number()) {
    const std::uint32_t length = checked_array_length(runtime, args[0].as_number());
    array = new_array(runtime, length <= longest_preallocated ? length : 0);
    if (!set_array_length(runtime, array.get(), length)) {
      throw_range_error(runtime, "Invalid array length");
    }
  } else {
    array = new_array_from(runtime, args.all());
  }
  if (args.is_construct() && args.new_target() != args.callee()) {
    fallback = runtime.intrinsic(Intrinsic::ArrayPrototype);
    JSObject* prototype = prototype_for_construct(runtime, args.new_target(), fallback);
    set_prototype(runtime, array.get(), prototype);
  }
  return array.value();
}

Value array_is_array(Runtime&, Arguments& args) { return Value::boolean(is_array(args[0])); }

// `new this(...)` if `this` is a constructor other than Array itself, else undefined.
Value custom_receiver(Runtime& runtime, const Arguments& args, std::initializer_list<Value> with) {
  if (!is_constructor(args.this_value())) return Value::undefined();
  if (args.this_value() == Value(runtime.intrinsic(Intrinsic::ArrayConstructor))) {
    return Value::undefined();
  }
  return construct(runtime, args.this_value(), std::span<const Value>(with.begin(), with.size()));
}

Value fill_receiver(Runtime& runtime, Value receiver, RootedValues& values) {
  if (receiver.is_undefined()) return array_of(runtime, values);
  RootedValue target(runtime, receiver);
  for (std::size_t i = 0; i < values.size(); ++i) {
    define(runtime, target.get().as_object(), PropertyKey::index(static_cast<std::uint32_t>(i)),
           values[i]);
  }
  set_length(runtime, target, values.size());
  return target;
}

Value array_of_method(Runtime& runtime, Arguments& args) {
  RootedValue receiver(runtime, custom_receiver(runtime, args, {Value::number(args.count())}));
  RootedValues values(runtime);
  for (const Value value : args.all()) values.push_back(value);
  return fill_receiver(runtime, receiver, values);
}

void map_into(Runtime& runtime, Arguments& args, Value value, RootedValues& out) {
  if (args[1].is_undefined()) return out.push_back(value);
  const Value with[] = {value, Value::number(static_cast<double>(out.size()))};
  out.push_back(call(runtime, args[1], args[2], with));
}

Value array_from(Runtime& runtime, Arguments& args) {
  if (args[0].is_nullish()) {
    throw_type_error(runtime,
                     (args[0].is_null() ? "object " : "") + describe_for_error(runtime, args[0]) +
                         " is not iterable (cannot read property Symbol(Symbol.iterator))");
  }
  if (!args[1].is_undefined()) require_callable(runtime, args[1]);
  const Value iterator = get_method(runtime, args[0], PropertyKey(runtime.atoms().symbol_iterator));
  RootedValues values(runtime);
  if (!iterator.is_undefined()) {
    RootedValue receiver(runtime, custom_receiver(runtime, args, {}));
    iterate(runtime, args[0], [&](Value value) {
      map_into(runtime, args, value, values);
      return true;
    });
    return fill_receiver(runtime, receiver, values);
  }
  RootedValue source(runtime, Value(to_object(runtime, args[0])));
  const std::uint64_t length = length_of(runtime, source);
  checked_array_length(runtime, static_cast<double>(length));
  RootedValue receiver(runtime, custom_receiver(runtime, args, {Value::number(length)}));
  for (std::uint64_t i = 0; i < length; ++i) {
    map_into(runtime, args, get_index(runtime, source, i), values);
  }
  return fill_receiver(runtime, receiver, values);
}

Value array_push_method(Runtime& runtime, Arguments& args) {
  if (is_plain_array(args.this_value())) {
    for (std::uint32_t i = 0; i < args.count(); ++i) {
      array_push(runtime, static_cast<JSArray*>(args.this_value().as_object()), args[i]);
    }
    return Value::number(args.this_value().as_object()->length_);
  }
  require_this_object(runtime, args, "Array.prototype.push");
  const std::uint64_t length = length_of(runtime, args.this_value());
  for (std::uint32_t i = 0; i < args.count(); ++i) {
    set_index(runtime, args.this_value(), length + i, args[i]);
  }
  set_length(runtime, args.this_value(), length + args.count());
  return Value::number(length + args.count());
}

Value array_pop(Runtime& runtime, Arguments& args) {
  if (is_plain_array(args.this_value())) {
    auto* array = static_cast<JSArray*>(args.this_value().as_object());
    if (array->length_ == 0) return Value::undefined();
    const Value last = dense_element(array, array->length_ - 1);
    if (!last.is_hole()) {
      set_dense_element(runtime, array, array->length_ - 1, Value::hole());
      --array->length_;
      return last;
    }
  }
  require_this_object(runtime, args, "Array.prototype.pop");
  const std::uint64_t length = length_of(runtime, args.this_value());
  if (length == 0) {
    set_length(runtime, args.this_value(), 0);
    return Value::undefined();
  }
  RootedValue last(runtime, get_index(runtime, args.this_value(), length - 1));
  delete_element(runtime, args.this_value(), length - 1);
  set_length(runtime, args.this_value(), length - 1);
  return last;
}

// Moves `count` elements from index `from` to index `to`, whatever the object.
void move_elements(Runtime& runtime, Value object, std::uint64_t from, std::uint64_t to,
                   std::uint64_t count) {
  RootedValue target(runtime, object);
  for (std::uint64_t n = 0; n < count; ++n) {
    const std::uint64_t i = from < to ? count - 1 - n : n;
    Value value;
    if (read_element(runtime, target, from + i, &value)) {
      set_index(runtime, target, to + i, value);
    } else {
      delete_element(runtime, target, to + i);
    }
  }
}

// The same for the elements of a plain array, whose storage has room.
void move_dense(Runtime& runtime, JSObject* array, std::uint32_t from, std::uint32_t to,
                std::uint32_t count) {
  WordArray* elements = array->dense_elements();
  runtime.heap().copy_words(elements, elements->words() + to, elements->words() + from, count);
}

Value array_shift(Runtime& runtime, Arguments& args) {
  if (is_plain_array(args.this_value())) {
    JSObject* array = args.this_value().as_object();
    if (array->length_ == 0) return Value::undefined();
    const Value first = dense_element(array, 0);
    if (!first.is_hole()) {
      move_dense(runtime, array, 1, 0, array->length_ - 1);
      set_dense_element(runtime, array, array->length_ - 1, Value::hole());
      --array->length_;
      return first;
    }
  }
  require_this_object(runtime, args, "Array.prototype.shift");
  const std::uint64_t length = length_of(runtime, args.this_value());
  if (length == 0) {
    set_length(runtime, args.this_value(), 0);
    return Value::undefined();
  }
  RootedValue first(runtime, get_index(runtime, args.this_value(), 0));
  move_elements(runtime, args.this_value(), 1, 0, length - 1);
  delete_element(runtime, args.this_value(), length - 1);
  set_length(runtime, args.this_value(), length - 1);
  return first;
}

// Replaces `removed` elements at `start` by the values from args.from(first) on.
void splice_plain(Runtime& runtime, Arguments& args, std::uint32_t start, std::uint32_t removed,
                  std::uint32_t first) {
  const auto array = [&] { return args.this_value().as_object(); };
  const std::uint32_t added = args.count() > first ? args.count() - first : 0;
  const std::uint32_t length = array()->length_;
  const std::uint64_t new_length = std::uint64_t{length} - removed + added;
  if (new_length > array()->dense_elements()->length()) {
    reserve_elements(runtime, array(),
                     static_cast<std::uint32_t>(new_length + new_length / 2 + 16));
  }
  const std::uint32_t tail = length - start - removed;
  if (tail != 0 && removed != added) {
    move_dense(runtime, array(), start + removed, start + added, tail);
  }
  for (std::uint32_t i = 0; i < added; ++i) {
    set_dense_element(runtime, array(), start + i, args[first + i]);
  }
  for (std::uint64_t i = new_length; i < length; ++i) {
    set_dense_element(runtime, array(), static_cast<std::uint32_t>(i), Value::hole());
  }
  array()->length_ = static_cast<std::uint32_t>(new_length);
}

bool fits_dense(const JSObject* array, std::uint64_t added) {
  return array->length_ + added <= longest_preallocated;
}

Value array_unshift(Runtime& runtime, Arguments& args) {
  if (is_plain_array(args.this_value()) &&
      fits_dense(args.this_value().as_object(), args.count())) {
    splice_plain(runtime, args, 0, 0, 0);
    return Value::number(args.this_value().as_object()->length_);
  }
  require_this_object(runtime, args, "Array.prototype.unshift");
  const std::uint64_t length = length_of(runtime, args.this_value());
  if (args.count() > 0) {
    move_elements(runtime, args.this_value(), 0, args.count(), length);
    for (std::uint32_t i = 0; i < args.count(); ++i) {
      set_index(runtime, args.this_value(), i, args[i]);
    }
  }
  set_length(runtime, args.this_value(), length + args.count());
  return Value::number(length + args.count());
}

Value array_splice(Runtime& runtime, Arguments& args) {
  require_this_object(runtime, args, "Array.prototype.splice");
  const std::uint64_t length = length_of(runtime, args.this_value());
  const std::uint64_t start = to_relative_index(runtime, args[0], length, 0);
  std::uint64_t removed = 0;
  if (args.count() == 1) {
    removed = length - start;
  } else if (args.count() > 1) {
    const double wanted = std::max(0.0, to_integer(runtime, args[1]));
    removed =
        std::min(static_cast<std::uint64_t>(std::min(wanted, 9007199254740991.0)), length - start);
  }
  const std::uint32_t added = args.count() > 2 ? args.count() - 2 : 0;
  ArrayResult result(runtime, args.this_value(), removed);
  for (std::uint64_t i = 0; i < removed; ++i) {
    Value value;
    result.push(read_element(runtime, args.this_value(), start + i, &value) ? value
                                                                            : Value::hole());
  }
  RootedValue taken(runtime, result.finish());
  if (is_plain_array(args.this_value()) && args.this_value().as_object()->length_ == length &&
      fits_dense(args.this_value().as_object(), added)) {
    splice_plain(runtime, args, static_cast<std::uint32_t>(start),
                 static_cast<std::uint32_t>(removed), 2);
    return taken;
  }
  move_elements(runtime, args.this_value(), start + removed, start + added,
                length - start - removed);
  for (std::uint64_t i = length; i > length - removed + added; --i) {
    delete_element(runtime, args.this_value(), i - 1);
  }
  for (std::uint32_t i = 0; i < added; ++i) {
    set_index(runtime, args.this_value(), start + i, args[2 + i]);
  }
  set_length(runtime, args.this_value(), length - removed + added);
  return taken;
}

Value array_reverse(Runtime& runtime, Arguments& args) {
  require_this_object(runtime, args, "Array.prototype.reverse");
  const std::uint64_t length = length_of(runtime, args.this_value());
  for (std::uint64_t low = 0; low < length / 2; ++low) {
    const std::uint64_t high = length - 1 - low;
    RootedValue a(runtime);
    RootedValue b(runtime);
    Value value;
    const bool has_a = read_element(runtime, args.this_value(), low, &value);
    if (has_a) a = value;
    const bool has_b = read_element(runtime, args.this_value(), high, &value);
    if (has_b) b = value;
    if (has_b) set_index(runtime, args.this_value(), low, b);
    if (has_a) set_index(runtime, args.this_value(), high, a);
    if (has_a && !has_b) delete_element(runtime, args.this_value(), low);
    if (has_b && !has_a) delete_element(runtime, args.this_value(), high);
  }
  return args.this_value();
}

Value array_fill(Runtime& runtime, Arguments& args) {
  require_this_object(runtime, args, "Array.prototype.fill");
  const std::uint64_t length = length_of(runtime, args.this_value());
  const std::uint64_t start = to_relative_index(runtime, args[1], length, 0);
  const std::uint64_t end = to_relative_index(runtime, args[2], length, length);
  if (is_plain_array(args.this_value()) && end <= args.this_value().as_object()->length_ &&
      end <= args.this_value().as_object()->dense_elements()->length()) {
    WordArray* elements = args.this_value().as_object()->dense_elements();
    if (start < end) {
      runtime.heap().fill_words(elements, elements->words() + start, args[0].word(), end - start);
    }
    return args.this_value();
  }
  for (std::uint64_t i = start; i < end; ++i) set_index(runtime, args.this_value(), i, args[0]);
  return args.this_value();
}

Value array_copy_within(Runtime& runtime, Arguments& args) {
  require_this_object(runtime, args, "Array.prototype.copyWithin");
  const std::uint64_t length = length_of(runtime, args.this_value());
  const std::uint64_t to = to_relative_index(runtime, args[0], length, 0);
  const std::uint64_t from = to_relative_index(runtime, args[1], length, 0);
  const std::uint64_t end = to_relative_index(runtime, args[2], length, length);
  if (end > from) {
    move_elements(runtime, args.this_value(), from, to, std::min(end - from, length - to));
  }
  return args.this_value();
}

Value array_species(Runtime&, Arguments& args) { return args.this_value(); }

const NativeInfo constructor_info{"Array", 1, array_constructor, true};
const NativeInfo statics[] = {
    {"isArray", 1, array_is_array},
    {"from", 1, array_from},
    {"of", 0, array_of_method},
};
const NativeInfo methods[] = {
    {"push", 1, array_push_method}, {"pop", 0, array_pop},
    {"shift", 0, array_shift},      {"unshift", 1, array_unshift},
    {"splice", 2, array_splice},    {"reverse", 0, array_reverse},
    {"fill", 1, array_fill},        {"copyWithin", 2, array_copy_within},
};
const NativeInfo species_info{"get [Symbol.species]", 0, array_species};

}  // namespace

void install_array(Runtime& runtime) {
  const auto prototype = [&] { return runtime.intrinsic(Intrinsic::ArrayPrototype); };
  Rooted<JSObject> constructor(runtime, define_class(runtime, constructor_info, prototype()));
  runtime.set_intrinsic(Intrinsic::ArrayConstructor, constructor.get());
  define_methods(runtime, constructor.get(), statics);
  define_getter(runtime, constructor.get(), PropertyKey(runtime.atoms().symbol_species),
                species_info);
  define_methods(runtime, prototype(), methods);
  install_array_copying(runtime, prototype());
  install_array_callbacks(runtime, prototype());
  install_array_search(runtime, prototype());
  install_array_sorting(runtime, prototype());
  install_shared_with_typed_arrays(runtime, prototype());
}

}  // namespace heaplab::interp::builtins
