// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include "heaplab/interp/bytecode.h"
#include "heaplab/interp/context.h"
#include "heaplab/interp/inline_cache.h"
#include "heaplab/interp/object.h"

namespace heaplab::interp {

/// A FunctionTemplate as one Runtime runs it. Lives as long as the Runtime (guest code cannot make
/// new code), outside the heap; what it refers to there are roots (names, constants) or weak
/// (inline caches).
struct FunctionCode {
  const FunctionTemplate* source = nullptr;
  std::uint32_t id = 0;   ///< template_id of AllocationSite
  bool prepared = false;  ///< names, constants and caches are there
  bool is_class = false;  ///< cannot be called without `new`
  bool is_constructor = false;
  bool suspends = false;              ///< async or a generator
  std::uint8_t instance_slots = 4;    ///< in-object slots for instances of this constructor
  bool instance_slots_known = false;  ///< ... as seen on one that was finished
  std::uint32_t nested_base = 0;      ///< id of functions[0]
  WordArray* names = nullptr;         ///< atoms
  WordArray* constants = nullptr;     ///< strings and numbers
  WordArray* objects = nullptr;       ///< template objects; per-object-hint shapes
  std::unique_ptr<InlineCache[]> caches;
};

/// A function of the guest program.
class JSFunction : public JSObject {
 public:
  FunctionCode* code_ = nullptr;
  Ref<Context> context_;
  Ref<JSObject> home_object_;  ///< for super
  Ref<Shape> instance_shape_;  ///< of `new F`, while F.prototype stays what it is
  Ref<Object> field_initializer_;
};
static_assert(sizeof(JSFunction) == 48);

/// What is fixed about a native function. Tables of these must outlive the Runtime (static const).
struct NativeInfo {
  const char* name;  ///< UTF-8; "[Symbol.iterator]", "get size" as written
  std::uint8_t length = 0;
  NativeCode code = nullptr;
  bool is_constructor = false;  ///< `new` allowed: args.is_construct() tells
};

/// A function written in C++, with `length()` captured values.
class JSNativeFunction : public JSObject {  // elements: words
 public:
  const NativeInfo* info_ = nullptr;
  Word* captured() { return reinterpret_cast<Word*>(this + 1); }
  Value captured(std::uint32_t i) const {
    return Value::from(reinterpret_cast<const Word*>(this + 1)[i]);
  }
};

class JSBoundFunction : public JSObject {  // elements: words, the bound arguments
 public:
  Word target_;
  Word this_;
  Word* bound() { return reinterpret_cast<Word*>(this + 1); }
};

/// \name May collect.
/// @{
/// `captured` values are read back with static_cast<JSNativeFunction*>(callee)->captured(i).
JSNativeFunction* new_native_function(Runtime& runtime, const NativeInfo& info,
                                      std::span<const Value> captured = {});
/// Adds native functions as hidden (non-enumerable) methods.
void define_methods(Runtime& runtime, JSObject* object, std::span<const NativeInfo> methods);
/// One method under any key. Returns the function.
JSObject* define_method(Runtime& runtime, JSObject* object, PropertyKey key,
                        const NativeInfo& info);
/// A getter (setter: may be null).
void define_getter(Runtime& runtime, JSObject* object, PropertyKey key, const NativeInfo& getter,
                   const NativeInfo* setter = nullptr);
/// A constructor function with `prototype` (non-writable) and prototype.constructor, and the global
/// of that name. Returns the constructor.
JSObject* define_class(Runtime& runtime, const NativeInfo& info, JSObject* prototype);
/// The `arguments` of a call: never tied to the parameters.
JSObject* new_arguments_object(Runtime& runtime, std::span<const Value> args);
/// A function of the guest program.
JSFunction* new_function(Runtime& runtime, FunctionCode& code, Context* context,
                         JSObject* home_object = nullptr);
JSBoundFunction* new_bound_function(Runtime& runtime, JSObject* target, Value this_value,
                                    std::span<const Value> args);
/// @}

bool is_constructor(Value value);
/// The function's `name` if that is a plain string, else "". Never collects.
std::string function_name(const JSObject* function);
/// Function.prototype.toString's text. Never collects.
std::string function_source(const JSObject* function);
/// Is it a class constructor of the guest program?
bool is_class_constructor(const JSObject* function);

}  // namespace heaplab::interp
