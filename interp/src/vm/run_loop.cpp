// SPDX-License-Identifier: MIT
// The bytecode loop. Fast paths only: integers and doubles, inline-cache hits, dense elements,
// plain calls. Everything else is in handlers.h. `pc` points at the instruction that is running
// until NEXT steps over it; SAVE() publishes it, which any instruction does before it can throw,
// collect or be asked where the program is.

#include <cmath>

#include "heaplab/interp/error.h"
#include "heaplab/interp/operations.h"
#include "heaplab/interp/typed_array.h"
#include "vm/handlers.h"
#include "vm/machine.h"
#include "vm/observe_access.h"
#include "vm/property_access.h"

namespace heaplab::interp {
namespace {

constexpr std::uint8_t op_lengths[] = {
#define OP(name, ...) static_cast<std::uint8_t>(opcode_length(Opcode::name)),
#include "heaplab/interp/opcodes.def"
#undef OP
};

inline Value* slot_at(Object* base, std::uint32_t offset) {
  return reinterpret_cast<Value*>(base->bytes() + offset);
}

inline JSObject* holder_of(JSObject* object, unsigned depth) {
  while (depth-- > 0) object = object->prototype();
  return object;
}

/// An inline-cache hit that needs no call. False: take the slow path.
inline bool cached_read(const Runtime& runtime, const CacheEntry& entry, JSObject* object,
                        Value* out) {
  if (entry.kind == static_cast<std::uint8_t>(CacheKind::inline_slot) && entry.depth == 0) {
    *out = *slot_at(object, entry.offset);
    return true;
  }
  if (entry.depth != 0) {
    if (entry.epoch != runtime.prototype_epoch()) return false;
    object = holder_of(object, entry.depth);
  }
  switch (static_cast<CacheKind>(entry.kind)) {
    case CacheKind::inline_slot:
      *out = *slot_at(object, entry.offset);
      return true;
    case CacheKind::outside_slot:
      *out = *slot_at(object->properties_.get(), entry.offset);
      return true;
    case CacheKind::array_length:
      if (!has_type(object, HeapType::Array)) return false;
      *out = Value::number(object->length_);
      return true;
    default:
      return false;
  }
}

/// A cached store that needs neither a call nor more memory.
inline bool cached_write(Heap& heap, const Runtime& runtime, const CacheEntry& entry,
                         JSObject* object, Value value) {
  switch (static_cast<CacheKind>(entry.kind)) {
    case CacheKind::inline_slot:
      heap.write(object, *reinterpret_cast<Word*>(slot_at(object, entry.offset)), value.word());
      return true;
    case CacheKind::outside_slot: {
      PropertyArray* properties = object->properties_.get();
      heap.write(properties, *reinterpret_cast<Word*>(slot_at(properties, entry.offset)),
                 value.word());
      return true;
    }
    case CacheKind::add_inline:
      if (entry.epoch != runtime.prototype_epoch() || object->flag(JSObject::prototype_flag)) {
        return false;
      }
      heap.write(object, *reinterpret_cast<Word*>(slot_at(object, entry.offset)), value.word());
      heap.write(object, object->shape_, static_cast<Shape*>(decompress(entry.new_shape)));
      return true;
    case CacheKind::add_outside: {
      PropertyArray* properties = object->properties_.get();
      if (entry.epoch != runtime.prototype_epoch() || !properties ||
          object->flag(JSObject::prototype_flag) ||
          entry.offset >= sizeof(PropertyArray) + properties->length() * sizeof(Word)) {
        return false;
      }
      heap.write(properties, *reinterpret_cast<Word*>(slot_at(properties, entry.offset)),
                 value.word());
      heap.write(object, object->shape_, static_cast<Shape*>(decompress(entry.new_shape)));
      return true;
    }
    default:
      return false;
  }
}

inline bool fast_truth(Value value, bool* truth) {
  if (value.is_boolean()) {
    *truth = value.is_true();
    return true;
  }
  return false;
}

/// Reads element `index` without a call; false: slow path.
inline bool fast_element(Value object, Value key, Value* out) {
  if (!key.is_int() || !object.is_object()) return false;
  JSObject* o = object.as_object();
  const auto index = static_cast<std::uint32_t>(key.as_int());
  Object* elements = o->elements_.get();
  if (index < elements->length()) {
    *out = static_cast<WordArray*>(elements)->get(index);
    return !out->is_hole();
  }
  if (has_type(o, HeapType::TypedArray) && index < o->length_) {
    *out = typed_array_get(static_cast<JSTypedArray*>(o), index);
    return true;
  }
  return false;
}

inline bool fast_element_write(Heap& heap, Value object, Value key, Value value) {
  if (!key.is_int() || !object.is_object()) return false;
  JSObject* o = object.as_object();
  const auto index = static_cast<std::uint32_t>(key.as_int());
  Object* elements = o->elements_.get();
  if (index < elements->length()) {
    if (o->flag(JSObject::frozen_elements_flag)) return false;
    auto* words = static_cast<WordArray*>(elements);
    if (words->get(index).is_hole()) {
      // The next element of an array that has room: what a push would do.
      if (index != o->length_ || !has_type(o, HeapType::Array) || !o->is_extensible() ||
          o->flag(JSObject::fixed_length_flag)) {
        return false;
      }
      o->length_ = index + 1;
    }
    write_element(heap, words, index, value);
    return true;
  }
  if (has_type(o, HeapType::TypedArray) && index < o->length_ && value.is_number()) {
    typed_array_set(static_cast<JSTypedArray*>(o), index, value);
    return true;
  }
  return false;
}

}  // namespace

Value Machine::run(bool throwing) {
  while (true) {
    Value result;
    if (throwing) {
      const Unwound unwound = unwind(&result);
      if (unwound == Unwound::gone) throw ScriptException{};
      if (unwound == Unwound::finished) return result;
    }
    bool returned = false;
    try {
      returned = runtime_.access_table() ? dispatch<true>(&result) : dispatch<false>(&result);
    } catch (const ScriptException&) {
      throwing = true;
      continue;
    }
    if (returned) return result;
    throw ScriptException{};
  }
}

#define R(n) regs[pc[n]]
#define SAVE() frame->pc = pc
#define LOAD_FRAME()    \
  do {                  \
    frame = frame_;     \
    pc = frame->pc;     \
    regs = frame->base; \
    code = frame->code; \
  } while (0)
#define NAME(n) (code->names->get(pc[n]).as<String>())
#define CACHE(n) code->caches[pc[n]]
#define CONSTANT(n) code->constants->get(read_u32(pc + (n)))
#define STRICT() code->source->strict

#if defined(__GNUC__)
#define LABEL(name) op_##name:
#define DISPATCH() goto* labels[*pc]
#else
#define LABEL(name) case Opcode::name:
#define DISPATCH() continue
#endif
#define CASE(name) \
  LABEL(name)      \
  if constexpr (observed) observe_access<Opcode::name>(runtime_.access_table(), pc, regs);
#define NEXT(name)                     \
  do {                                 \
    pc += opcode_length(Opcode::name); \
    DISPATCH();                        \
  } while (0)
// A taken jump; backward ones are where interrupts are noticed.
#define JUMP(n)                                                        \
  do {                                                                 \
    const std::int32_t distance = read_i32(pc + (n));                  \
    if (distance < 0 && runtime_.interrupt_requested()) [[unlikely]] { \
      SAVE();                                                          \
      runtime_.handle_interrupt();                                     \
    }                                                                  \
    pc += distance;                                                    \
    DISPATCH();                                                        \
  } while (0)

#define INT_ARITHMETIC(name, builtin, op)                      \
  CASE(name) {                                                 \
    const Value a = R(2);                                      \
    const Value b = R(3);                                      \
    std::int32_t i;                                            \
    if (a.is_int() && b.is_int()) {                            \
      if (!builtin(a.as_int(), b.as_int(), &i)) [[likely]] {   \
        R(1) = Value::integer(i);                              \
        NEXT(name);                                            \
      }                                                        \
    }                                                          \
    if (a.is_number() && b.is_number()) {                      \
      R(1) = Value::number(a.as_number() op b.as_number());    \
      NEXT(name);                                              \
    }                                                          \
    SAVE();                                                    \
    R(1) = handlers::arithmetic(runtime_, Opcode::name, a, b); \
    NEXT(name);                                                \
  }

#define INT_IMMEDIATE(name, full, builtin, op)                                   \
  CASE(name) {                                                                   \
    const Value a = R(2);                                                        \
    const auto imm = static_cast<std::int16_t>(pc[3]);                           \
    std::int32_t i;                                                              \
    if (a.is_int() && !builtin(a.as_int(), imm, &i)) [[likely]] {                \
      R(1) = Value::integer(i);                                                  \
      NEXT(name);                                                                \
    }                                                                            \
    if (a.is_number()) {                                                         \
      R(1) = Value::number(a.as_number() op imm);                                \
      NEXT(name);                                                                \
    }                                                                            \
    SAVE();                                                                      \
    R(1) = handlers::arithmetic(runtime_, Opcode::full, a, Value::integer(imm)); \
    NEXT(name);                                                                  \
  }

#define BIT_OPERATION(name, expression)                          \
  CASE(name) {                                                   \
    const Value va = R(2);                                       \
    const Value vb = R(3);                                       \
    if (va.is_int() && vb.is_int()) [[likely]] {                 \
      const std::int32_t a = va.as_int();                        \
      const std::int32_t b = vb.as_int();                        \
      R(1) = Value::number(expression);                          \
      NEXT(name);                                                \
    }                                                            \
    SAVE();                                                      \
    R(1) = handlers::arithmetic(runtime_, Opcode::name, va, vb); \
    NEXT(name);                                                  \
  }

#define BIT_IMMEDIATE(name, full, expression)                                   \
  CASE(name) {                                                                  \
    const Value va = R(2);                                                      \
    const std::int32_t b = static_cast<std::int16_t>(pc[3]);                    \
    if (va.is_int()) [[likely]] {                                               \
      const std::int32_t a = va.as_int();                                       \
      R(1) = Value::number(expression);                                         \
      NEXT(name);                                                               \
    }                                                                           \
    SAVE();                                                                     \
    R(1) = handlers::arithmetic(runtime_, Opcode::full, va, Value::integer(b)); \
    NEXT(name);                                                                 \
  }

// A comparison of R(x) and `right` into `truth`.
#define COMPARE(x, right, op, slow)            \
  const Value a = R(x);                        \
  const Value b = (right);                     \
  bool truth;                                  \
  if (a.is_int() && b.is_int()) [[likely]] {   \
    truth = a.as_int() op b.as_int();          \
  } else if (a.is_number() && b.is_number()) { \
    truth = a.as_number() op b.as_number();    \
  } else {                                     \
    SAVE();                                    \
    truth = slow;                              \
  }
#define LESS(x, right) COMPARE(x, right, <, less_than(runtime_, a, b))
#define LESS_EQUAL(x, right) COMPARE(x, right, <=, less_equal(runtime_, a, b))
#define GREATER(x, right) COMPARE(x, right, >, handlers::greater_than(runtime_, a, b))
#define GREATER_EQUAL(x, right) COMPARE(x, right, >=, handlers::greater_equal(runtime_, a, b))
#define STRICT_EQUAL(x, right) COMPARE(x, right, ==, strict_equal(a, b))
#define LOOSE_EQUAL(x, right) COMPARE(x, right, ==, loose_equal(runtime_, a, b))

#define COMPARISON(name, TEST, negated)      \
  CASE(name) {                               \
    TEST(2, R(3))                            \
    R(1) = Value::boolean(truth != negated); \
    NEXT(name);                              \
  }
#define COMPARE_JUMP(name, TEST, negated) \
  CASE(name) {                            \
    TEST(1, R(2))                         \
    if (truth != negated) JUMP(3);        \
    NEXT(name);                           \
  }
#define COMPARE_JUMP_INT(name, TEST, negated)                 \
  CASE(name) {                                                \
    TEST(1, Value::integer(static_cast<std::int16_t>(pc[2]))) \
    if (truth != negated) JUMP(3);                            \
    NEXT(name);                                               \
  }

template <bool observed>
bool Machine::dispatch(Value* result_out) {
  Frame* frame;
  const CodeUnit* pc;
  Value* regs;
  FunctionCode* code;
  Value result;
  Value* window;        // of the call being made
  std::uint32_t count;  // its arguments
  Value new_target;
  LOAD_FRAME();

#if defined(__GNUC__)
  static const void* const labels[] = {
#define OP(name, ...) &&op_##name,
#include "heaplab/interp/opcodes.def"
#undef OP
  };
  DISPATCH();
#else
  while (true) switch (static_cast<Opcode>(*pc)) {
#endif

  // ---- Loads and moves ----
  CASE(LoadUndefined) {
    R(1) = Value::undefined();
    NEXT(LoadUndefined);
  }
  CASE(LoadNull) {
    R(1) = Value::null();
    NEXT(LoadNull);
  }
  CASE(LoadTrue) {
    R(1) = Value::boolean(true);
    NEXT(LoadTrue);
  }
  CASE(LoadFalse) {
    R(1) = Value::boolean(false);
    NEXT(LoadFalse);
  }
  CASE(LoadHole) {
    R(1) = Value::hole();
    NEXT(LoadHole);
  }
  CASE(LoadInt) {
    R(1) = Value::integer(read_i32(pc + 2));
    NEXT(LoadInt);
  }
  CASE(LoadConst) {
    R(1) = CONSTANT(2);
    NEXT(LoadConst);
  }
  CASE(Move) {
    R(1) = R(2);
    NEXT(Move);
  }
  CASE(LoadNewTarget) {
    R(1) = frame->new_target;
    NEXT(LoadNewTarget);
  }

  // ---- Variables in contexts ----
  CASE(LoadOuterContext) {
    R(1) = Value(regs[0].as<JSFunction>()->context_.get());
    NEXT(LoadOuterContext);
  }
  CASE(CreateContext) {
    SAVE();
    R(1) = handlers::create_context(runtime_, *code, pc[3],
                                    pc[2] == kNoRegister ? Value::hole() : R(2));
    NEXT(CreateContext);
  }
  CASE(CopyContext) {
    SAVE();
    R(1) = handlers::copy_context(runtime_, R(1));
    NEXT(CopyContext);
  }
  CASE(GetSlot) {
    R(1) = Value::from(R(2).as<Context>()->slots()[pc[3]]);
    NEXT(GetSlot);
  }
  CASE(SetSlot) {
    auto* context = R(1).as<Context>();
    heap_.write(context, context->slots()[pc[2]], R(3).word());
    NEXT(SetSlot);
  }
  CASE(GetSlotChecked) {
    const Value value = Value::from(R(2).as<Context>()->slots()[pc[3]]);
    if (value.is_hole()) [[unlikely]] {
      SAVE();
      handlers::throw_uninitialized(runtime_, code->names->get(pc[4]));
    }
    R(1) = value;
    NEXT(GetSlotChecked);
  }
  CASE(GetOuter) {
    const Context* context = regs[0].as<JSFunction>()->context_.get();
    for (unsigned depth = pc[2]; depth > 0; --depth) context = context->parent_.get();
    R(1) = Value::from(context->slots()[pc[3]]);
    NEXT(GetOuter);
  }
  CASE(SetOuter) {
    Context* context = regs[0].as<JSFunction>()->context_.get();
    for (unsigned depth = pc[1]; depth > 0; --depth) context = context->parent_.get();
    heap_.write(context, context->slots()[pc[2]], R(3).word());
    NEXT(SetOuter);
  }
  CASE(GetOuterChecked) {
    const Context* context = regs[0].as<JSFunction>()->context_.get();
    for (unsigned depth = pc[2]; depth > 0; --depth) context = context->parent_.get();
    const Value value = Value::from(context->slots()[pc[3]]);
    if (value.is_hole()) [[unlikely]] {
      SAVE();
      handlers::throw_uninitialized(runtime_, code->names->get(pc[4]));
    }
    R(1) = value;
    NEXT(GetOuterChecked);
  }
  CASE(CheckHole) {
    if (R(1).is_hole()) [[unlikely]] {
      SAVE();
      handlers::throw_uninitialized(runtime_, code->names->get(pc[2]));
    }
    NEXT(CheckHole);
  }
  CASE(CheckThis) {
    if (R(1).is_hole()) [[unlikely]] {
      SAVE();
      handlers::throw_this_uninitialized(runtime_);
    }
    NEXT(CheckThis);
  }
  CASE(CheckSuperOnce) {
    if (!R(1).is_hole()) [[unlikely]] {
      SAVE();
      throw_error(runtime_, ErrorKind::ReferenceError, "Super constructor may only be called once");
    }
    NEXT(CheckSuperOnce);
  }
  CASE(ThrowConstAssign) {
    SAVE();
    throw_type_error(runtime_, "Assignment to constant variable.");
  }
  CASE(ThrowTypeError) {
    SAVE();
    handlers::throw_constant(runtime_, ErrorKind::TypeError, CONSTANT(1));
  }
  CASE(ThrowReferenceError) {
    SAVE();
    handlers::throw_constant(runtime_, ErrorKind::ReferenceError, CONSTANT(1));
  }

  // ---- Globals ----
  CASE(GetGlobal) {
    InlineCache& cache = CACHE(3);
    JSObject* global = runtime_.global();
    if (global->shape_.bits() == cache.first.shape &&
        cached_read(runtime_, cache.first, global, &R(1))) [[likely]] {
      NEXT(GetGlobal);
    }
    SAVE();
    R(1) = handlers::get_global(runtime_, NAME(2), cache, false);
    NEXT(GetGlobal);
  }
  CASE(GetGlobalOrUndefined) {
    SAVE();
    R(1) = handlers::get_global(runtime_, NAME(2), CACHE(3), true);
    NEXT(GetGlobalOrUndefined);
  }
  CASE(SetGlobal) {
    SAVE();
    handlers::set_global(runtime_, NAME(1), R(2), CACHE(3), STRICT());
    NEXT(SetGlobal);
  }

  // ---- Properties ----
  CASE(GetNamed) {
    const Value object = R(2);
    InlineCache& cache = CACHE(4);
    if (object.is_reference() && object.as<JSObject>()->shape_.bits() == cache.first.shape &&
        cached_read(runtime_, cache.first, object.as<JSObject>(), &R(1))) [[likely]] {
      NEXT(GetNamed);
    }
    SAVE();
    R(1) = handlers::get_named(runtime_, object, NAME(3), cache);
    NEXT(GetNamed);
  }
  CASE(GetMethod) {
    const Value object = R(2);
    InlineCache& cache = CACHE(4);
    Value* opened = regs + pc[1];
    Value method;
    if (!(object.is_reference() && object.as<JSObject>()->shape_.bits() == cache.first.shape &&
          cached_read(runtime_, cache.first, object.as<JSObject>(), &method))) [[unlikely]] {
      SAVE();
      opened[1] = object;
      opened[0] = handlers::get_named(runtime_, object, NAME(3), cache);
      NEXT(GetMethod);
    }
    opened[0] = method;
    opened[1] = object;
    NEXT(GetMethod);
  }
  CASE(SetNamed) {
    const Value object = R(1);
    InlineCache& cache = CACHE(4);
    if (object.is_reference() && object.as<JSObject>()->shape_.bits() == cache.first.shape &&
        cached_write(heap_, runtime_, cache.first, object.as<JSObject>(), R(3))) [[likely]] {
      NEXT(SetNamed);
    }
    SAVE();
    handlers::set_named(runtime_, object, NAME(2), R(3), cache, STRICT());
    NEXT(SetNamed);
  }
  CASE(DefineNamed) {
    const Value object = R(1);
    InlineCache& cache = CACHE(4);
    if (object.as<JSObject>()->shape_.bits() == cache.first.shape &&
        cached_write(heap_, runtime_, cache.first, object.as<JSObject>(), R(3))) [[likely]] {
      NEXT(DefineNamed);
    }
    SAVE();
    handlers::define_named(runtime_, object, NAME(2), R(3), cache);
    NEXT(DefineNamed);
  }
  CASE(GetKeyed) {
    Value value;
    if (fast_element(R(2), R(3), &value)) [[likely]] {
      R(1) = value;
      NEXT(GetKeyed);
    }
    SAVE();
    R(1) = handlers::get_keyed(runtime_, R(2), R(3));
    NEXT(GetKeyed);
  }
  CASE(SetKeyed) {
    if (fast_element_write(heap_, R(1), R(2), R(3))) [[likely]] {
      NEXT(SetKeyed);
    }
    SAVE();
    handlers::set_keyed(runtime_, R(1), R(2), R(3), STRICT());
    NEXT(SetKeyed);
  }
  CASE(DeleteNamed) {
    SAVE();
    R(1) = Value::boolean(handlers::delete_named(runtime_, R(2), NAME(3), STRICT()));
    NEXT(DeleteNamed);
  }
  CASE(DeleteKeyed) {
    SAVE();
    R(1) = Value::boolean(handlers::delete_keyed(runtime_, R(2), R(3), STRICT()));
    NEXT(DeleteKeyed);
  }
  CASE(GetSuperNamed) {
    SAVE();
    R(1) = handlers::get_super(runtime_, R(2), code->names->get(pc[3]), R(4));
    NEXT(GetSuperNamed);
  }
  CASE(GetSuperKeyed) {
    SAVE();
    R(1) = handlers::get_super(runtime_, R(2), R(3), R(4));
    NEXT(GetSuperKeyed);
  }
  CASE(SetSuperNamed) {
    SAVE();
    handlers::set_super(runtime_, R(1), code->names->get(pc[2]), R(3), R(4), STRICT());
    NEXT(SetSuperNamed);
  }
  CASE(SetSuperKeyed) {
    SAVE();
    handlers::set_super(runtime_, R(1), R(2), R(3), R(4), STRICT());
    NEXT(SetSuperKeyed);
  }
  CASE(ToPropertyKey) {
    if (!R(2).is_int() && !R(2).is_string() && !R(2).is_symbol()) {
      SAVE();
      const PropertyKey key = to_property_key(runtime_, R(2));
      R(1) = key_to_value(runtime_, key);
    } else {
      R(1) = R(2);
    }
    NEXT(ToPropertyKey);
  }
  CASE(DefineKeyed) {
    SAVE();
    handlers::define_keyed(runtime_, R(1), R(2), R(3));
    NEXT(DefineKeyed);
  }
  CASE(DefineMethod) {
    SAVE();
    handlers::define_method(runtime_, R(1), R(2), R(3), pc[4]);
    NEXT(DefineMethod);
  }
  CASE(SetPrototype) {
    SAVE();
    handlers::set_literal_prototype(runtime_, R(1), R(2));
    NEXT(SetPrototype);
  }
  CASE(SetFunctionName) {
    SAVE();
    handlers::set_function_name(runtime_, R(1), R(2), pc[3]);
    NEXT(SetFunctionName);
  }
  CASE(CopyProperties) {
    SAVE();
    handlers::copy_properties(runtime_, R(1), R(2), {});
    NEXT(CopyProperties);
  }
  CASE(CopyPropertiesExcept) {
    SAVE();
    R(1) = handlers::copy_properties_except(runtime_, R(2), {regs + pc[3], pc[4]});
    NEXT(CopyPropertiesExcept);
  }
  CASE(CreatePrivateName) {
    SAVE();
    R(1) = Value(new_private_name(runtime_, NAME(2)));
    NEXT(CreatePrivateName);
  }
  CASE(GetPrivate) {
    SAVE();
    R(1) = handlers::get_private(runtime_, R(2), R(3));
    NEXT(GetPrivate);
  }
  CASE(SetPrivate) {
    SAVE();
    handlers::set_private(runtime_, R(1), R(2), R(3));
    NEXT(SetPrivate);
  }
  CASE(HasPrivate) {
    SAVE();
    R(1) = Value::boolean(handlers::has_private(runtime_, R(2), R(3)));
    NEXT(HasPrivate);
  }
  CASE(DefinePrivate) {
    SAVE();
    handlers::define_private(runtime_, R(1), R(2), R(3), static_cast<PrivateKind>(pc[4]));
    NEXT(DefinePrivate);
  }

  // ---- Creating objects ----
  CASE(CreateObject) {
    SAVE();
    const std::uint32_t slots =
        pc[2] == kNoIndex
            ? 4
            : static_cast<std::uint32_t>(code->source->object_hints[pc[2]].keys.size());
    R(1) = Value(new_object(runtime_, slots));
    NEXT(CreateObject);
  }
  CASE(CreateArray) {
    SAVE();
    R(1) = Value(new_array(runtime_, pc[2]));
    NEXT(CreateArray);
  }
  CASE(CreateArrayFrom) {
    SAVE();
    count = pc[3];
    JSArray* array = new_array(runtime_, count);
    const Value* from = regs + pc[2];
    for (std::uint32_t i = 0; i < count; ++i) {
      write_element(heap_, array->dense_elements(), i, from[i]);
    }
    array->length_ = count;
    R(1) = Value(array);
    NEXT(CreateArrayFrom);
  }
  CASE(ArrayPush) {
    SAVE();
    array_push(runtime_, R(1).as<JSArray>(), R(2));
    NEXT(ArrayPush);
  }
  CASE(ArrayPushHole) {
    auto* array = R(1).as<JSArray>();
    ++array->length_;
    NEXT(ArrayPushHole);
  }
  CASE(ArraySpread) {
    SAVE();
    handlers::array_spread(runtime_, R(1), R(2));
    NEXT(ArraySpread);
  }
  CASE(CreateRegExp) {
    SAVE();
    R(1) = handlers::regexp(runtime_, code->source->regexps[pc[2]]);
    NEXT(CreateRegExp);
  }
  CASE(GetTemplateObject) {
    SAVE();
    R(1) = handlers::template_object(runtime_, *code, pc[2]);
    NEXT(GetTemplateObject);
  }
  CASE(MakeClosure) {
    SAVE();
    R(1) = Value(new_function(runtime_, runtime_.code(code->nested_base + pc[2]),
                              pc[3] == kNoRegister ? nullptr : R(3).as<Context>()));
    NEXT(MakeClosure);
  }
  CASE(MakeMethod) {
    SAVE();
    R(1) = Value(new_function(runtime_, runtime_.code(code->nested_base + pc[2]),
                              pc[3] == kNoRegister ? nullptr : R(3).as<Context>(),
                              R(4).as<JSObject>()));
    NEXT(MakeMethod);
  }
  CASE(CreateClass) {
    SAVE();
    const bool derived = pc[4] != kNoRegister;
    Value* out = regs + pc[1];
    Value prototype;  // made last: nothing can move it before it is in its register
    out[0] = handlers::create_class(runtime_, runtime_.code(code->nested_base + pc[2]),
                                    pc[3] == kNoRegister ? Value::hole() : R(3),
                                    derived ? R(4) : Value::undefined(), derived, &prototype);
    out[1] = prototype;
    NEXT(CreateClass);
  }
  CASE(SetFieldInitializer) {
    auto* constructor = R(1).as<JSFunction>();
    heap_.write(constructor, constructor->field_initializer_, R(2).as<Object>());
    NEXT(SetFieldInitializer);
  }
  CASE(InitializeFields) {
    SAVE();
    handlers::initialize_fields(runtime_, R(1), R(2));
    NEXT(InitializeFields);
  }

  // ---- Calls ----
  CASE(CallUndefined) {
    regs[pc[2] + 1] = Value::undefined();
    goto op_Call;
  }
  CASE(CallSpread) {
    window = regs + pc[2];
    SAVE();
    count = spread_window(window);
    goto do_call;
  }
  CASE(Call) {
    window = regs + pc[2];
    count = pc[3];
    SAVE();
    // Not after a spread: its arguments may lie beyond what is rooted.
    if (runtime_.interrupt_requested()) [[unlikely]] {
      runtime_.handle_interrupt();
    }
  do_call:
    const Value callee = *window;
    if (callee.is_reference() && has_type(callee.as_reference(), HeapType::Function)) [[likely]] {
      if (callee.as<JSFunction>()->code_->is_class) [[unlikely]] {
        check_callable_class(callee.as<JSFunction>());
      }
      push_frame(window, count, Value::undefined(), 0);
      LOAD_FRAME();
      DISPATCH();
    }
    if (callee.is_reference() && has_type(callee.as_reference(), HeapType::NativeFunction)) {
      R(1) = call_native(window, count, Value::undefined());
    } else {
      R(1) = Machine::call_window(window, count);
    }
    pc += op_lengths[*pc];
    DISPATCH();
  }
  CASE(New) {
    window = regs + pc[2];
    count = pc[3];
    SAVE();
    new_target = *window;
    goto do_construct;
  }
  CASE(NewSpread) {
    window = regs + pc[2];
    SAVE();
    count = spread_window(window);
    new_target = *window;
    goto do_construct;
  }
  CASE(SuperCallSpread) {
    window = regs + pc[2];
    SAVE();
    super_constructor(window);
    count = spread_window(window);
    new_target = R(3);
    goto do_construct;
  }
  CASE(SuperCall) {
    window = regs + pc[2];
    count = pc[3];
    SAVE();
    super_constructor(window);
    new_target = R(4);
  do_construct:
    if (auto* function = as_if<JSFunction>(*window, HeapType::Function);
        function && function->code_->is_constructor) [[likely]] {
      push_frame(window, count, new_target, Frame::called_by_new);
      LOAD_FRAME();
      DISPATCH();
    }
    R(1) = construct_window(window, count, new_target);
    pc += op_lengths[*pc];
    DISPATCH();
  }
  CASE(CheckDerivedReturn) {
    if (R(2).is_object()) {
      R(1) = R(2);
    } else if (!R(2).is_undefined()) {
      SAVE();
      throw_type_error(runtime_, "Derived constructors may only return object or undefined");
    } else if (R(3).is_hole()) {
      SAVE();
      handlers::throw_this_uninitialized(runtime_);
    } else {
      R(1) = R(3);
    }
    NEXT(CheckDerivedReturn);
  }
  CASE(ReturnUndefined) {
    result = Value::undefined();
    goto return_result;
  }
  CASE(Return) {
    result = R(1);
  return_result:
    if (code->suspends) [[unlikely]] {
      SAVE();
      result = finish(*frame, result);
    }
    if (frame->flags & Frame::called_by_new) {
      if (!result.is_object()) result = regs[1];
      learn_instance_slots(*frame, result);
    }
  leave_frame:
    frame_ = frame - 1;
    if (frame->flags & Frame::entry) {
      *result_out = result;
      return true;
    }
    frame = frame_;
    regs = frame->base;
    code = frame->code;
    pc = frame->pc;
    if (*pc == static_cast<CodeUnit>(Opcode::ForOfNext)) [[unlikely]] {
      // A generator that ForOfNext resumed in place.
      Value* record = regs + pc[2];
      if ((frame + 1)->generator.as<JSGenerator>()->state() == GeneratorState::completed) {
        record[0] = Value::undefined();
        JUMP(3);
      }
      R(1) = result;
      NEXT(ForOfNext);
    }
    R(1) = result;
    pc += op_lengths[*pc];
    DISPATCH();
  }

  // ---- Operators ----
  INT_ARITHMETIC(Add, __builtin_add_overflow, +)
  INT_ARITHMETIC(Sub, __builtin_sub_overflow, -)
  CASE(Mul) {
    const Value a = R(2);
    const Value b = R(3);
    std::int32_t i;
    // A zero product may be -0: let the doubles decide.
    if (a.is_int() && b.is_int() && !__builtin_mul_overflow(a.as_int(), b.as_int(), &i) && i != 0)
        [[likely]] {
      R(1) = Value::integer(i);
      NEXT(Mul);
    }
    if (a.is_number() && b.is_number()) {
      R(1) = Value::number(a.as_number() * b.as_number());
      NEXT(Mul);
    }
    SAVE();
    R(1) = handlers::arithmetic(runtime_, Opcode::Mul, a, b);
    NEXT(Mul);
  }
  CASE(Div) {
    const Value a = R(2);
    const Value b = R(3);
    if (a.is_number() && b.is_number()) [[likely]] {
      R(1) = Value::number(a.as_number() / b.as_number());
      NEXT(Div);
    }
    SAVE();
    R(1) = handlers::arithmetic(runtime_, Opcode::Div, a, b);
    NEXT(Div);
  }
  CASE(Mod) {
    const Value a = R(2);
    const Value b = R(3);
    if (a.is_int() && b.is_int() && a.as_int() >= 0 && b.as_int() > 0) [[likely]] {
      R(1) = Value::integer(a.as_int() % b.as_int());
      NEXT(Mod);
    }
    SAVE();
    R(1) = handlers::arithmetic(runtime_, Opcode::Mod, a, b);
    NEXT(Mod);
  }
  CASE(Exp) {
    SAVE();
    R(1) = handlers::arithmetic(runtime_, Opcode::Exp, R(2), R(3));
    NEXT(Exp);
  }
  BIT_OPERATION(BitAnd, a & b)
  BIT_OPERATION(BitOr, a | b)
  BIT_OPERATION(BitXor, a ^ b)
  BIT_OPERATION(ShiftLeft, static_cast<std::int32_t>(static_cast<std::uint32_t>(a) << (b & 31)))
  BIT_OPERATION(ShiftRight, a >> (b & 31))
  BIT_OPERATION(ShiftRightUnsigned, static_cast<std::uint32_t>(a) >> (b & 31))
  INT_IMMEDIATE(AddInt, Add, __builtin_add_overflow, +)
  INT_IMMEDIATE(SubInt, Sub, __builtin_sub_overflow, -)
  CASE(MulInt) {
    const Value a = R(2);
    const auto imm = static_cast<std::int16_t>(pc[3]);
    std::int32_t i;
    if (a.is_int() && !__builtin_mul_overflow(a.as_int(), imm, &i) && i != 0) [[likely]] {
      R(1) = Value::integer(i);
      NEXT(MulInt);
    }
    if (a.is_number()) {
      R(1) = Value::number(a.as_number() * imm);
      NEXT(MulInt);
    }
    SAVE();
    R(1) = handlers::arithmetic(runtime_, Opcode::Mul, a, Value::integer(imm));
    NEXT(MulInt);
  }
  CASE(ModInt) {
    const Value a = R(2);
    const auto imm = static_cast<std::int16_t>(pc[3]);
    if (a.is_int() && a.as_int() >= 0) [[likely]] {
      R(1) = Value::integer(a.as_int() % imm);
      NEXT(ModInt);
    }
    SAVE();
    R(1) = handlers::arithmetic(runtime_, Opcode::Mod, a, Value::integer(imm));
    NEXT(ModInt);
  }
  BIT_IMMEDIATE(BitAndInt, BitAnd, a & b)
  BIT_IMMEDIATE(BitOrInt, BitOr, a | b)
  BIT_IMMEDIATE(ShiftLeftInt, ShiftLeft,
                static_cast<std::int32_t>(static_cast<std::uint32_t>(a) << (b & 31)))
  BIT_IMMEDIATE(ShiftRightInt, ShiftRight, a >> (b & 31))
  BIT_IMMEDIATE(ShiftRightUnsignedInt, ShiftRightUnsigned,
                static_cast<std::uint32_t>(a) >> (b & 31))
  CASE(Increment) {
    const Value a = R(2);
    if (a.is_int() && a.as_int() != INT32_MAX) [[likely]] {
      R(1) = Value::integer(a.as_int() + 1);
      NEXT(Increment);
    }
    SAVE();
    R(1) = Value::number(to_number(runtime_, a) + 1);
    NEXT(Increment);
  }
  CASE(Decrement) {
    const Value a = R(2);
    if (a.is_int() && a.as_int() != INT32_MIN) [[likely]] {
      R(1) = Value::integer(a.as_int() - 1);
      NEXT(Decrement);
    }
    SAVE();
    R(1) = Value::number(to_number(runtime_, a) - 1);
    NEXT(Decrement);
  }
  CASE(ToNumeric) {
    if (R(2).is_number()) [[likely]] {
      R(1) = R(2);
    } else {
      SAVE();
      R(1) = Value::number(to_number(runtime_, R(2)));
    }
    NEXT(ToNumeric);
  }
  CASE(Negate) {
    const Value a = R(2);
    if (a.is_int() && a.as_int() != 0 && a.as_int() != INT32_MIN) [[likely]] {
      R(1) = Value::integer(-a.as_int());
      NEXT(Negate);
    }
    SAVE();
    R(1) = Value::number(-to_number(runtime_, a));
    NEXT(Negate);
  }
  CASE(BitNot) {
    if (R(2).is_int()) [[likely]] {
      R(1) = Value::integer(~R(2).as_int());
    } else {
      SAVE();
      R(1) = Value::integer(~to_int32(runtime_, R(2)));
    }
    NEXT(BitNot);
  }
  CASE(Not) {
    R(1) = Value::boolean(!to_boolean(R(2)));
    NEXT(Not);
  }
  CASE(TypeOf) {
    R(1) = Value(type_of(runtime_, R(2)));
    NEXT(TypeOf);
  }
  CASE(ToString) {
    SAVE();
    R(1) = Value(to_string(runtime_, R(2)));
    NEXT(ToString);
  }
  CASE(ConcatStrings) {
    SAVE();
    R(1) = handlers::concat_strings(runtime_, regs + pc[2], pc[3]);
    NEXT(ConcatStrings);
  }
  COMPARISON(Equal, LOOSE_EQUAL, false)
  COMPARISON(NotEqual, LOOSE_EQUAL, true)
  COMPARISON(StrictEqual, STRICT_EQUAL, false)
  COMPARISON(StrictNotEqual, STRICT_EQUAL, true)
  COMPARISON(Less, LESS, false)
  COMPARISON(LessEqual, LESS_EQUAL, false)
  COMPARISON(Greater, GREATER, false)
  COMPARISON(GreaterEqual, GREATER_EQUAL, false)
  CASE(In) {
    SAVE();
    R(1) = Value::boolean(has_in(runtime_, R(2), R(3)));
    NEXT(In);
  }
  CASE(InstanceOf) {
    SAVE();
    R(1) = Value::boolean(instance_of(runtime_, R(2), R(3)));
    NEXT(InstanceOf);
  }

  // ---- Jumps ----
  CASE(Jump) { JUMP(1); }
  CASE(JumpLoop) { JUMP(1); }
  CASE(JumpIfTrue) {
    bool truth;
    if (!fast_truth(R(1), &truth)) truth = to_boolean(R(1));
    if (truth) JUMP(2);
    NEXT(JumpIfTrue);
  }
  CASE(JumpIfFalse) {
    bool truth;
    if (!fast_truth(R(1), &truth)) truth = to_boolean(R(1));
    if (!truth) JUMP(2);
    NEXT(JumpIfFalse);
  }
  CASE(JumpIfUndefined) {
    if (R(1).is_undefined()) JUMP(2);
    NEXT(JumpIfUndefined);
  }
  CASE(JumpIfNotUndefined) {
    if (!R(1).is_undefined()) JUMP(2);
    NEXT(JumpIfNotUndefined);
  }
  CASE(JumpIfNullish) {
    if (R(1).is_nullish()) JUMP(2);
    NEXT(JumpIfNullish);
  }
  CASE(JumpIfNotNullish) {
    if (!R(1).is_nullish()) JUMP(2);
    NEXT(JumpIfNotNullish);
  }
  COMPARE_JUMP(JumpIfLess, LESS, false)
  COMPARE_JUMP(JumpIfNotLess, LESS, true)
  COMPARE_JUMP(JumpIfLessEqual, LESS_EQUAL, false)
  COMPARE_JUMP(JumpIfNotLessEqual, LESS_EQUAL, true)
  COMPARE_JUMP(JumpIfGreater, GREATER, false)
  COMPARE_JUMP(JumpIfNotGreater, GREATER, true)
  COMPARE_JUMP(JumpIfGreaterEqual, GREATER_EQUAL, false)
  COMPARE_JUMP(JumpIfNotGreaterEqual, GREATER_EQUAL, true)
  COMPARE_JUMP(JumpIfEqual, LOOSE_EQUAL, false)
  COMPARE_JUMP(JumpIfNotEqual, LOOSE_EQUAL, true)
  COMPARE_JUMP(JumpIfStrictEqual, STRICT_EQUAL, false)
  COMPARE_JUMP(JumpIfStrictNotEqual, STRICT_EQUAL, true)
  COMPARE_JUMP_INT(JumpIfLessInt, LESS, false)
  COMPARE_JUMP_INT(JumpIfNotLessInt, LESS, true)
  COMPARE_JUMP_INT(JumpIfLessEqualInt, LESS_EQUAL, false)
  COMPARE_JUMP_INT(JumpIfNotLessEqualInt, LESS_EQUAL, true)
  COMPARE_JUMP_INT(JumpIfGreaterInt, GREATER, false)
  COMPARE_JUMP_INT(JumpIfNotGreaterInt, GREATER, true)
  COMPARE_JUMP_INT(JumpIfGreaterEqualInt, GREATER_EQUAL, false)
  COMPARE_JUMP_INT(JumpIfNotGreaterEqualInt, GREATER_EQUAL, true)
  COMPARE_JUMP_INT(JumpIfStrictEqualInt, STRICT_EQUAL, false)
  COMPARE_JUMP_INT(JumpIfStrictNotEqualInt, STRICT_EQUAL, true)
  CASE(SwitchInt) {
    const JumpTable& table = code->source->jump_tables[pc[2]];
    // Numbers are normalised, but -0 is a double and equals 0.
    const bool minus_zero = R(1).is_double() && R(1).as_double() == 0;
    if (R(1).is_int() || minus_zero) {
      const std::int64_t i = (minus_zero ? 0 : std::int64_t{R(1).as_int()}) - table.min;
      if (i >= 0 && i < static_cast<std::int64_t>(table.offsets.size()) &&
          table.offsets[static_cast<std::size_t>(i)] != 0) {
        pc += table.offsets[static_cast<std::size_t>(i)];
        DISPATCH();
      }
    }
    NEXT(SwitchInt);
  }

  // ---- Iteration ----
  CASE(GetIterator) {
    SAVE();
    handlers::get_iterator(runtime_, regs + pc[1], R(2));
    NEXT(GetIterator);
  }
  CASE(GetAsyncIterator) {
    SAVE();
    handlers::get_async_iterator(runtime_, regs + pc[1], R(2));
    NEXT(GetAsyncIterator);
  }
  CASE(ForOfNext) {
    Value* record = regs + pc[2];
    SAVE();
    if (auto* generator = as_if<JSGenerator>(record[0], HeapType::Generator);
        generator && record[1] == Value(runtime_.intrinsic(Intrinsic::GeneratorNext)) &&
        generator->state() <= GeneratorState::suspended_yield) {
      push_resumed(generator, ResumeMode::next, Value::undefined(), Frame::for_of);
      LOAD_FRAME();
      DISPATCH();
    }
    if (handlers::iterator_step(runtime_, record, &result)) {
      R(1) = result;
      NEXT(ForOfNext);
    }
    JUMP(3);
  }
  CASE(IteratorStep) {
    SAVE();
    Value* record = regs + pc[2];
    if (record[0].is_undefined() || !handlers::iterator_step(runtime_, record, &result)) {
      result = Value::undefined();
    }
    R(1) = result;
    NEXT(IteratorStep);
  }
  CASE(IteratorRest) {
    SAVE();
    R(1) = handlers::iterator_rest(runtime_, regs + pc[2]);
    NEXT(IteratorRest);
  }
  CASE(IteratorClose) {
    SAVE();
    handlers::iterator_close(runtime_, regs + pc[1]);
    NEXT(IteratorClose);
  }
  CASE(IteratorCloseSilent) {
    SAVE();
    handlers::iterator_close_silent(runtime_, regs + pc[1]);
    NEXT(IteratorCloseSilent);
  }
  CASE(IteratorCall) {
    SAVE();
    if (!handlers::iterator_call(runtime_, regs + pc[2], R(3), static_cast<IteratorMethod>(pc[4]),
                                 &result)) {
      JUMP(5);
    }
    R(1) = result;
    NEXT(IteratorCall);
  }
  CASE(IteratorUnwrap) {
    SAVE();
    if (handlers::iterator_unwrap(runtime_, R(2), &result)) {
      R(1) = result;
      JUMP(3);
    }
    R(1) = result;
    NEXT(IteratorUnwrap);
  }
  CASE(IteratorDone) {
    SAVE();
    if (handlers::iterator_done(runtime_, R(1))) JUMP(2);
    NEXT(IteratorDone);
  }
  CASE(CheckObject) {
    if (!R(1).is_object()) {
      SAVE();
      handlers::check_object(runtime_, R(1));
    }
    NEXT(CheckObject);
  }
  CASE(ForInPrepare) {
    SAVE();
    handlers::for_in_prepare(runtime_, regs + pc[1], R(2));
    NEXT(ForInPrepare);
  }
  CASE(ForInNext) {
    SAVE();
    if (!handlers::for_in_next(runtime_, regs + pc[2], &result)) JUMP(3);
    R(1) = result;
    NEXT(ForInNext);
  }

  // ---- Generators and async ----
  CASE(InitialYield) {
    SAVE();
    result = initial_yield();
    goto leave_frame;
  }
  CASE(Yield) {
    SAVE();
    result = suspend_yield(R(2), !(frame->flags & Frame::for_of));
    goto leave_frame;
  }
  CASE(YieldResult) {
    SAVE();
    if (frame->flags & Frame::for_of) {
      // ForOfNext takes values, not result objects.
      result = get_named(runtime_, R(2), runtime_.atoms().value);
      result = suspend_yield(result, false);
    } else {
      result = suspend_yield(R(2), false);
    }
    goto leave_frame;
  }
  CASE(Await) {
    SAVE();
    result = suspend_await(R(2));
    goto leave_frame;
  }

  // ---- Exceptions ----
  CASE(Throw) {
    SAVE();
    runtime_.set_exception(R(1));
    runtime_.note_throw_site();
    goto exception;
  }
  CASE(Rethrow) {
    SAVE();
    runtime_.set_exception(R(1));
    goto exception;
  }
  CASE(ThrowIfNullish) {
    if (R(1).is_nullish()) [[unlikely]] {
      SAVE();
      handlers::throw_if_nullish(runtime_, R(1));
    }
    NEXT(ThrowIfNullish);
  }
  CASE(Debugger) { NEXT(Debugger); }
#if !defined(__GNUC__)
}
#endif

exception : switch (unwind(&result)) {
  case Unwound::handled:
    LOAD_FRAME();
    DISPATCH();
  case Unwound::finished:
    *result_out = result;
    return true;
  case Unwound::gone:
    break;
}
return false;
}

}  // namespace heaplab::interp
