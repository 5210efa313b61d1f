// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "heaplab/interp/runtime.h"

// What the built-ins offer to those who run programs (install_builtins itself is in runtime.h).
// All may collect and run guest code.

namespace heaplab::interp {

/// Loads a file as the main module (require.main) and returns its exports. Compile errors become
/// guest SyntaxErrors whose stack begins with the place. Throws ScriptException, ExitRequest.
Value load_main_module(Runtime& runtime, const std::string& path);
/// The same for a text that is in no file.
Value run_module_text(Runtime& runtime, const std::string& name, std::string_view utf8);

/// \name Events of `process`. False: nobody listens.
/// @{
bool emit_before_exit(Runtime& runtime);
/// Emits 'exit' once and returns the exit code: process.exitCode if that is set, else `code`.
int emit_exit(Runtime& runtime, int code);
bool emit_uncaught_exception(Runtime& runtime, Value error);
bool emit_unhandled_rejection(Runtime& runtime, Value reason, Value promise);
/// @}

/// Called with the name of each performance.mark(), so that a recording can note the phase.
void set_mark_hook(Runtime& runtime, std::function<void(std::string_view name)> hook);

/// What v8.writeHeapSnapshot does: called with the file's name at a safepoint; may collect. A
/// std::system_error becomes the script's error. Without a hook the function says that it is not
/// supported.
void set_heap_snapshot_hook(Runtime& runtime, std::function<void(const std::string& path)> hook);

/// A value as console.log prints it: for reports of thrown non-errors.
std::string inspect_value(Runtime& runtime, Value value);

}  // namespace heaplab::interp
