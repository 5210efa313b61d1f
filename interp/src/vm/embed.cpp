// SPDX-License-Identifier: MIT
// Running a program from start to exit code, and reporting what nobody caught.

#include <fmt/format.h>

#include "heaplab/interp/builtins.h"
#include "heaplab/interp/error.h"
#include "heaplab/interp/operations.h"
#include "heaplab/interp/runtime.h"
#include "heaplab/interp/source.h"
#include "vm/property_access.h"

namespace heaplab::interp {
namespace {

/// Node's exit code for an uncaught exception.
constexpr int uncaught_exit_code = 1;

/// "file:line\nsource line\n    ^\n\n", or nothing if no place is known.
std::string place_of_throw(Runtime& runtime) {
  const AllocationSite site = runtime.throw_site();
  const SourceLocation at = runtime.resolve(site);
  if (at.line == 0) return "";
  const Source& source = *runtime.code(site.template_id).source->source;
  const std::string line = utf16_to_utf8(source.line_text(at.line));
  std::string marker;
  for (std::uint32_t i = 0; i + 1 < at.column && i < line.size(); ++i) {
    marker.push_back(line[i] == '\t' ? '\t' : ' ');
  }
  return fmt::format("{}:{}\n{}\n{}^\n\n", at.file, at.line, line, marker);
}

/// The error's stack, or what console.log would print of a thrown value that has none.
std::string text_of(Runtime& runtime, RootedValue& error) {
  if (error.get().is_object() && has_type(error.get().as_reference(), HeapType::Error)) {
    std::string text = inspect_value(runtime, error);
    // console.log puts a stack without frames in brackets: here, that of code that never ran.
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
    return text;
  }
  return "Uncaught:\n" + inspect_value(runtime, error);
}

void report(Runtime& runtime) {
  RootedValue error(runtime, runtime.exception());
  std::string text;
  try {
    text = uncaught_report(runtime, error);
  } catch (const ScriptException&) {
    text = "Uncaught exception (and its report failed)\n";
  }
  runtime.take_exception();
  runtime.write_error(text);
}

/// Runs `start`, then the loop, until nothing is left to do.
template <class Start>
int run_program(Runtime& runtime, Start&& start) {
  int code = 0;
  try {
    try {
      start();
      runtime.event_loop().run();
      // 'beforeExit' may start new work, and comes again when that is done.
      while (emit_before_exit(runtime) && runtime.event_loop().has_work()) {
        runtime.event_loop().run();
      }
    } catch (const ScriptException&) {
      report(runtime);
      code = uncaught_exit_code;
    }
    return emit_exit(runtime, code);
  } catch (const ExitRequest& exit) {
    return exit.code;
  } catch (const ScriptException&) {
    report(runtime);  // thrown by an 'exit' listener
    return uncaught_exit_code;
  }
}

}  // namespace

std::string uncaught_report(Runtime& runtime, Value value) {
  RootedValue error(runtime, value);
  const std::string place = place_of_throw(runtime);
  if (runtime.is_from_rejection() && !error.get().is_object()) {
    return fmt::format(
        "{}[UnhandledPromiseRejection: This error originated either by throwing inside of an async "
        "function without a catch block, or by rejecting a promise which was not handled with "
        ".catch(). The promise rejected with the reason \"{}\".] {{\n  code: "
        "'ERR_UNHANDLED_REJECTION'\n}}\n\nheaplab\n",
        place, inspect_value(runtime, error));
  }
  return fmt::format("{}{}\n\nheaplab\n", place, text_of(runtime, error));
}

int run_file(Runtime& runtime, const std::string& path) {
  return run_program(runtime,
                     [&] { runtime.event_loop().guard([&] { load_main_module(runtime, path); }); });
}

int run_text(Runtime& runtime, const std::string& name, std::string_view utf8) {
  return run_program(
      runtime, [&] { runtime.event_loop().guard([&] { run_module_text(runtime, name, utf8); }); });
}

}  // namespace heaplab::interp
