// SPDX-License-Identifier: MIT
// Globals that are written in JavaScript: loaded when somebody first asks for one.
#include "install.h"
#include "modules.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

struct LazyGlobal {
  const char* name;
  const char* module;
};
constexpr LazyGlobal globals[] = {
    {"performance", "perf_hooks"},
    {"PerformanceObserver", "perf_hooks"},
    {"structuredClone", "internal:clone"},
};

void replace_global(Runtime& runtime, Value name_arg, Value value_arg) {
  RootedValue name(runtime, name_arg);
  RootedValue value(runtime, value_arg);
  const PropertyKey key = to_property_key(runtime, name);
  define(runtime, runtime.global(), key, value, kHidden);
}

// captured: name, module
Value load_global(Runtime& runtime, Arguments& args) {
  const auto captured = [&](std::uint32_t i) {
    return static_cast<JSNativeFunction*>(args.callee().as_object())->captured(i);
  };
  RootedValue exports(runtime, require_embedded(runtime, to_utf8(captured(1).as_string())));
  RootedValue value(runtime, get_property(runtime, exports, to_utf8(captured(0).as_string())));
  replace_global(runtime, captured(0), value);
  return value;
}

Value assign_global(Runtime& runtime, Arguments& args) {
  replace_global(runtime, static_cast<JSNativeFunction*>(args.callee().as_object())->captured(0),
                 args[0]);
  return Value::undefined();
}

const NativeInfo getter_info{"get", 0, load_global};
const NativeInfo setter_info{"set", 1, assign_global};

}  // namespace

void install_lazy_globals(Runtime& runtime) {
  for (const LazyGlobal& global : globals) {
    RootedValue name(runtime, text_value(runtime, global.name));
    RootedValue module(runtime, text_value(runtime, global.module));
    const Value captured[] = {name.get(), module.get()};
    RootedValue getter(runtime, Value(new_native_function(runtime, getter_info, captured)));
    const Value again[] = {name.get(), module.get()};
    RootedValue setter(runtime, Value(new_native_function(runtime, setter_info, again)));
    const PropertyKey key = to_property_key(runtime, name);
    define_accessor(runtime, runtime.global(), key, getter, setter, kConfigurable);
  }
}

}  // namespace heaplab::interp::builtins
