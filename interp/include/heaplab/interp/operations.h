// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "heaplab/interp/object.h"

// The abstract operations of the language. Those marked * may run guest code and throw; all that
// are not marked "never collects" may collect.

namespace heaplab::interp {

bool to_boolean(Value value);  // never collects
enum class Hint : std::uint8_t { none, number, string };
Value to_primitive(Runtime& runtime, Value value, Hint hint = Hint::none);  // *
double to_number(Runtime& runtime, Value value);                            // *
double string_to_number(const String* string);                              // never collects
/// Truncated towards zero, NaN becomes 0; infinities stay. *
double to_integer(Runtime& runtime, Value value);
std::int32_t to_int32(Runtime& runtime, Value value);    // *
std::uint32_t to_uint32(Runtime& runtime, Value value);  // *
std::int32_t double_to_int32(double d);                  // never collects
std::uint64_t to_length(Runtime& runtime, Value value);  // * 0 .. 2^53-1
String* to_string(Runtime& runtime, Value value);        // *
/// String(symbol) and console.log allow what ToString does not.
String* symbol_descriptive_string(Runtime& runtime, const Symbol* symbol);
PropertyKey to_property_key(Runtime& runtime, Value value);  // *
/// The key that spells this number, index or not.
PropertyKey key_of_number(Runtime& runtime, double number);
/// As a script sees the key: an index becomes a string.
Value key_to_value(Runtime& runtime, PropertyKey key);
JSObject* to_object(Runtime& runtime, Value value);  // throws TypeError for nullish values
/// Relative index of slice(), splice(), at(): clamps to 0..length. *
std::uint64_t to_relative_index(Runtime& runtime, Value value, std::uint64_t length,
                                std::uint64_t if_undefined);

bool strict_equal(Value a, Value b);                   // never collects
bool same_value(Value a, Value b);                     // never collects
bool same_value_zero(Value a, Value b);                // never collects
bool loose_equal(Runtime& runtime, Value a, Value b);  // *
/// a < b; undefined results (NaN) are `if_nan`. *
bool less_than(Runtime& runtime, Value a, Value b);
bool less_equal(Runtime& runtime, Value a, Value b);
Value add(Runtime& runtime, Value a, Value b);  // *
String* type_of(Runtime& runtime, Value value);
bool instance_of(Runtime& runtime, Value value, Value constructor);            // *
bool ordinary_has_instance(Runtime& runtime, Value constructor, Value value);  // *
bool has_in(Runtime& runtime, Value key, Value object);                        // *

/// \name Iteration, with the whole protocol. Runs guest code.
/// @{
/// Calls `visit` for each value until it returns false; closes the iterator then, or if `visit`
/// throws. Plain arrays are read directly.
void iterate(Runtime& runtime, Value iterable, const std::function<bool(Value)>& visit);
/// Array.prototype.values and its kin, also for typed arrays and array-likes.
enum class IterationKind : std::uint8_t { keys, values, entries };
JSObject* new_array_iterator(Runtime& runtime, JSObject* array, IterationKind kind);
/// {value, done}
JSObject* new_iterator_result(Runtime& runtime, Value value, bool done);
/// iterable's values as a list.
void iterate_to_list(Runtime& runtime, Value iterable, RootedValues* out);
/// @}

}  // namespace heaplab::interp
