// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/interp/bytecode.h"
#include "heaplab/interp/error.h"
#include "heaplab/interp/inline_cache.h"
#include "heaplab/interp/runtime.h"

// The instructions' slow paths: everything the run loop does not do inline. All may collect and run
// guest code unless their comment says otherwise; all throw ScriptException. Register windows
// (Value*) lie on the rooted VM stack and stay where they are.

namespace heaplab::interp::handlers {

// ---- Named properties through inline caches (inline_cache.cpp) ----
Value get_named(Runtime& runtime, Value object, String* name, InlineCache& cache);
void set_named(Runtime& runtime, Value object, String* name, Value value, InlineCache& cache,
               bool strict);
void define_named(Runtime& runtime, Value object, String* name, Value value, InlineCache& cache);
Value get_global(Runtime& runtime, String* name, InlineCache& cache, bool or_undefined);
void set_global(Runtime& runtime, String* name, Value value, InlineCache& cache, bool strict);

// ---- Other property access (property_handlers.cpp) ----
Value get_keyed(Runtime& runtime, Value object, Value key);
void set_keyed(Runtime& runtime, Value object, Value key, Value value, bool strict);
bool delete_named(Runtime& runtime, Value object, String* name, bool strict);
bool delete_keyed(Runtime& runtime, Value object, Value key, bool strict);
Value get_super(Runtime& runtime, Value function, Value key, Value receiver);
void set_super(Runtime& runtime, Value function, Value key, Value receiver, Value value,
               bool strict);
void define_keyed(Runtime& runtime, Value object, Value key, Value value);
void define_method(Runtime& runtime, Value object, Value key, Value function, CodeUnit flags);
void set_literal_prototype(Runtime& runtime, Value object, Value prototype);
void set_function_name(Runtime& runtime, Value function, Value key, CodeUnit flags);
void copy_properties(Runtime& runtime, Value target, Value source, std::span<const Value> except);
/// Object rest: a new object.
Value copy_properties_except(Runtime& runtime, Value source, std::span<const Value> except);
Value get_private(Runtime& runtime, Value object, Value key);
void set_private(Runtime& runtime, Value object, Value key, Value value);
bool has_private(Runtime& runtime, Value object, Value key);
void define_private(Runtime& runtime, Value object, Value key, Value value, PrivateKind kind);

// ---- Creating (create_handlers.cpp) ----
Value create_class(Runtime& runtime, FunctionCode& code, Value context, Value superclass,
                   bool has_superclass, Value* prototype);
void initialize_fields(Runtime& runtime, Value instance, Value constructor);
Value template_object(Runtime& runtime, FunctionCode& code, std::uint32_t index);
Value regexp(Runtime& runtime, const RegExpLiteral& literal);
Value create_context(Runtime& runtime, FunctionCode& code, std::uint32_t scope, Value parent);
Value copy_context(Runtime& runtime, Value context);
void array_spread(Runtime& runtime, Value array, Value iterable);

// ---- Operators (operator_handlers.cpp) ----
Value arithmetic(Runtime& runtime, Opcode op, Value a, Value b);
bool greater_than(Runtime& runtime, Value a, Value b);
bool greater_equal(Runtime& runtime, Value a, Value b);
Value concat_strings(Runtime& runtime, Value* first, std::uint32_t count);
double exponentiate(double base, double exponent);
double modulo(double a, double b);

// ---- Iteration (iteration.cpp). `record` is the three registers ----
void get_iterator(Runtime& runtime, Value* record, Value iterable);
void get_async_iterator(Runtime& runtime, Value* record, Value iterable);
/// False: done (the record is finished then).
bool iterator_step(Runtime& runtime, Value* record, Value* value);
Value iterator_rest(Runtime& runtime, Value* record);
void iterator_close(Runtime& runtime, Value* record);
void iterator_close_silent(Runtime& runtime, Value* record);
/// False: there is no such method.
bool iterator_call(Runtime& runtime, Value* record, Value argument, IteratorMethod method,
                   Value* result);
/// Reads an iterator result's `done` (and value, if asked).
bool iterator_done(Runtime& runtime, Value result);
/// Reads both; true: done.
bool iterator_unwrap(Runtime& runtime, Value result, Value* value);
void check_iterator_result(Runtime& runtime, Value result);
void check_object(Runtime& runtime, Value value);
void for_in_prepare(Runtime& runtime, Value* record, Value object);
/// False: no more keys.
bool for_in_next(Runtime& runtime, Value* record, Value* key);

// ---- Throwing (property_handlers.cpp) ----
[[noreturn]] void throw_uninitialized(Runtime& runtime, Value name);
[[noreturn]] void throw_this_uninitialized(Runtime& runtime);
[[noreturn]] void throw_constant(Runtime& runtime, ErrorKind kind, Value text);
void throw_if_nullish(Runtime& runtime, Value value);
/// What the source calls the current instruction's operand; empty if it has no name for it.
std::string source_text(Runtime& runtime);
/// The same, or how the value prints.
std::string operand_text(Runtime& runtime, Value value);

}  // namespace heaplab::interp::handlers
