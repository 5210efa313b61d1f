// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "heaplab/interp/object.h"

namespace heaplab::interp {

/// Guest code threw. Carries nothing: the thrown value is Runtime::exception(), a root. C++ code
/// may catch it, and must then call Runtime::take_exception().
struct ScriptException {};

/// process.exit(): unwinds everything, cannot be caught by guest code.
struct ExitRequest {
  int code;
};

enum class ErrorKind : std::uint8_t {
  Error,
  TypeError,
  RangeError,
  ReferenceError,
  SyntaxError,
  EvalError,
  URIError
};

/// Guest error objects. `stack` is captured when made: raw frames, formatted when first read.
class JSError : public JSObject {
 public:
  Word captured_;  ///< internal: the frames, until formatted
};

/// \name All may collect. Messages are UTF-8.
/// @{
[[noreturn]] void throw_value(Runtime& runtime, Value value);
[[noreturn]] void throw_error(Runtime& runtime, ErrorKind kind, std::string_view message);
[[noreturn]] void throw_type_error(Runtime& runtime, std::string_view message);
[[noreturn]] void throw_range_error(Runtime& runtime, std::string_view message);
/// Node's: an Error of that kind with a `code` property, "[code]" in its stack's first line.
[[noreturn]] void throw_node_error(Runtime& runtime, ErrorKind kind, std::string_view code,
                                   std::string_view message);
JSObject* new_error(Runtime& runtime, ErrorKind kind, std::string_view message);
/// Gives any object a `stack` of the running frames (Error.captureStackTrace); frames above and
/// including the topmost call of `below` (a function, or undefined) are left out.
void capture_stack(Runtime& runtime, JSObject* object, Value below);
/// @}

/// A value as it appears in error messages ("#<Foo>", "\"text\"", "[object Array]"), as V8 does.
/// Runs no guest code, never collects.
std::string describe_for_error(Runtime& runtime, Value value);

}  // namespace heaplab::interp
