// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "heaplab/interp/runtime.h"

// CommonJS, and the modules written in JavaScript that are part of the program (src/builtins/js).

namespace heaplab::interp::builtins {

/// A module compiled into the executable. Names: "events", "internal:inspect".
struct EmbeddedModule {
  std::string_view name;
  std::string_view source;
};
/// Generated at build time.
std::span<const EmbeddedModule> embedded_modules();

/// module.exports of an embedded module; runs it the first time. Throws std::logic_error if there
/// is none of that name. May collect, runs its code.
Value require_embedded(Runtime& runtime, std::string_view name);
/// A function that an embedded module exports.
Value embedded_function(Runtime& runtime, std::string_view module, std::string_view name);

/// The object that embedded modules get from require('internal:binding').
Value make_binding(Runtime& runtime);
void add_inspect_binding(Runtime& runtime, JSObject* binding);
void add_file_binding(Runtime& runtime, JSObject* binding);
void add_statistics_binding(Runtime& runtime, JSObject* binding);
void add_snapshot_binding(Runtime& runtime, JSObject* binding);
/// What a binding returns for a failed system call: [errno name, -errno, text]. May collect.
Value system_failure(Runtime& runtime, int error);

}  // namespace heaplab::interp::builtins
