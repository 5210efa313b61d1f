// SPDX-License-Identifier: MIT
// Where the references of the VM's heap types are, and what tools call objects and edges.

#include "heaplab/interp/heap_types.h"

#include <fmt/format.h>

#include <stdexcept>

#include "heaplab/heap/heap.h"
#include "heaplab/interp/error.h"
#include "heaplab/interp/source.h"
#include "heaplab/interp/typed_array.h"
#include "vm/array_iterator.h"
#include "vm/machine.h"
#include "vm/promise_reaction.h"
#include "vm/property_access.h"
#include "vm/type_support.h"

namespace heaplab::interp {
namespace {

constexpr std::uint16_t jsobject_refs = sizeof(Object);
constexpr std::uint16_t behind_jsobject = sizeof(JSObject);

/// Names longer than this are cut: they are for reports.
constexpr std::size_t longest_text = 80;

std::string shortened(std::string text) {
  if (text.size() <= longest_text) return text;
  std::size_t end = longest_text;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

TypeDescriptor describe(const char* name, std::size_t bytes, std::vector<SlotRun> runs,
                        ElementKind elements, std::string_view node_type) {
  TypeDescriptor type;
  type.name = name;
  type.fixed_bytes = static_cast<std::uint32_t>(bytes);
  type.runs = std::move(runs);
  type.elements = elements;
  type.node_type = node_type;
  return type;
}

EdgeLabel internal_label(std::string_view name) {
  return {EdgeKind::internal, 0, std::string(name)};
}

// ---- Names of properties ----------------------------------------------------------------------

/// The property that lives in slot `slot` of objects of this shape.
EdgeLabel property_label(const Shape* shape, std::uint32_t slot) {
  for (std::uint32_t i = 0; i < shape->property_count_; ++i) {
    const PropertyTable::Entry& entry = shape->table_->entries()[i];
    if (entry_slot(entry) != slot || Value::from(entry.key).is_hole()) continue;
    const PropertyKey key = entry_key(entry);
    const bool hidden = key.is_private() && key_text(key).rfind('#', 0) != 0;
    return {hidden ? EdgeKind::internal : EdgeKind::property, 0, key_text(key)};
  }
  return {EdgeKind::hidden, slot, ""};
}

EdgeLabel property_array_label(const Object& object, SlotPosition position) {
  if (!position.in_elements) return internal_label("owner");
  const auto& array = static_cast<const PropertyArray&>(object);
  const Shape* shape = array.owner_->shape();
  return property_label(shape, position.index + shape->inline_capacity_);
}

EdgeLabel element_label(const Object&, SlotPosition position) {
  return {EdgeKind::element, position.index, ""};
}

EdgeLabel sparse_cell_label(const Object& object, SlotPosition position) {
  const auto* words = reinterpret_cast<const Word*>(&object + 1);
  return {EdgeKind::element, sparse_index(words[position.index & ~1u]), ""};
}

EdgeLabel context_label(const Object& object, SlotPosition position) {
  if (!position.in_elements) return internal_label("outer scope");
  const auto& names = static_cast<const Context&>(object).scope_->names;
  if (position.index >= names.size()) return {EdgeKind::hidden, position.index, ""};
  return {EdgeKind::context, 0, utf16_to_utf8(names[position.index])};
}

std::string context_name(const Object& object) {
  const auto& context = static_cast<const Context&>(object);
  const Source& source = *context.owner_->source;
  const LineColumn at = source.line_column(context.scope_->position);
  const std::string function = utf16_to_utf8(context.scope_->function_name);
  return fmt::format("scope of {} ({}:{})", function.empty() ? "anonymous function" : function,
                     source.name(), at.line);
}

EdgeLabel shape_label(const Object&, SlotPosition position) {
  static constexpr std::string_view names[] = {"__proto__", "properties", "parent", "transitions"};
  return internal_label(names[std::min(position.index, 3u)]);
}

EdgeLabel table_label(const Object&, SlotPosition position) {
  return internal_label(position.in_elements ? "key" : "index");
}

EdgeLabel accessor_label(const Object&, SlotPosition position) {
  return {EdgeKind::property, 0, position.index == 0 ? "get" : "set"};
}

EdgeLabel saved_frame_label(const Object& object, SlotPosition position) {
  const auto& frame = static_cast<const SuspendedFrame&>(object);
  for (const auto& entry : frame.code_->source->register_names) {
    if (entry.reg == position.index) return {EdgeKind::context, 0, utf16_to_utf8(entry.name)};
  }
  if (position.index == kCalleeRegister) return internal_label("function");
  if (position.index == kThisRegister) return internal_label("this");
  return {EdgeKind::hidden, position.index, ""};
}

// ---- Names of objects -------------------------------------------------------------------------

std::string string_name(const Object& object) {
  const auto& string = static_cast<const String&>(object);
  constexpr std::uint32_t enough = 100;
  std::u16string text;
  for (std::uint32_t i = 0; i < std::min(string.length(), enough); ++i) {
    text.push_back(char_at(&string, i));
  }
  return shortened(utf16_to_utf8(text));
}

std::string symbol_name(const Object& object) {
  return key_text(PropertyKey(static_cast<const Symbol*>(&object)));
}

std::string function_object_name(const Object& object) {
  return function_name(static_cast<const JSObject*>(&object));
}

EdgeLabel function_label(const Object& object, SlotPosition position) {
  static constexpr std::string_view names[] = {"scope", "home object", "initial map",
                                               "field initializer"};
  if (position.index < jsobject_slot_count) return jsobject_edge_label(object, position);
  return internal_label(names[std::min(position.index - jsobject_slot_count, 3u)]);
}

EdgeLabel native_function_label(const Object& object, SlotPosition position) {
  if (!position.in_elements) return jsobject_edge_label(object, position);
  return {EdgeKind::internal, 0, fmt::format("captured {}", position.index)};
}

EdgeLabel bound_function_label(const Object& object, SlotPosition position) {
  if (position.in_elements)
    return {EdgeKind::internal, 0, fmt::format("argument {}", position.index)};
  if (position.index < jsobject_slot_count) return jsobject_edge_label(object, position);
  return internal_label(position.index == jsobject_slot_count ? "bound function" : "bound this");
}

EdgeLabel generator_label(const Object& object, SlotPosition position) {
  static constexpr std::string_view names[] = {"promise", "frame", "first request", "last request"};
  if (position.index < jsobject_slot_count) return jsobject_edge_label(object, position);
  return internal_label(names[std::min(position.index - jsobject_slot_count, 3u)]);
}

EdgeLabel promise_label(const Object& object, SlotPosition position) {
  static constexpr std::string_view names[] = {"result", "reactions", "last reaction"};
  if (position.index < jsobject_slot_count) return jsobject_edge_label(object, position);
  return internal_label(names[std::min(position.index - jsobject_slot_count, 2u)]);
}

EdgeLabel reaction_label(const Object&, SlotPosition position) {
  static constexpr std::string_view names[] = {"on fulfilled", "on rejected", "derived", "next"};
  return internal_label(names[std::min(position.index, 3u)]);
}

EdgeLabel request_label(const Object&, SlotPosition position) {
  static constexpr std::string_view names[] = {"value", "promise", "next"};
  return internal_label(names[std::min(position.index, 2u)]);
}

EdgeLabel one_field_label(const Object& object, SlotPosition position) {
  if (position.in_elements || position.index < jsobject_slot_count) {
    return jsobject_edge_label(object, position);
  }
  return internal_label("value");
}

std::uint64_t buffer_bytes(const Object& object) {
  return static_cast<const JSArrayBuffer&>(object).bytes_;
}

// ---- Registration -----------------------------------------------------------------------------

void add_string_types(Heap& heap) {
  constexpr std::size_t flat = sizeof(String);
  TypeDescriptor latin1 = describe("string", flat, {}, ElementKind::bytes, "string");
  latin1.object_name = string_name;
  add_type(heap, HeapType::SeqString8, latin1);
  TypeDescriptor utf16 = describe("string (UTF-16)", flat, {}, ElementKind::bytes2, "string");
  utf16.object_name = string_name;
  add_type(heap, HeapType::SeqString16, utf16);
  TypeDescriptor cons =
      describe("concatenated string", sizeof(ConsString), {{sizeof(String), 2, SlotKind::ref}},
               ElementKind::none, "concatenated string");
  cons.object_name = string_name;
  cons.edge_label = [](const Object&, SlotPosition position) {
    return internal_label(position.index == 0 ? "first" : "second");
  };
  add_type(heap, HeapType::ConsString, cons);
  TypeDescriptor slice =
      describe("sliced string", sizeof(SliceString), {{sizeof(String), 1, SlotKind::ref}},
               ElementKind::none, "sliced string");
  slice.object_name = string_name;
  slice.edge_label = [](const Object&, SlotPosition) { return internal_label("parent"); };
  add_type(heap, HeapType::SliceString, slice);
  TypeDescriptor symbol =
      describe("symbol", sizeof(Symbol), {{16, 1, SlotKind::word}}, ElementKind::none, "symbol");
  symbol.object_name = symbol_name;
  symbol.edge_label = [](const Object&, SlotPosition) { return internal_label("description"); };
  add_type(heap, HeapType::Symbol, symbol);
}

void add_shape_types(Heap& heap) {
  TypeDescriptor shape =
      describe("shape", sizeof(Shape), {{8, 4, SlotKind::ref}}, ElementKind::none, "object shape");
  shape.edge_label = shape_label;
  add_type(heap, HeapType::Shape, shape);
  TypeDescriptor table = describe("property table", sizeof(PropertyTable), {{8, 1, SlotKind::ref}},
                                  ElementKind::words, "hidden");
  table.edge_label = table_label;
  add_type(heap, HeapType::PropertyTable, table);
  add_type(heap, HeapType::PropertyIndex,
           describe("property index", sizeof(PropertyIndex), {}, ElementKind::bytes4, "hidden"));
  add_type(
      heap, HeapType::TransitionTable,
      describe("transition table", sizeof(TransitionTable), {}, ElementKind::weak_words, "hidden"));
}

}  // namespace

void add_type(Heap& heap, HeapType type, const TypeDescriptor& descriptor) {
  const TypeId id = heap.register_type(descriptor);
  if (id != type_id(type)) {
    throw std::logic_error("heap type " + descriptor.name +
                           " is registered out of the order of heap_types.def");
  }
}

TypeDescriptor jsobject_descriptor(const char* name, std::size_t bytes) {
  TypeDescriptor type = describe(name, bytes, {{jsobject_refs, jsobject_slot_count, SlotKind::ref}},
                                 ElementKind::none, "object");
  type.edge_label = jsobject_edge_label;
  type.object_name = jsobject_class_name;
  return type;
}

EdgeLabel jsobject_edge_label(const Object& object, SlotPosition position) {
  static constexpr std::string_view names[] = {"map", "properties", "elements"};
  if (!position.in_elements) return internal_label(names[std::min(position.index, 2u)]);
  return property_label(static_cast<const JSObject&>(object).shape(), position.index);
}

std::string jsobject_class_name(const Object& object) {
  const auto& self = static_cast<const JSObject&>(object);
  for (const JSObject* p = &self; p; p = p->prototype()) {
    const Shape* shape = p->shape();
    for (std::uint32_t i = 0; i < shape->property_count_; ++i) {
      const PropertyTable::Entry& entry = shape->table_->entries()[i];
      const Value key = Value::from(entry.key);
      if (!key.is_string() || !equals_ascii(key.as_string(), "constructor")) continue;
      const Value value = Value::from(*slot_address(const_cast<JSObject*>(p), entry_slot(entry)));
      if (!value.is_callable()) break;
      const std::string name = function_name(value.as_object());
      return name.empty() ? "Object" : name;
    }
  }
  return "Object";
}

void register_core_types(Heap& heap) {
  add_string_types(heap);
  TypeDescriptor words =
      describe("array storage", sizeof(WordArray), {}, ElementKind::words, "array");
  words.edge_label = element_label;
  add_type(heap, HeapType::WordArray, words);
  TypeDescriptor properties = describe("property storage", sizeof(PropertyArray),
                                       {{8, 1, SlotKind::ref}}, ElementKind::words, "array");
  properties.edge_label = property_array_label;
  add_type(heap, HeapType::PropertyArray, properties);
  TypeDescriptor cells =
      describe("sparse cells", sizeof(WordArray), {}, ElementKind::words, "array");
  cells.edge_label = sparse_cell_label;
  add_type(heap, HeapType::SparseCells, cells);
  add_shape_types(heap);
  TypeDescriptor accessor =
      describe("accessor", sizeof(Accessor), {{8, 2, SlotKind::word}}, ElementKind::none, "hidden");
  accessor.edge_label = accessor_label;
  add_type(heap, HeapType::Accessor, accessor);
  TypeDescriptor context =
      describe("scope", sizeof(Context), {{24, 1, SlotKind::ref}}, ElementKind::words, "object");
  context.edge_label = context_label;
  context.object_name = context_name;
  add_type(heap, HeapType::Context, context);
  TypeDescriptor sparse = describe("sparse elements", sizeof(SparseElements),
                                   {{8, 1, SlotKind::ref}}, ElementKind::none, "array");
  sparse.edge_label = [](const Object&, SlotPosition) { return internal_label("cells"); };
  add_type(heap, HeapType::SparseElements, sparse);
  TypeDescriptor frame =
      describe("suspended frame", sizeof(SuspendedFrame), {}, ElementKind::words, "object");
  frame.edge_label = saved_frame_label;
  add_type(heap, HeapType::SuspendedFrame, frame);
  TypeDescriptor reaction =
      describe("promise reaction", sizeof(PromiseReaction),
               {{8, 3, SlotKind::word}, {32, 1, SlotKind::ref}}, ElementKind::none, "hidden");
  reaction.edge_label = reaction_label;
  add_type(heap, HeapType::PromiseReaction, reaction);
  TypeDescriptor request =
      describe("generator request", sizeof(AsyncRequest),
               {{8, 2, SlotKind::word}, {24, 1, SlotKind::ref}}, ElementKind::none, "hidden");
  request.edge_label = request_label;
  add_type(heap, HeapType::AsyncRequest, request);
}

namespace {

TypeDescriptor object_with(const char* name, std::size_t bytes, std::vector<SlotRun> more,
                           EdgeLabel (*label)(const Object&, SlotPosition)) {
  TypeDescriptor type = jsobject_descriptor(name, bytes);
  type.runs.insert(type.runs.end(), more.begin(), more.end());
  type.edge_label = label;
  return type;
}

void add_function_types(Heap& heap) {
  TypeDescriptor function =
      object_with("Function", sizeof(JSFunction), {{32, 4, SlotKind::ref}}, function_label);
  function.node_type = "closure";
  function.object_name = function_object_name;
  add_type(heap, HeapType::Function, function);
  TypeDescriptor native =
      object_with("native function", sizeof(JSNativeFunction), {}, native_function_label);
  native.elements = ElementKind::words;
  native.node_type = "closure";
  native.object_name = function_object_name;
  add_type(heap, HeapType::NativeFunction, native);
  TypeDescriptor bound = object_with("bound function", sizeof(JSBoundFunction),
                                     {{behind_jsobject, 2, SlotKind::word}}, bound_function_label);
  bound.elements = ElementKind::words;
  bound.node_type = "closure";
  bound.object_name = function_object_name;
  add_type(heap, HeapType::BoundFunction, bound);
}

}  // namespace

void register_core_object_types(Heap& heap) {
  add_function_types(heap);
  TypeDescriptor object = jsobject_descriptor("Object", sizeof(JSObject));
  object.elements = ElementKind::words;
  add_type(heap, HeapType::Object, object);
  add_type(heap, HeapType::Array, jsobject_descriptor("Array", sizeof(JSArray)));
  add_type(heap, HeapType::Arguments, jsobject_descriptor("Arguments", sizeof(JSObject)));
  const std::vector<SlotRun> one_word = {{behind_jsobject, 1, SlotKind::word}};
  add_type(heap, HeapType::Error, object_with("Error", sizeof(JSError), one_word, one_field_label));
  add_type(heap, HeapType::PrimitiveWrapper,
           object_with("primitive wrapper", sizeof(JSPrimitiveWrapper), one_word, one_field_label));
  add_type(heap, HeapType::Generator,
           object_with("Generator", sizeof(JSGenerator),
                       {{24, 1, SlotKind::word}, {32, 1, SlotKind::ref}}, generator_label));
  add_type(heap, HeapType::AsyncGenerator,
           object_with("AsyncGenerator", sizeof(JSAsyncGenerator),
                       {{24, 1, SlotKind::word}, {32, 1, SlotKind::ref}, {40, 2, SlotKind::ref}},
                       generator_label));
  add_type(heap, HeapType::Promise,
           object_with("Promise", sizeof(JSPromise),
                       {{24, 1, SlotKind::word}, {32, 2, SlotKind::ref}}, promise_label));
  TypeDescriptor buffer = jsobject_descriptor("ArrayBuffer", sizeof(JSArrayBuffer));
  buffer.external_bytes = buffer_bytes;
  add_type(heap, HeapType::ArrayBuffer, buffer);
  add_type(
      heap, HeapType::TypedArray,
      object_with("TypedArray", sizeof(JSTypedArray), {{32, 1, SlotKind::ref}}, one_field_label));
  add_type(heap, HeapType::ArrayIterator,
           object_with("Array Iterator", sizeof(JSArrayIterator), one_word, one_field_label));
  add_type(heap, HeapType::AsyncFromSyncIterator,
           object_with("Async-from-Sync Iterator", sizeof(JSObject) + 2 * sizeof(Word),
                       {{behind_jsobject, 2, SlotKind::word}}, one_field_label));
}

void register_types(Heap& heap) {
  if (heap.type_count() > first_type_id) {
    throw std::logic_error("a Runtime needs a heap of its own: this one has other types already");
  }
  while (heap.type_count() < first_type_id) {
    heap.register_type(describe("reserved", minimum_object_bytes, {}, ElementKind::none, "hidden"));
  }
  register_core_types(heap);
  register_builtin_internal_types(heap);
  register_core_object_types(heap);
  register_builtin_object_types(heap);
}

}  // namespace heaplab::interp
