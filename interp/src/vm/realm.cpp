// SPDX-License-Identifier: MIT
// The objects that must exist before the first built-in can be installed.

#include "heaplab/interp/generator.h"
#include "heaplab/interp/operations.h"
#include "heaplab/interp/runtime.h"
#include "vm/property_access.h"

namespace heaplab::interp {
namespace {

Value nothing(Runtime&, Arguments&) { return Value::undefined(); }
constexpr NativeInfo function_prototype_info{"", 0, nothing};

/// The prototype's own prototype.
Intrinsic parent_of(Intrinsic which) {
  switch (which) {
    case Intrinsic::TypeErrorPrototype:
    case Intrinsic::RangeErrorPrototype:
    case Intrinsic::ReferenceErrorPrototype:
    case Intrinsic::SyntaxErrorPrototype:
    case Intrinsic::EvalErrorPrototype:
    case Intrinsic::URIErrorPrototype:
    case Intrinsic::AggregateErrorPrototype:
      return Intrinsic::ErrorPrototype;
    case Intrinsic::ArrayIteratorPrototype:
    case Intrinsic::GeneratorPrototype:
      return Intrinsic::IteratorPrototype;
    case Intrinsic::AsyncGeneratorPrototype:
    case Intrinsic::AsyncFromSyncIteratorPrototype:
      return Intrinsic::AsyncIteratorPrototype;
    case Intrinsic::GeneratorFunctionPrototype:
    case Intrinsic::AsyncFunctionPrototype:
    case Intrinsic::AsyncGeneratorFunctionPrototype:
      return Intrinsic::FunctionPrototype;
    default:
      return Intrinsic::ObjectPrototype;
  }
}

/// A prototype that is itself a wrapper of a primitive.
JSObject* new_wrapper_prototype(Runtime& runtime, JSObject* parent, Value primitive) {
  RootedValue value(runtime, primitive);
  auto* wrapper = new_exotic<JSPrimitiveWrapper>(runtime, HeapType::PrimitiveWrapper, parent);
  runtime.heap().write(wrapper, wrapper->value_, value.get().word());
  return wrapper;
}

JSObject* make_prototype(Runtime& runtime, Intrinsic which) {
  JSObject* parent = runtime.intrinsic(parent_of(which));
  switch (which) {
    case Intrinsic::ArrayPrototype:
      return new_exotic_object(runtime, HeapType::Array, parent);
    case Intrinsic::StringPrototype:
      return new_wrapper_prototype(runtime, parent, Value(runtime.atoms().empty));
    case Intrinsic::NumberPrototype:
      return new_wrapper_prototype(runtime, parent, Value::integer(0));
    case Intrinsic::BooleanPrototype:
      return new_wrapper_prototype(runtime, parent, Value::boolean(false));
    default:
      return new_object_with_prototype(runtime, parent, 0);
  }
}

}  // namespace

void Runtime::make_common_atoms() {
  for (unsigned i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    characters_[i] = atom_table_.intern_latin1({&c, 1});
  }
#define ATOM(name) common_atoms_.name = atom_table_.intern_latin1(#name);
#define ATOM_TEXT(name, text) common_atoms_.name = atom_table_.intern_latin1(text);
#define SYMBOL(name, text)                                    \
  {                                                           \
    const Value description(atom_table_.intern_latin1(text)); \
    common_atoms_.name = new_symbol(*this, description);      \
  }
#include "heaplab/interp/atoms.def"
#undef ATOM
#undef ATOM_TEXT
#undef SYMBOL
}

void Runtime::make_core_realm() {
  empty_elements_ = static_cast<WordArray*>(heap_.allocate_old(type_id(HeapType::WordArray), 0));
  make_common_atoms();
  root_shapes_symbol_ = new_private_name(*this, intern("root shapes"));

  Shape* no_prototype = new_root_shape(*this, nullptr, 4);
  set_intrinsic(Intrinsic::ObjectPrototype, new_object_of_shape(*this, no_prototype));
  Shape* function_like = new_root_shape(*this, intrinsic(Intrinsic::ObjectPrototype), 0);
  shapes_.objects[0] = function_like;
  auto* function_prototype = static_cast<JSNativeFunction*>(
      new_exotic_object(*this, HeapType::NativeFunction, intrinsic(Intrinsic::ObjectPrototype)));
  function_prototype->info_ = &function_prototype_info;
  function_prototype->set_flag(JSObject::lazy_flag, true);
  set_intrinsic(Intrinsic::FunctionPrototype, function_prototype);

  const auto first = static_cast<std::size_t>(Intrinsic::ArrayPrototype);
  const auto last = static_cast<std::size_t>(Intrinsic::DatePrototype);
  // Parents before children.
  for (const Intrinsic early : {Intrinsic::ErrorPrototype, Intrinsic::IteratorPrototype,
                                Intrinsic::AsyncIteratorPrototype}) {
    set_intrinsic(early, make_prototype(*this, early));
  }
  for (std::size_t i = first; i <= last; ++i) {
    const auto which = static_cast<Intrinsic>(i);
    if (!intrinsic(which)) set_intrinsic(which, make_prototype(*this, which));
  }
  shapes_.array = new_root_shape(*this, intrinsic(Intrinsic::ArrayPrototype), 0);
  shapes_.function = root_shape(*this, intrinsic(Intrinsic::FunctionPrototype), 0);
  shapes_.string = new_root_shape(*this, intrinsic(Intrinsic::StringPrototype), 0);
  shapes_.number = new_root_shape(*this, intrinsic(Intrinsic::NumberPrototype), 0);
  shapes_.boolean = new_root_shape(*this, intrinsic(Intrinsic::BooleanPrototype), 0);
  shapes_.symbol = new_root_shape(*this, intrinsic(Intrinsic::SymbolPrototype), 0);
  global_ = new_object(*this, 0);
  install_generators(*this);
}

Shape* Runtime::object_shape(std::uint32_t slots) {
  if (slots > 32) slots = 32;
  if (!shapes_.objects[slots]) {
    Shape* shape = new_root_shape(*this, intrinsic(Intrinsic::ObjectPrototype), slots);
    shapes_.objects[slots] = shape;
  }
  return shapes_.objects[slots];
}

Shape* Runtime::null_prototype_shape(std::uint32_t slots) {
  if (slots > 32) slots = 32;
  if (!shapes_.null_prototype[slots]) {
    Shape* shape = new_root_shape(*this, nullptr, slots);
    shapes_.null_prototype[slots] = shape;
  }
  return shapes_.null_prototype[slots];
}

Shape* Runtime::iterator_result_shape() {
  if (!shapes_.iterator_result) {
    // Step by step: making a shape may move the atoms that an argument beside it already named.
    Rooted<Shape> shape(*this, object_shape(2));
    shape = shape_with_property(*this, shape.get(), PropertyKey(atoms().value), kAll);
    shape = shape_with_property(*this, shape.get(), PropertyKey(atoms().done), kAll);
    shapes_.iterator_result = shape.get();
  }
  return shapes_.iterator_result;
}

Symbol* new_symbol(Runtime& runtime, Value description) {
  RootedValue text(runtime, description);
  auto* symbol = runtime.heap().allocate<Symbol>(type_id(HeapType::Symbol));
  symbol->hash_ = runtime.next_symbol_hash();
  runtime.heap().write(symbol, symbol->description_, text.get().word());
  return symbol;
}

Symbol* new_private_name(Runtime& runtime, String* description) {
  Symbol* symbol = new_symbol(runtime, Value(description));
  symbol->set_flag(Symbol::private_flag, true);
  return symbol;
}

}  // namespace heaplab::interp
