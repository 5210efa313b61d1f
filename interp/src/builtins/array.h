// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/interp/operations.h"
#include "heaplab/interp/runtime.h"

// What the files of Array.prototype share. Everything here may collect unless it says otherwise;
// what reads elements of odd objects also runs guest code.

namespace heaplab::interp::builtins {

/// An array whose dense elements may be read and written directly: no unusual attributes, not
/// frozen, sealed or closed. Never collects.
inline bool is_plain_array(Value value) {
  if (!is_simple_array(value)) return false;
  const JSObject* object = value.as_object();
  return !object->flag(JSObject::not_extensible_flag) &&
         !object->flag(JSObject::sealed_elements_flag) &&
         !object->flag(JSObject::frozen_elements_flag) &&
         !object->flag(JSObject::fixed_length_flag);
}

/// Get(object, index) with a short cut for dense arrays.
Value element_at(Runtime& runtime, Value object, std::uint64_t index);
/// HasProperty, then Get: false for holes.
bool read_element(Runtime& runtime, Value object, std::uint64_t index, Value* out);
/// Set(object, "length", length), throwing when refused.
void set_length(Runtime& runtime, Value object, std::uint64_t length);
void delete_element(Runtime& runtime, Value object, std::uint64_t index);
/// Throws V8's "Invalid array length" beyond 2^32-1.
std::uint32_t checked_array_length(Runtime& runtime, double length);

/// this.forEach(callback, this_argument) and its kin: `args` are the method's own.
class CallbackLoop {
 public:
  /// Checks `this` and the callback.
  CallbackLoop(Runtime& runtime, Arguments& args, std::string_view method);
  std::uint64_t length() const { return length_; }
  /// False for holes.
  bool read(std::uint64_t index, Value* out) {
    return read_element(runtime_, args_.this_value(), index, out);
  }
  Value element(std::uint64_t index) { return element_at(runtime_, args_.this_value(), index); }
  Value invoke(Value element, std::uint64_t index);

 private:
  Runtime& runtime_;
  Arguments& args_;
  std::uint64_t length_ = 0;
};

/// The result of map, filter, slice, …: an array, or what the receiver's class wants
/// (Symbol.species).
class ArrayResult {
 public:
  /// Looks up the species; `length` is what its constructor gets.
  ArrayResult(Runtime& runtime, Value original, std::uint64_t length);
  void push(Value value) { values_.push_back(value); }
  std::size_t size() const { return values_.size(); }
  /// Holes are left out of the result.
  Value finish();

 private:
  Runtime& runtime_;
  RootedValue custom_;
  RootedValues values_;
};

/// Sorts in place, stably. `compare`: a callable or undefined (by string). Holes and undefined
/// values must have been taken out.
void sort_values(Runtime& runtime, RootedValues& values, Value compare);

void install_array_copying(Runtime& runtime, JSObject* prototype);
void install_array_callbacks(Runtime& runtime, JSObject* prototype);
void install_array_callbacks_shared(Runtime& runtime, JSObject* prototype);
void install_array_search(Runtime& runtime, JSObject* prototype);
void install_array_sorting(Runtime& runtime, JSObject* prototype);
/// The methods %TypedArray%.prototype has in common with Array.prototype, working on any
/// array-like.
void install_shared_with_typed_arrays(Runtime& runtime, JSObject* prototype);

}  // namespace heaplab::interp::builtins
