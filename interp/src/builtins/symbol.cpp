// SPDX-License-Identifier: MIT
// Symbol and its registry; Boolean, which is as small.
#include "install.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

// Symbol.for's table: one property per name in an object that the runtime keeps.
struct SymbolRegistry {
  Value names = Value::undefined();
};

JSObject* registry(Runtime& runtime) { return runtime.state<SymbolRegistry>().names.as_object(); }

Value symbol_constructor(Runtime& runtime, Arguments& args) {
  if (args.is_construct()) throw_type_error(runtime, "Symbol is not a constructor");
  if (args[0].is_undefined()) return new_symbol(runtime, Value::undefined());
  return new_symbol(runtime, Value(to_string(runtime, args[0])));
}

Value symbol_for(Runtime& runtime, Arguments& args) {
  Rooted<String> name(runtime, to_string(runtime, args[0]));
  RootedValue key(runtime, to_property_key(runtime, name.value()).to_rootable());
  OwnProperty found;
  if (own_property(runtime, registry(runtime), PropertyKey::from_value(key.get()), &found)) {
    return found.value;
  }
  Rooted<Symbol> made(runtime, new_symbol(runtime, name.value()));
  made->set_flag(Symbol::registered_flag, true);
  define(runtime, registry(runtime), PropertyKey::from_value(key.get()), made.value());
  return made.value();
}

Value symbol_key_for(Runtime& runtime, Arguments& args) {
  if (!args[0].is_symbol()) {
    throw_type_error(runtime, describe_plain(runtime, args[0]) + " is not a symbol");
  }
  const Symbol* symbol = args[0].as_symbol();
  if (!symbol->flag(Symbol::registered_flag)) return Value::undefined();
  return Value::from(symbol->description_);
}

Value this_symbol(Runtime& runtime, const Arguments& args, std::string_view method) {
  if (args.this_value().is_symbol()) return args.this_value();
  auto* wrapper = as_if<JSPrimitiveWrapper>(args.this_value(), HeapType::PrimitiveWrapper);
  if (wrapper && Value::from(wrapper->value_).is_symbol()) return Value::from(wrapper->value_);
  throw_type_error(runtime, std::string(method) + " requires that 'this' be a Symbol");
}

Value symbol_to_string(Runtime& runtime, Arguments& args) {
  const Value symbol = this_symbol(runtime, args, "Symbol.prototype.toString");
  return symbol_descriptive_string(runtime, symbol.as_symbol());
}
Value symbol_value_of(Runtime& runtime, Arguments& args) {
  return this_symbol(runtime, args, "Symbol.prototype.valueOf");
}
Value symbol_to_primitive(Runtime& runtime, Arguments& args) {
  return this_symbol(runtime, args, "Symbol.prototype [ @@toPrimitive ]");
}
Value symbol_description(Runtime& runtime, Arguments& args) {
  const Value symbol = this_symbol(runtime, args, "Symbol.prototype.description");
  return Value::from(symbol.as_symbol()->description_);
}

const NativeInfo symbol_info{"Symbol", 0, symbol_constructor, true};
const NativeInfo symbol_statics[] = {{"for", 1, symbol_for}, {"keyFor", 1, symbol_key_for}};
const NativeInfo symbol_methods[] = {{"toString", 0, symbol_to_string},
                                     {"valueOf", 0, symbol_value_of}};
const NativeInfo to_primitive_info{"[Symbol.toPrimitive]", 1, symbol_to_primitive};
const NativeInfo description_info{"get description", 0, symbol_description};

