// SPDX-License-Identifier: MIT
#include "array.h"
#include "support.h"

namespace heaplab::interp::builtins {

Value element_at(Runtime& runtime, Value object, std::uint64_t index) {
  if (is_simple_array(object) && index < object.as_object()->length_) {
    const Value value = dense_element(object.as_object(), static_cast<std::uint32_t>(index));
    if (!value.is_hole()) return value;
  }
  return get_index(runtime, object, index);
}

bool read_element(Runtime& runtime, Value object, std::uint64_t index, Value* out) {
  if (is_simple_array(object) && index < object.as_object()->length_) {
    *out = dense_element(object.as_object(), static_cast<std::uint32_t>(index));
    if (!out->is_hole()) return true;
  }
  RootedValue target(runtime, object);
  const PropertyKey key = key_of_number(runtime, static_cast<double>(index));
  if (!has_property(runtime, target.get().as_object(), key)) return false;
  *out = get_index(runtime, target, index);
  return true;
}

void set_length(Runtime& runtime, Value object, std::uint64_t length) {
  set_named(runtime, object, runtime.atoms().length, Value::number(length));
}

void delete_element(Runtime& runtime, Value object, std::uint64_t index) {
  RootedValue target(runtime, object);
  const PropertyKey key = key_of_number(runtime, static_cast<double>(index));
  if (!delete_property(runtime, target.get().as_object(), key)) {
    throw_type_error(runtime, "Cannot delete property '" + std::to_string(index) + "' of " +
                                  describe_for_error(runtime, target));
  }
}

std::uint32_t checked_array_length(Runtime& runtime, double length) {
  if (!(length >= 0 && length <= 4294967295.0) || length != std::floor(length)) {
    throw_range_error(runtime, "Invalid array length");
  }
  return static_cast<std::uint32_t>(length);
}

CallbackLoop::CallbackLoop(Runtime& runtime, Arguments& args, std::string_view method)
    : runtime_(runtime), args_(args) {
  require_this_object(runtime, args, method);
  length_ = length_of(runtime, args.this_value());
  require_callable(runtime, args[0]);
}

Value CallbackLoop::invoke(Value element, std::uint64_t index) {
  const Value values[] = {element, Value::number(index), args_.this_value()};
  return call(runtime_, args_[0], args_[1], values);
}

ArrayResult::ArrayResult(Runtime& runtime, Value original, std::uint64_t length)
    : runtime_(runtime), custom_(runtime), values_(runtime) {
  if (!is_array(original)) return;
  if (original.as_object()->prototype() == runtime.intrinsic(Intrinsic::ArrayPrototype)) return;
  RootedValue constructor(runtime, get_named(runtime, original, runtime.atoms().constructor));
  if (constructor.get().is_object()) {
    constructor = get(runtime, constructor, PropertyKey(runtime.atoms().symbol_species));
  }
  if (constructor.get().is_nullish()) return;
  if (constructor.get() == Value(runtime.intrinsic(Intrinsic::ArrayConstructor))) return;
  if (!is_constructor(constructor)) {
    throw_type_error(runtime, "object.constructor[Symbol.species] is not a constructor");
  }
  const Value argument = Value::number(length);
  custom_ = construct(runtime, constructor, std::span<const Value>(&argument, 1));
}

Value ArrayResult::finish() {
  if (custom_.get().is_undefined()) return new_array_from(runtime_, values_.span());
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (values_[i].is_hole()) continue;
    define(runtime_, custom_.get().as_object(), PropertyKey::index(static_cast<std::uint32_t>(i)),
           values_[i]);
  }
  set_length(runtime_, custom_, values_.size());
  return custom_;
}

}  // namespace heaplab::interp::builtins
