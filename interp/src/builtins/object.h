// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/interp/runtime.h"

// What Object, Reflect and class-like built-ins share about objects. All may collect.

namespace heaplab::interp::builtins {

/// Object.setPrototypeOf: throws the TypeError V8 would. \pre prototype is an object or null
void change_prototype(Runtime& runtime, JSObject* object, Value prototype);
/// {value, writable, …} read from a guest object into `holder`'s roots. Throws TypeError if `from`
/// is no object or mixes accessor and data parts. The descriptor's values are kept in `keep`.
PropertyDescriptor read_descriptor(Runtime& runtime, Value from, RootedValues& keep);
/// The object Object.getOwnPropertyDescriptor returns.
Value describe_property(Runtime& runtime, const OwnProperty& property);
/// DefinePropertyOrThrow.
void define_or_throw(Runtime& runtime, JSObject* object, PropertyKey key,
                     const PropertyDescriptor& descriptor);
/// Object.defineProperties.
void define_properties(Runtime& runtime, JSObject* object, Value properties);
/// Adds defineProperty, freeze and their family to Object.
void install_object_descriptors(Runtime& runtime, JSObject* constructor);

}  // namespace heaplab::interp::builtins
