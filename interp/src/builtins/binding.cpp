// SPDX-License-Identifier: MIT
// What the embedded inspect module asks about values: what they are underneath, whatever their
// prototype says.
#include "collections.h"
#include "heaplab/interp/promise.h"
#include "heaplab/interp/typed_array.h"
#include "modules.h"
#include "support.h"
#include "typed_array_support.h"
#include "vm/property_access.h"

namespace heaplab::interp::builtins {

namespace {

const char* function_kind(JSObject* function) {
  if (is_class_constructor(function)) return "class";
  if (!has_type(function, HeapType::Function)) return "Function";
  const FunctionTemplate* source = static_cast<JSFunction*>(function)->code_->source;
  if (source->is_async) return source->is_generator ? "AsyncGeneratorFunction" : "AsyncFunction";
  return source->is_generator ? "GeneratorFunction" : "Function";
}

const char* iterator_kind(JSObject* object) {
  switch (static_cast<IteratorKind>(object->payload())) {
    case IteratorKind::map_keys:
    case IteratorKind::map_values:
    case IteratorKind::map_entries:
      return "Map Iterator";
    case IteratorKind::set_values:
    case IteratorKind::set_entries:
      return "Set Iterator";
    default:
      return "Object";
  }
}

const char* wrapper_kind(JSObject* object) {
  const Value value = Value::from(static_cast<JSPrimitiveWrapper*>(object)->value_);
  if (value.is_string()) return "String";
  if (value.is_number()) return "Number";
  return value.is_boolean() ? "Boolean" : "Symbol";
}

const char* kind_name(JSObject* object) {
  switch (heap_type(object)) {
    case HeapType::Function:
    case HeapType::NativeFunction:
    case HeapType::BoundFunction:
      return function_kind(object);
    case HeapType::Array:
      return "Array";
    case HeapType::Arguments:
      return "Arguments";
    case HeapType::Error:
      return "Error";
    case HeapType::PrimitiveWrapper:
      return wrapper_kind(object);
    case HeapType::Promise:
      return "Promise";
    case HeapType::ArrayBuffer:
      return "ArrayBuffer";
    case HeapType::TypedArray:
      return "TypedArray";
    case HeapType::DataView:
      return "DataView";
    case HeapType::Map:
      return "Map";
    case HeapType::Set:
      return "Set";
    case HeapType::WeakMap:
      return "WeakMap";
    case HeapType::WeakSet:
      return "WeakSet";
    case HeapType::WeakRef:
      return "WeakRef";
    case HeapType::CollectionIterator:
      return iterator_kind(object);
    case HeapType::Date:
      return "Date";
    case HeapType::RegExp:
      return "RegExp";
    default:
      return "Object";
  }
}

Value kind(Runtime& runtime, Arguments& args) {
  if (!args[0].is_object()) return text_value(runtime, "primitive");
  return Value(runtime.intern(kind_name(args[0].as_object())));
}

Value class_name(Runtime& runtime, Arguments& args) {
  JSObject* object = args[0].as_object();
  if (has_type(object, HeapType::TypedArray)) {
    return text_value(runtime,
                      element_type_name(static_cast<JSTypedArray*>(object)->element_type()));
  }
  const char* name = kind_name(object);
  return text_value(runtime, std::string_view(name) == "class" ? "Function" : name);
}

// Is it a class of this program rather than the guest's?
Value is_builtin(Runtime&, Arguments& args) {
  return Value::boolean(args[0].is_object() &&
                        has_type(args[0].as_object(), HeapType::NativeFunction));
}

bool is_index_text(Value key) {
  if (!key.is_string()) return false;
  const std::string text = to_utf8(key.as_string());
  if (text.empty() || text.size() > 10 || (text[0] == '0' && text.size() > 1)) return false;
  return text.find_first_not_of("0123456789") == std::string::npos &&
         std::stoull(text) < 4294967295u;
}

// Own keys that are no array indices; also non-enumerable ones if args[1].
Value extra_keys(Runtime& runtime, Arguments& args) {
  JSObject* object = args[0].as_object();
  RootedValues keys(runtime);
  own_keys(runtime, object, {.symbols = true, .only_enumerable = !to_boolean(args[1])}, &keys);
  std::erase_if(keys.vector(), is_index_text);
  return array_of(runtime, keys);
}

OrderedTable* table_of(Value collection) {
  return static_cast<JSCollection*>(collection.as_object())->table_.get();
}

Value collection_size(Runtime&, Arguments& args) {
  return Value::number(table_of(args[0])->live());
}

Value collection_entries(Runtime& runtime, Arguments& args) {
  RootedValues out(runtime);
  OrderedTable* table = table_of(args[0]);
  for (std::uint64_t i = 0; next_entry(table, &i); ++i) {
    for (std::uint32_t w = 0; w < table->stride_; ++w) {
      out.push_back(Value::from(table->entry(static_cast<std::uint32_t>(i))[w]));
    }
  }
  return array_of(runtime, out);
}

// [what the iterator still has, are these pairs?]
Value preview(Runtime& runtime, Arguments& args) {
  auto* iterator = static_cast<JSCollectionIterator*>(args[0].as_object());
  const auto which = static_cast<IteratorKind>(iterator->payload());
  const bool pairs = which == IteratorKind::map_entries || which == IteratorKind::set_entries;
  RootedValues items(runtime);
  preview_iterator(runtime, iterator, &items);
  RootedValues flat(runtime);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!pairs) {
      flat.push_back(items[i]);
      continue;
    }
    flat.push_back(dense_element(items[i].as_object(), 0));
    flat.push_back(dense_element(items[i].as_object(), 1));
  }
  RootedValue list(runtime, Value(array_of(runtime, flat)));
  const Value both[] = {list.get(), Value::boolean(pairs)};
  return new_array_from(runtime, both);
}

Value promise_details(Runtime& runtime, Arguments& args) {
  auto* promise = static_cast<JSPromise*>(args[0].as_object());
  static constexpr const char* names[] = {"pending", "fulfilled", "rejected"};
  const char* name = names[static_cast<std::size_t>(promise->state())];
  RootedValue result(runtime, promise->state() == PromiseState::pending
                                  ? Value::undefined()
                                  : Value::from(promise->result_));
  RootedValue state(runtime, text_value(runtime, name));
  const Value both[] = {state.get(), result.get()};
  return new_array_from(runtime, both);
}

// The first index at or after args[1] that the array has, or its length.
Value next_index(Runtime& runtime, Arguments& args) {
  JSObject* array = args[0].as_object();
  const std::uint32_t length = array->length_;
  auto from = static_cast<std::uint32_t>(args[1].as_number());
  if (array->has_dense_elements()) {
    while (from < length && dense_element(array, from).is_hole()) ++from;
    return Value::number(from);
  }
  std::vector<std::uint32_t> indices;
  element_indices(array, &indices);
  const auto at = std::lower_bound(indices.begin(), indices.end(), from);
  (void)runtime;
  return Value::number(at == indices.end() ? length : *at);
}

const NativeInfo functions[] = {
    {"kind", 1, kind},
    {"class_name", 1, class_name},
    {"is_builtin", 1, is_builtin},
    {"extra_keys", 2, extra_keys},
    {"collection_size", 1, collection_size},
    {"collection_entries", 1, collection_entries},
    {"preview_iterator", 1, preview},
    {"promise_details", 1, promise_details},
    {"next_index", 2, next_index},
};

}  // namespace

void add_inspect_binding(Runtime& runtime, JSObject* binding) {
  define_methods(runtime, binding, functions);
}

}  // namespace heaplab::interp::builtins
