// SPDX-License-Identifier: MIT
// gc(), under --expose-gc.
#include "install.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

// gc(): everything. gc({type: 'minor'}) and, as in older Node, gc(true): the young space.
Value collect(Runtime& runtime, Arguments& args) {
  CollectionKind kind = CollectionKind::major;
  bool async = false;
  if (args[0].is_object()) {
    const Value type = get_property(runtime, args[0], "type");
    if (!type.is_undefined()) {
      const std::string name = to_text(runtime, type);
      if (name == "minor") {
        kind = CollectionKind::minor;
      } else if (name != "major") {
        throw_type_error(runtime, "gc: type '" + name + "' is not supported by heaplab run");
      }
    }
    const Value execution = get_property(runtime, args[0], "execution");
    async = !execution.is_undefined() && to_text(runtime, execution) == "async";
  } else if (args[0].is_true()) {
    kind = CollectionKind::minor;
  }
  if (async) throw_type_error(runtime, "gc: execution 'async' is not supported by heaplab run");
  runtime.heap().collect(kind, CollectionReason::requested);
  return Value::undefined();
}

const NativeInfo functions[] = {{"gc", 0, collect}};

}  // namespace

void install_gc_function(Runtime& runtime) {
  if (runtime.options().expose_gc) define_methods(runtime, runtime.global(), functions);
}

}  // namespace heaplab::interp::builtins