void define_well_known(Runtime& runtime, JSObject* constructor) {
  Rooted<JSObject> target(runtime, constructor);
  const CommonAtoms& a = runtime.atoms();
  const std::pair<const char*, Symbol*> symbols[] = {
      {"iterator", a.symbol_iterator},
      {"asyncIterator", a.symbol_async_iterator},
      {"hasInstance", a.symbol_has_instance},
      {"toPrimitive", a.symbol_to_primitive},
      {"toStringTag", a.symbol_to_string_tag},
      {"species", a.symbol_species},
      {"isConcatSpreadable", a.symbol_is_concat_spreadable},
      {"unscopables", a.symbol_unscopables},
      {"match", a.symbol_match},
      {"matchAll", a.symbol_match_all},
      {"replace", a.symbol_replace},
      {"search", a.symbol_search},
      {"split", a.symbol_split},
  };
  RootedValues kept(runtime);
  for (const auto& entry : symbols) kept.push_back(Value(entry.second));
  for (std::size_t i = 0; i < std::size(symbols); ++i) {
    define_value(runtime, target.get(), symbols[i].first, kept[i], kNone);
  }
}

Value boolean_constructor(Runtime& runtime, Arguments& args) {
  const Value value = Value::boolean(to_boolean(args[0]));
  if (!args.is_construct()) return value;
  JSObject* prototype = prototype_for_construct(runtime, args.new_target(),
                                                runtime.intrinsic(Intrinsic::BooleanPrototype));
  auto* wrapper = new_exotic<JSPrimitiveWrapper>(runtime, HeapType::PrimitiveWrapper, prototype);
  wrapper->value_ = value.word();  // no reference: no barrier
  return wrapper;
}

bool this_boolean(Runtime& runtime, const Arguments& args, std::string_view method) {
  if (args.this_value().is_boolean()) return args.this_value().as_boolean();
  auto* wrapper = as_if<JSPrimitiveWrapper>(args.this_value(), HeapType::PrimitiveWrapper);
  if (wrapper && Value::from(wrapper->value_).is_boolean()) {
    return Value::from(wrapper->value_).as_boolean();
  }
  throw_type_error(runtime, std::string(method) + " requires that 'this' be a Boolean");
}
Value boolean_to_string(Runtime& runtime, Arguments& args) {
  const bool value = this_boolean(runtime, args, "Boolean.prototype.toString");
  return Value(value ? runtime.atoms().true_ : runtime.atoms().false_);
}
Value boolean_value_of(Runtime& runtime, Arguments& args) {
  return Value::boolean(this_boolean(runtime, args, "Boolean.prototype.valueOf"));
}

const NativeInfo boolean_info{"Boolean", 1, boolean_constructor, true};
const NativeInfo boolean_methods[] = {{"toString", 0, boolean_to_string},
                                      {"valueOf", 0, boolean_value_of}};

}  // namespace

void install_symbol(Runtime& runtime) {
  auto& state = runtime.state<SymbolRegistry>();
  runtime.add_named_root("Symbol registry", &state.names);
  state.names = Value(new_object_with_prototype(runtime, nullptr));
  // Node's own registered symbol is a well-known one here.
  RootedValue key(runtime, runtime.key("nodejs.util.inspect.custom").to_rootable());
  runtime.atoms().symbol_inspect_custom->set_flag(Symbol::registered_flag, true);
  define(runtime, registry(runtime), PropertyKey::from_value(key.get()),
         Value(runtime.atoms().symbol_inspect_custom));

  JSObject* prototype = runtime.intrinsic(Intrinsic::SymbolPrototype);
  Rooted<JSObject> constructor(runtime, define_class(runtime, symbol_info, prototype));
  define_methods(runtime, constructor.get(), symbol_statics);
  define_well_known(runtime, constructor.get());
  const auto proto = [&] { return runtime.intrinsic(Intrinsic::SymbolPrototype); };
  define_methods(runtime, proto(), symbol_methods);
  RootedValue convert(runtime, Value(new_native_function(runtime, to_primitive_info)));
  define(runtime, proto(), PropertyKey(runtime.atoms().symbol_to_primitive), convert,
         kConfigurable);
  define_tag(runtime, proto(), "Symbol");
  const PropertyKey description = runtime.key("description");
  define_getter(runtime, proto(), description, description_info);
}

void install_boolean(Runtime& runtime) {
  define_class(runtime, boolean_info, runtime.intrinsic(Intrinsic::BooleanPrototype));
  define_methods(runtime, runtime.intrinsic(Intrinsic::BooleanPrototype), boolean_methods);
}

}  // namespace heaplab::interp::builtins
