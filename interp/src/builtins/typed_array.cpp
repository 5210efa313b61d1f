// SPDX-License-Identifier: MIT
// ArrayBuffer, and the constructors of the typed arrays.
#include "array.h"
#include "install.h"
#include "memory_usage.h"
#include "support.h"
#include "typed_array_support.h"

namespace heaplab::interp::builtins {

namespace {

struct TypeRow {
  ElementType type;
  const char* name;
  Intrinsic prototype;
};
#define ROW(type, name) \
  { ElementType::type, #name "Array", Intrinsic::name##ArrayPrototype }
const TypeRow rows[] = {
    ROW(int8, Int8),     ROW(uint8, Uint8),     ROW(uint8_clamped, Uint8Clamped),
    ROW(int16, Int16),   ROW(uint16, Uint16),   ROW(int32, Int32),
    ROW(uint32, Uint32), ROW(float32, Float32), ROW(float64, Float64)};
#undef ROW

const TypeRow& row_of(ElementType type) {
  for (const TypeRow& row : rows) {
    if (row.type == type) return row;
  }
  return rows[0];
}

}  // namespace

const char* element_type_name(ElementType type) { return row_of(type).name; }
Intrinsic prototype_of(ElementType type) { return row_of(type).prototype; }

std::uint64_t checked_length(Runtime& runtime, Value length, const char* complaint) {
  const double number = to_integer(runtime, length);
  if (!(number >= 0 && number <= 9007199254740991.0)) {
    throw_range_error(runtime, complaint);
  }
  return static_cast<std::uint64_t>(number);
}

JSTypedArray* this_typed_array(Runtime& runtime, const Arguments& args, const char* method) {
  auto* array = as_if<JSTypedArray>(args.this_value(), HeapType::TypedArray);
  if (array == nullptr) {
    (void)method;
    throw_type_error(runtime, "this is not a typed array.");
  }
  return array;
}

namespace {

// A new array with storage of its own.
JSTypedArray* make_array(Runtime& runtime, ElementType type, std::uint64_t length,
                         JSObject* prototype_arg) {
  Rooted<JSObject> prototype(runtime, prototype_arg);
  constexpr std::uint64_t longest = 0xffff'fffeu;
  if (length > longest) {
    throw_range_error(runtime, "Invalid typed array length: " + std::to_string(length));
  }
  Rooted<JSArrayBuffer> buffer(runtime, new_array_buffer(runtime, length * element_bytes(type)));
  return new_typed_array(runtime, type, buffer.get(), 0, static_cast<std::uint32_t>(length),
                         prototype.get());
}

}  // namespace

JSTypedArray* new_typed_array_like(Runtime& runtime, JSTypedArray* like, std::uint64_t length) {
  return make_array(runtime, like->element_type(), length, like->prototype());
}

Value view_of(Runtime& runtime, JSTypedArray* like, std::uint32_t start, std::uint32_t end) {
  const std::uint32_t offset = like->byte_offset_ + start * element_bytes(like->element_type());
  return new_typed_array(runtime, like->element_type(), like->buffer_.get(), offset,
                         end > start ? end - start : 0, like->prototype());
}

namespace {

// ---- ArrayBuffer

Value array_buffer_constructor(Runtime& runtime, Arguments& args) {
  require_new(runtime, args, "ArrayBuffer");
  const std::uint64_t bytes = checked_length(runtime, args[0], "Invalid array buffer length");
  Rooted<JSArrayBuffer> buffer(runtime, new_array_buffer(runtime, bytes));
  if (args.new_target() != args.callee()) {
    JSObject* prototype = prototype_for_construct(
        runtime, args.new_target(), runtime.intrinsic(Intrinsic::ArrayBufferPrototype));
    set_prototype(runtime, buffer.get(), prototype);
  }
  return buffer.value();
}

Value array_buffer_is_view(Runtime&, Arguments& args) {
  return Value::boolean(args[0].is_object() &&
                        (has_type(args[0].as_object(), HeapType::TypedArray) ||
                         has_type(args[0].as_object(), HeapType::DataView)));
}

Value array_buffer_byte_length(Runtime& runtime, Arguments& args) {
  return Value::number(this_as<JSArrayBuffer>(runtime, args, HeapType::ArrayBuffer,
                                              "ArrayBuffer.prototype.byteLength")
                           ->bytes_);
}

Value array_buffer_slice(Runtime& runtime, Arguments& args) {
  auto* buffer =
      this_as<JSArrayBuffer>(runtime, args, HeapType::ArrayBuffer, "ArrayBuffer.prototype.slice");
  const std::uint64_t length = buffer->bytes_;
  const std::uint64_t start = to_relative_index(runtime, args[0], length, 0);
  const std::uint64_t end = to_relative_index(runtime, args[1], length, length);
  JSArrayBuffer* copy = new_array_buffer(runtime, end > start ? end - start : 0);
  const auto* source = static_cast<JSArrayBuffer*>(args.this_value().as_object());
  if (end > start) std::memcpy(copy->data_, source->data_ + start, end - start);
  return copy;
}

// ---- Typed arrays

JSTypedArray* from_buffer(Runtime& runtime, Arguments& args, ElementType type,
                          const Rooted<JSObject>& prototype) {
  const unsigned size = element_bytes(type);
  const std::string name = element_type_name(type);
  const std::uint64_t offset =
      checked_length(runtime, args[1], "Start offset is outside the bounds of the buffer");
  if (offset % size != 0) {
    throw_range_error(
        runtime, "start offset of " + name + " should be a multiple of " + std::to_string(size));
  }
  std::uint64_t length = 0;
  const bool whole = args[2].is_undefined();
  if (!whole) length = checked_length(runtime, args[2], "Invalid typed array length");
  auto* buffer = static_cast<JSArrayBuffer*>(args[0].as_object());
  if (whole && buffer->bytes_ % size != 0) {
    throw_range_error(
        runtime, "byte length of " + name + " should be a multiple of " + std::to_string(size));
  }
  if (offset > buffer->bytes_) {
    throw_range_error(
        runtime, "Start offset " + std::to_string(offset) + " is outside the bounds of the buffer");
  }
  if (whole) length = (buffer->bytes_ - offset) / size;
  if (length > (buffer->bytes_ - offset) / size) {
    throw_range_error(runtime, "Invalid typed array length: " + std::to_string(length));
  }
  return new_typed_array(runtime, type, buffer, static_cast<std::uint32_t>(offset),
                         static_cast<std::uint32_t>(length), prototype.get());
}

void store_values(Runtime& runtime, const Rooted<JSTypedArray>& array, const RootedValues& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Value number =
        values[i].is_number() ? values[i] : Value::number(to_number(runtime, values[i]));
    typed_array_set(array.get(), static_cast<std::uint32_t>(i), number);
  }
}

// Iterables by iteration, everything else as array-like.
void values_of(Runtime& runtime, Value source_arg, RootedValues& out) {
  RootedValue source(runtime, source_arg);
  const Value iterator = get_method(runtime, source, PropertyKey(runtime.atoms().symbol_iterator));
  if (!iterator.is_undefined()) return iterate_to_list(runtime, source, &out);
  const std::uint64_t length = length_of(runtime, source);
  for (std::uint64_t i = 0; i < length; ++i) out.push_back(get_index(runtime, source, i));
}

JSTypedArray* from_object(Runtime& runtime, Arguments& args, ElementType type,
                          const Rooted<JSObject>& prototype) {
  if (const auto* source = as_if<JSTypedArray>(args[0], HeapType::TypedArray)) {
    Rooted<JSTypedArray> array(runtime,
                               make_array(runtime, type, source->length_, prototype.get()));
    source = static_cast<JSTypedArray*>(args[0].as_object());
    if (source->element_type() == type) {
      std::memcpy(array->data_, source->data_, byte_length(source));
      return array.get();
    }
    for (std::uint32_t i = 0; i < source->length_; ++i) {
      typed_array_set(array.get(), i, typed_array_get(source, i));
    }
    return array.get();
  }
  RootedValues values(runtime);
  values_of(runtime, args[0], values);
  Rooted<JSTypedArray> array(runtime, make_array(runtime, type, values.size(), prototype.get()));
  store_values(runtime, array, values);
  return array.get();
}

template <ElementType type>
Value typed_array_constructor(Runtime& runtime, Arguments& args) {
  require_new(runtime, args, element_type_name(type));
  Rooted<JSObject> prototype(
      runtime,
      prototype_for_construct(runtime, args.new_target(), runtime.intrinsic(prototype_of(type))));
  if (args[0].is_object()) {
    if (has_type(args[0].as_object(), HeapType::ArrayBuffer)) {
      return from_buffer(runtime, args, type, prototype);
    }
    return from_object(runtime, args, type, prototype);
  }
  const double wanted = to_integer(runtime, args[0]);
  if (!(wanted >= 0 && wanted <= 9007199254740991.0)) {
    throw_range_error(runtime, "Invalid typed array length: " + to_text(runtime, args[0]));
  }
  return make_array(runtime, type, static_cast<std::uint64_t>(wanted), prototype.get());
}

Value abstract_constructor(Runtime& runtime, Arguments&) {
  throw_type_error(runtime, "Abstract class TypedArray not directly constructable");
}

Value construct_with(Runtime& runtime, const Arguments& args, RootedValues& values) {
  if (!is_constructor(args.this_value())) {
    throw_type_error(runtime,
                     describe_for_error(runtime, args.this_value()) + " is not a constructor");
  }
  RootedValue list(runtime, Value(array_of(runtime, values)));
  const Value argument = list.get();
  return construct(runtime, args.this_value(), std::span<const Value>(&argument, 1));
}

Value typed_array_from(Runtime& runtime, Arguments& args) {
  if (!args[1].is_undefined()) require_callable(runtime, args[1]);
  RootedValues values(runtime);
  values_of(runtime, args[0], values);
  for (std::size_t i = 0; i < values.size() && args[1].is_callable(); ++i) {
    values.set(i,
               call(runtime, args[1], args[2], {values[i], Value::number(static_cast<double>(i))}));
  }
  return construct_with(runtime, args, values);
}

Value typed_array_of(Runtime& runtime, Arguments& args) {
  RootedValues values(runtime);
  for (const Value value : args.all()) values.push_back(value);
  return construct_with(runtime, args, values);
}

Value species(Runtime&, Arguments& args) { return args.this_value(); }

#define CONSTRUCTOR(type, name) \
  { name, 3, typed_array_constructor<ElementType::type>, true }
const NativeInfo constructors[] = {
    CONSTRUCTOR(int8, "Int8Array"),
    CONSTRUCTOR(uint8, "Uint8Array"),
    CONSTRUCTOR(uint8_clamped, "Uint8ClampedArray"),
    CONSTRUCTOR(int16, "Int16Array"),
    CONSTRUCTOR(uint16, "Uint16Array"),
    CONSTRUCTOR(int32, "Int32Array"),
    CONSTRUCTOR(uint32, "Uint32Array"),
    CONSTRUCTOR(float32, "Float32Array"),
    CONSTRUCTOR(float64, "Float64Array"),
};
#undef CONSTRUCTOR
static_assert(std::size(constructors) == std::size(rows));

const NativeInfo abstract_info{"TypedArray", 0, abstract_constructor, true};
const NativeInfo abstract_statics[] = {{"from", 1, typed_array_from}, {"of", 0, typed_array_of}};
const NativeInfo species_info{"get [Symbol.species]", 0, species};
const NativeInfo buffer_info{"ArrayBuffer", 1, array_buffer_constructor, true};
const NativeInfo buffer_statics[] = {{"isView", 1, array_buffer_is_view}};
const NativeInfo buffer_methods[] = {{"slice", 2, array_buffer_slice}};
const NativeInfo byte_length_info{"get byteLength", 0, array_buffer_byte_length};

void install_type(Runtime& runtime, const TypeRow& row, const NativeInfo& info,
                  const Rooted<JSObject>& abstract) {
  Rooted<JSObject> prototype(
      runtime,
      new_object_with_prototype(runtime, runtime.intrinsic(Intrinsic::TypedArrayPrototype)));
  runtime.set_intrinsic(row.prototype, prototype.get());
  Rooted<JSObject> constructor(runtime, define_class(runtime, info, prototype.get()));
  set_prototype(runtime, constructor.get(), abstract.get());
  const Value size = Value::integer(static_cast<std::int32_t>(element_bytes(row.type)));
  define_value(runtime, constructor.get(), "BYTES_PER_ELEMENT", size, kNone);
  define_value(runtime, prototype.get(), "BYTES_PER_ELEMENT", size, kNone);
}

}  // namespace

void install_array_buffer(Runtime& runtime) {
  const auto prototype = [&] { return runtime.intrinsic(Intrinsic::ArrayBufferPrototype); };
  Rooted<JSObject> constructor(runtime, define_class(runtime, buffer_info, prototype()));
  define_methods(runtime, constructor.get(), buffer_statics);
  define_methods(runtime, prototype(), buffer_methods);
  const PropertyKey key = runtime.key("byteLength");
  define_getter(runtime, prototype(), key, byte_length_info);
  define_tag(runtime, prototype(), "ArrayBuffer");
}

void install_typed_array(Runtime& runtime) {
  const auto prototype = [&] { return runtime.intrinsic(Intrinsic::TypedArrayPrototype); };
  Rooted<JSObject> abstract(runtime, new_native_function(runtime, abstract_info));
  define(runtime, abstract.get(), PropertyKey(runtime.atoms().prototype), Value(prototype()),
         kNone);
  define(runtime, prototype(), PropertyKey(runtime.atoms().constructor), abstract.value(), kHidden);
  define_methods(runtime, abstract.get(), abstract_statics);
  define_getter(runtime, abstract.get(), PropertyKey(runtime.atoms().symbol_species), species_info);
  install_shared_with_typed_arrays(runtime, prototype());
  install_typed_array_methods(runtime, prototype());
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    install_type(runtime, rows[i], constructors[i], abstract);
  }
}

}  // namespace heaplab::interp::builtins
