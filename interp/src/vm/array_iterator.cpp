// SPDX-License-Identifier: MIT
#include "vm/array_iterator.h"

#include "heaplab/interp/error.h"
#include "heaplab/interp/runtime.h"
#include "vm/property_access.h"

namespace heaplab::interp {
namespace {

/// The next value, or the hole at the end. May run guest code.
Value step(Runtime& runtime, Rooted<JSArrayIterator>& iterator) {
  const Value target = Value::from(iterator->target_);
  if (target.is_undefined()) return Value::hole();
  RootedValue t(runtime, target);
  const std::uint64_t length = has_type(target.as_reference(), HeapType::TypedArray)
                                   ? target.as_object()->length_
                                   : length_of(runtime, target);
  const std::uint64_t index = iterator->index_;
  if (index >= length) {
    runtime.heap().write(iterator.get(), iterator->target_, Value::undefined().word());
    return Value::hole();
  }
  ++iterator->index_;
  const auto kind = static_cast<IterationKind>(iterator->payload());
  if (kind == IterationKind::keys) return Value::number(index);
  const Value value = get_index(runtime, t, index);
  if (kind == IterationKind::values) return value;
  const Value pair[] = {Value::number(index), value};
  return Value(new_array_from(runtime, pair));
}

Value array_iterator_next(Runtime& runtime, Arguments& args) {
  Rooted<JSArrayIterator> iterator(
      runtime, as_if<JSArrayIterator>(args.this_value(), HeapType::ArrayIterator));
  if (!iterator) {
    throw_type_error(runtime,
                     "Method Array Iterator.prototype.next called on incompatible receiver " +
                         describe_for_error(runtime, args.this_value()));
  }
  const Value value = step(runtime, iterator);
  if (value.is_hole()) return Value(new_iterator_result(runtime, Value::undefined(), true));
  return Value(new_iterator_result(runtime, value, false));
}

constexpr NativeInfo next_info{"next", 0, array_iterator_next};

}  // namespace

JSObject* new_array_iterator(Runtime& runtime, JSObject* array, IterationKind kind) {
  Rooted<JSObject> target(runtime, array);
  auto* iterator = new_exotic<JSArrayIterator>(
      runtime, HeapType::ArrayIterator, runtime.intrinsic(Intrinsic::ArrayIteratorPrototype));
  iterator->set_payload(static_cast<std::uint32_t>(kind));
  runtime.heap().write(iterator, iterator->target_, target.value().word());
  return iterator;
}

void set_array_iterator_index(JSObject* iterator, std::uint32_t index) {
  static_cast<JSArrayIterator*>(iterator)->index_ = index;
}

bool array_iterator_step(Runtime& runtime, Value iterator, Value next, Value* value) {
  if (next != Value(runtime.intrinsic(Intrinsic::ArrayIteratorNext))) return false;
  Rooted<JSArrayIterator> it(runtime, as_if<JSArrayIterator>(iterator, HeapType::ArrayIterator));
  if (!it) return false;
  *value = step(runtime, it);
  return true;
}

void install_array_iterator(Runtime& runtime) {
  JSObject* prototype = runtime.intrinsic(Intrinsic::ArrayIteratorPrototype);
  JSObject* next = define_method(runtime, prototype, PropertyKey(runtime.atoms().next), next_info);
  runtime.set_intrinsic(Intrinsic::ArrayIteratorNext, next);
  RootedValue tag(runtime, Value(new_string_latin1(runtime, "Array Iterator")));
  define(runtime, runtime.intrinsic(Intrinsic::ArrayIteratorPrototype),
         PropertyKey(runtime.atoms().symbol_to_string_tag), tag, kConfigurable);
}

}  // namespace heaplab::interp
