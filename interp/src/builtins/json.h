// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "heaplab/interp/runtime.h"

namespace heaplab::interp::builtins {

/// JSON.parse without a reviver. `text` must not point into the heap. Throws SyntaxError.
Value parse_json(Runtime& runtime, std::u16string_view text);
/// The methods of the JSON object.
Value json_parse(Runtime& runtime, Arguments& args);
Value json_stringify(Runtime& runtime, Arguments& args);

}  // namespace heaplab::interp::builtins
