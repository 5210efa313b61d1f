// SPDX-License-Identifier: MIT
// WeakRef and FinalizationRegistry.
//
// A registration is a cell with a weak slot for its target. The heap reports cells whose slot it
// cleared; the event loop's turn hook takes them off their registry's list and queues the callback.
#include "collections.h"
#include "install.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

bool can_be_held_weakly(Value value) {
  return value.is_object() ||
         (value.is_symbol() && !value.as_symbol()->flag(Symbol::registered_flag));
}

Value weak_ref_constructor(Runtime& runtime, Arguments& args) {
  require_new(runtime, args, "WeakRef");
  if (!can_be_held_weakly(args[0])) {
    throw_type_error(runtime, "WeakRef: invalid target");
  }
  JSObject* prototype = prototype_for_construct(runtime, args.new_target(),
                                                runtime.intrinsic(Intrinsic::WeakRefPrototype));
  auto* reference = new_exotic<JSWeakRef>(runtime, HeapType::WeakRef, prototype);
  runtime.heap().write_weak(reference, reference->target_, args[0].word());
  runtime.keep_during_job(args[0]);
  return reference;
}

Value weak_ref_deref(Runtime& runtime, Arguments& args) {
  const auto* reference =
      this_as<JSWeakRef>(runtime, args, HeapType::WeakRef, "WeakRef.prototype.deref");
  const Value target = Value::from(reference->target_);
  if (!target.is_reference()) return Value::undefined();
  runtime.keep_during_job(target);
  return target;
}

JSFinalizationRegistry* this_registry(Runtime& runtime, const Arguments& args, const char* method) {
  return this_as<JSFinalizationRegistry>(runtime, args, HeapType::FinalizationRegistry, method);
}

Value registry_constructor(Runtime& runtime, Arguments& args) {
  require_new(runtime, args, "FinalizationRegistry");
  if (!args[0].is_callable()) {
    throw_type_error(runtime, "FinalizationRegistry: cleanup must be callable");
  }
  JSObject* prototype = prototype_for_construct(
      runtime, args.new_target(), runtime.intrinsic(Intrinsic::FinalizationRegistryPrototype));
  auto* registry =
      new_exotic<JSFinalizationRegistry>(runtime, HeapType::FinalizationRegistry, prototype);
  runtime.heap().write(registry, registry->callback_, args[0].word());
  return registry;
}

Value registry_register(Runtime& runtime, Arguments& args) {
  this_registry(runtime, args, "FinalizationRegistry.prototype.register");
  if (!can_be_held_weakly(args[0])) {
    throw_type_error(runtime, "FinalizationRegistry.prototype.register: invalid target");
  }
  if (same_value(args[0], args[1])) {
    throw_type_error(runtime,
                     "FinalizationRegistry.prototype.register: target and holdings must not be "
                     "same");
  }
  if (!args[2].is_undefined() && !can_be_held_weakly(args[2])) {
    throw_type_error(runtime,
                     "Invalid unregisterToken ('" + describe_for_error(runtime, args[2]) + "')");
  }
  Heap& heap = runtime.heap();
  auto* cell = heap.allocate<FinalizationCell>(type_id(HeapType::FinalizationCell));
  auto* registry = static_cast<JSFinalizationRegistry*>(args.this_value().as_object());
  heap.write_weak(cell, cell->target_, args[0].word());
  heap.write_weak(cell, cell->token_, args[2].word());
  heap.write(cell, cell->held_, args[1].word());
  heap.write(cell, cell->registry_, static_cast<JSObject*>(registry));
  FinalizationCell* first = registry->cells_.get();
  heap.write(cell, cell->next_, first);
  if (first) heap.write(first, first->previous_, cell);
  heap.write(registry, registry->cells_, cell);
  return Value::undefined();
}

// Takes a cell off its list. Never collects.
void unlink(Heap& heap, FinalizationCell* cell) {
  FinalizationCell* next = cell->next_.get();
  FinalizationCell* previous = cell->previous_.get();
  if (next) heap.write(next, next->previous_, previous);
  if (previous) {
    heap.write(previous, previous->next_, next);
  } else {
    auto* registry = static_cast<JSFinalizationRegistry*>(cell->registry_.get());
    heap.write(registry, registry->cells_, next);
  }
  heap.write(cell, cell->registry_, nullptr);  // says that it is off the list
}

Value registry_unregister(Runtime& runtime, Arguments& args) {
  auto* registry = this_registry(runtime, args, "FinalizationRegistry.prototype.unregister");
  if (!can_be_held_weakly(args[0])) {
    throw_type_error(runtime,
                     "Invalid unregisterToken ('" + describe_for_error(runtime, args[0]) + "')");
  }
  bool found = false;
  FinalizationCell* cell = registry->cells_.get();
  while (cell != nullptr) {
    FinalizationCell* next = cell->next_.get();
    if (cell->token_ == args[0].word()) {
      unlink(runtime.heap(), cell);
      found = true;
    }
    cell = next;
  }
  return Value::boolean(found);
}

void call_cleanup(Runtime& runtime, Value callback, Value held, Value) {
  call(runtime, callback, Value::undefined(), {held});
}

// After a collection: queues the callbacks of targets that died.
void queue_cleanups(Runtime& runtime) {
  Heap& heap = runtime.heap();
  if (!heap.has_cleared()) return;
  HandleScope scope(heap);
  for (const Handle<>& handle : heap.take_cleared(scope)) {
    if (!has_type(handle.get(), HeapType::FinalizationCell)) continue;
    auto* cell = static_cast<FinalizationCell*>(handle.get());
    if (!cell->registry_ || cell->target_ != Word::cleared()) continue;
    auto* registry = static_cast<JSFinalizationRegistry*>(cell->registry_.get());
    unlink(heap, cell);
    runtime.event_loop().add_macrotask(call_cleanup, Value::from(registry->callback_),
                                       Value::from(cell->held_));
  }
}

const NativeInfo weak_ref_info{"WeakRef", 1, weak_ref_constructor, true};
const NativeInfo registry_info{"FinalizationRegistry", 1, registry_constructor, true};
const NativeInfo weak_ref_methods[] = {{"deref", 0, weak_ref_deref}};
const NativeInfo registry_methods[] = {
    {"register", 2, registry_register},
    {"unregister", 1, registry_unregister},
};

}  // namespace

void install_weak_references(Runtime& runtime) {
  define_class(runtime, weak_ref_info, runtime.intrinsic(Intrinsic::WeakRefPrototype));
  define_methods(runtime, runtime.intrinsic(Intrinsic::WeakRefPrototype), weak_ref_methods);
  define_tag(runtime, runtime.intrinsic(Intrinsic::WeakRefPrototype), "WeakRef");
  const auto registry = [&] { return runtime.intrinsic(Intrinsic::FinalizationRegistryPrototype); };
  define_class(runtime, registry_info, registry());
  define_methods(runtime, registry(), registry_methods);
  define_tag(runtime, registry(), "FinalizationRegistry");
  runtime.event_loop().add_turn_hook(queue_cleanups);
}

}  // namespace heaplab::interp::builtins
