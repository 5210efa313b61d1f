// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "heaplab/interp/error.h"
#include "heaplab/interp/operations.h"
#include "heaplab/interp/runtime.h"

// Small helpers that all built-ins share. GC safety: see call.h; everything here that takes a
// Runtime may collect unless it says otherwise.

namespace heaplab::interp::builtins {

/// Defines a data property under a Latin-1 name.
void define_value(Runtime& runtime, JSObject* object, std::string_view name, Value value,
                  std::uint8_t flags = kHidden);
/// The property Symbol.toStringTag.
void define_tag(Runtime& runtime, JSObject* object, std::string_view tag);
/// A new plain object that becomes a non-enumerable property of `holder`.
JSObject* define_namespace(Runtime& runtime, JSObject* holder, std::string_view name);
/// Global variable (non-enumerable, as built-ins are).
void define_global(Runtime& runtime, std::string_view name, Value value);

/// describe_for_error, but strings without quotes: what V8 writes in most messages.
std::string describe_plain(Runtime& runtime, Value value);
/// TypeError "number 5 is not iterable (cannot read property Symbol(Symbol.iterator))".
void require_iterable(Runtime& runtime, Value value);
/// TypeError "x is not a function".
void require_callable(Runtime& runtime, Value value);
/// TypeError "Method M called on incompatible receiver x".
[[noreturn]] void throw_incompatible(Runtime& runtime, std::string_view method, Value receiver);
/// TypeError "Constructor M requires 'new'".
void require_new(Runtime& runtime, const Arguments& args, std::string_view name);
/// ToObject(this) with V8's message "M called on null or undefined"; stores it in `args`.
void require_this_object(Runtime& runtime, Arguments& args, std::string_view method);

template <class T>
T* this_as(Runtime& runtime, const Arguments& args, HeapType type, std::string_view method) {
  T* object = as_if<T>(args.this_value(), type);
  if (object == nullptr) throw_incompatible(runtime, method, args.this_value());
  return object;
}

/// A property by Latin-1 name. Runs guest code.
Value get_property(Runtime& runtime, Value object, std::string_view name);
/// True unless absent/undefined; ToBoolean of options[name].
bool option_flag(Runtime& runtime, Value options, std::string_view name, bool if_absent);

/// A new string value from UTF-8.
inline Value text_value(Runtime& runtime, std::string_view utf8) {
  return Value(new_string_utf8(runtime, utf8));
}
/// ToString as UTF-8.
std::string to_text(Runtime& runtime, Value value);

/// Appends to a result array and counts its length itself.
inline JSArray* array_of(Runtime& runtime, RootedValues& values) {
  return new_array_from(runtime, values.span());
}

/// The elements of an array-like object: what apply() passes. Nullish: none.
void list_from_array_like(Runtime& runtime, Value source, RootedValues* out);

/// Node's ERR_INVALID_ARG_TYPE, with its wording "Received ...".
[[noreturn]] void throw_invalid_argument(Runtime& runtime, std::string_view name,
                                         std::string_view expected, Value actual);
/// Node's ERR_OUT_OF_RANGE.
[[noreturn]] void throw_out_of_range(Runtime& runtime, std::string_view name,
                                     std::string_view range, std::string_view received);

}  // namespace heaplab::interp::builtins
