// SPDX-License-Identifier: MIT
// What v8.writeHeapSnapshot asks of whoever runs the program.
#include <system_error>

#include "heaplab/interp/builtins.h"
#include "modules.h"
#include "support.h"

namespace heaplab::interp {
namespace builtins {
namespace {

struct SnapshotHook {
  std::function<void(const std::string&)> write;
};

Value can_write_heap_snapshot(Runtime& runtime, Arguments&) {
  return Value::boolean(runtime.state<SnapshotHook>().write != nullptr);
}

// As the functions of fs: nothing, or [errno name, number, text].
Value write_heap_snapshot(Runtime& runtime, Arguments& args) {
  const std::string path = to_text(runtime, args[0]);
  try {
    runtime.state<SnapshotHook>().write(path);
  } catch (const std::system_error& error) {
    return system_failure(runtime, error.code().value());
  }
  return Value::undefined();
}

const NativeInfo functions[] = {
    {"can_write_heap_snapshot", 0, can_write_heap_snapshot},
    {"write_heap_snapshot", 1, write_heap_snapshot},
};

}  // namespace

void add_snapshot_binding(Runtime& runtime, JSObject* binding) {
  define_methods(runtime, binding, functions);
}

}  // namespace builtins

void set_heap_snapshot_hook(Runtime& runtime, std::function<void(const std::string& path)> hook) {
  runtime.state<builtins::SnapshotHook>().write = std::move(hook);
}

}  // namespace heaplab::interp
