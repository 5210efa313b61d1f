// SPDX-License-Identifier: MIT
// RegExp: constructor, exec, test, flags. What String's methods call is in regexp_symbols.cpp.
#include "regexp.h"

#include "heaplab/interp/source.h"
#include "install.h"
#include "string.h"
#include "support.h"
#include "vm/property_access.h"

namespace heaplab::interp::builtins {

JSRegExp* this_regexp(Runtime& runtime, const Arguments& args, const char* method) {
  return this_as<JSRegExp>(runtime, args, HeapType::RegExp, method);
}

double last_index(Runtime& runtime, JSRegExp* regexp) {
  const PropertyRef found = find_own(runtime, regexp, PropertyKey(runtime.atoms().lastIndex));
  if (found.found() && found.value.is_int()) return std::max(0, found.value.as_int());
  const Value value = get_named(runtime, Value(regexp), runtime.atoms().lastIndex);
  return static_cast<double>(to_length(runtime, value));
}

void set_last_index(Runtime& runtime, JSRegExp* regexp, double index) {
  set_named(runtime, Value(regexp), runtime.atoms().lastIndex, Value::number(index));
}

MatchResult exec_raw(Runtime& runtime, const Rooted<JSRegExp>& regexp, const Rooted<String>& text) {
  const double index = last_index(runtime, regexp.get());
  const bool uses_index = regexp->flag_bits_ & (kGlobal | kSticky);
  const double start = uses_index ? index : 0;
  MatchResult match;
  if (start <= text->length()) {
    match = regexp_engine(runtime).match(regexp.get(), text.get(), static_cast<std::size_t>(start));
  }
  if (uses_index) {
    set_last_index(runtime, regexp.get(), match.matched() ? static_cast<double>(match.end()) : 0);
  }
  return match;
}

namespace {

Value capture(Runtime& runtime, const Rooted<String>& text, const MatchResult& match,
              std::size_t group) {
  const std::size_t start = match.bounds[2 * group];
  if (start == MatchResult::no_match) return Value::undefined();
  return substring(runtime, text.get(), static_cast<std::uint32_t>(start),
                   static_cast<std::uint32_t>(match.bounds[2 * group + 1]));
}

// {name: value} for the named groups, with values taken from `list`; undefined without names.
Value named_groups(Runtime& runtime, const Rooted<JSRegExp>& regexp, const RootedValues& list) {
  const auto& names = regexp->compiled_->names;
  if (names.empty()) return Value::undefined();
  Rooted<JSObject> groups(runtime, new_object_with_prototype(runtime, nullptr));
  for (const auto& [name, group] : names) {
    Rooted<String> text(runtime, new_string(runtime, name));
    const PropertyKey key = to_property_key(runtime, text.value());
    define(runtime, groups.get(), key, list[group]);
  }
  return groups.value();
}

// The d flag's array of [start, end].
Value index_array(Runtime& runtime, const Rooted<JSRegExp>& regexp, const MatchResult& match) {
  RootedValues pairs(runtime);
  for (std::size_t i = 0; i + 1 < match.bounds.size(); i += 2) {
    if (match.bounds[i] == MatchResult::no_match) {
      pairs.push_back(Value::undefined());
      continue;
    }
    const Value pair[] = {Value::number(static_cast<std::uint64_t>(match.bounds[i])),
                          Value::number(static_cast<std::uint64_t>(match.bounds[i + 1]))};
    pairs.push_back(Value(new_array_from(runtime, pair)));
  }
  RootedValue groups(runtime, named_groups(runtime, regexp, pairs));
  Rooted<JSObject> array(runtime, array_of(runtime, pairs));
  define(runtime, array.get(), PropertyKey(runtime.atoms().groups), groups);
  return array.value();
}

}  // namespace

Value match_array(Runtime& runtime, const Rooted<JSRegExp>& regexp, const Rooted<String>& text,
                  const MatchResult& match) {
  RootedValues captures(runtime);
  for (std::size_t group = 0; 2 * group < match.bounds.size(); ++group) {
    captures.push_back(capture(runtime, text, match, group));
  }
  Rooted<JSObject> array(runtime, array_of(runtime, captures));
  const CommonAtoms& atoms = runtime.atoms();
  define(runtime, array.get(), PropertyKey(atoms.index),
         Value::number(static_cast<std::uint64_t>(match.start())));
  define(runtime, array.get(), PropertyKey(atoms.input), text.value());
  RootedValue groups(runtime, named_groups(runtime, regexp, captures));
  define(runtime, array.get(), PropertyKey(atoms.groups), groups);
  if (regexp->flag_bits_ & kHasIndices) {
    RootedValue indices(runtime, index_array(runtime, regexp, match));
    define_value(runtime, array.get(), "indices", indices, kAll);
  }
  return array.value();
}

std::size_t advance_index(std::u16string_view text, std::size_t index, bool unicode) {
  if (!unicode || index >= text.size()) return index + 1;
  next_code_point(text, index);
  return index;
}

namespace {

std::uint32_t check_flags(Runtime& runtime, String* letters) {
  const std::u16string text = to_utf16(letters);
  if (text.find(u'v') != std::u16string::npos) {
    throw_error(runtime, ErrorKind::SyntaxError,
                "Regular expression flag 'v' is not supported by heaplab run");
  }
  const auto flags = regexp::parse_flags(text);
  if (!flags) {
    throw_error(runtime, ErrorKind::SyntaxError,
                "Invalid flags supplied to RegExp constructor '" + utf16_to_utf8(text) + "'");
  }
  return *flags;
}

Value regexp_constructor(Runtime& runtime, Arguments& args) {
  auto* original = as_if<JSRegExp>(args[0], HeapType::RegExp);
  if (original && !args.is_construct() && args[1].is_undefined()) return args[0];
  RootedValue pattern(runtime, args[0]);
  RootedValue letters(runtime, args[1]);
  if (original) {
    pattern = Value(original->source_.get());
    if (args[1].is_undefined()) letters = Value(original->flags_.get());
  }
  // Guest code runs here and there up to the second to_string; the engine is asked afterwards.
  JSObject* prototype = prototype_for_construct(runtime, args.new_target(),
                                                runtime.intrinsic(Intrinsic::RegExpPrototype));
  Rooted<JSRegExp> regexp(runtime, new_exotic<JSRegExp>(runtime, HeapType::RegExp, prototype));
  const auto text_of = [&](const RootedValue& value) {
    return value.get().is_undefined() ? runtime.atoms().empty : to_string(runtime, value);
  };
  Rooted<String> source(runtime, text_of(pattern));
  Rooted<String> flag_text(runtime, text_of(letters));
  source = flatten(runtime, source.get());
  flag_text = flatten(runtime, flag_text.get());
  regexp->flag_bits_ = check_flags(runtime, flag_text.get());
  RegExpEngine& engine = regexp_engine(runtime);
  regexp->compiled_ = engine.compile(to_utf16(source.get()), regexp->flag_bits_);
  regexp->generation_ = engine.generation();
  runtime.heap().write(regexp.get(), regexp->source_, source.get());
  runtime.heap().write(regexp.get(), regexp->flags_, flag_text.get());
  define(runtime, regexp.get(), PropertyKey(runtime.atoms().lastIndex), Value::integer(0),
         kWritable);
  return regexp.value();
}

Value regexp_exec(Runtime& runtime, Arguments& args) {
  this_regexp(runtime, args, "RegExp.prototype.exec");
  Rooted<String> text(runtime, to_string(runtime, args[0]));
  text = flatten(runtime, text.get());
  Rooted<JSRegExp> regexp(runtime, this_regexp(runtime, args, "RegExp.prototype.exec"));
  const MatchResult match = exec_raw(runtime, regexp, text);
  if (!match.matched()) return Value::null();
  return match_array(runtime, regexp, text, match);
}

Value regexp_test(Runtime& runtime, Arguments& args) {
  this_regexp(runtime, args, "RegExp.prototype.test");
  Rooted<String> text(runtime, to_string(runtime, args[0]));
  text = flatten(runtime, text.get());
  Rooted<JSRegExp> regexp(runtime, this_regexp(runtime, args, "RegExp.prototype.test"));
  return Value::boolean(exec_raw(runtime, regexp, text).matched());
}

// The source with what would end a literal escaped.
std::u16string escaped_source(const String* source) {
  const std::u16string text = to_utf16(source);
  if (text.empty()) return u"(?:)";
  std::u16string out;
  bool in_class = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char16_t c = text[i];
    if (c == u'\\' && i + 1 < text.size()) {
      out += c;
      out += text[++i];
      continue;
    }
    if (c == u'[') in_class = true;
    if (c == u']') in_class = false;
    if (c == u'/' && !in_class) {
      out += u"\\/";
    } else if (c == u'\n') {
      out += u"\\n";
    } else if (c == u'\r') {
      out += u"\\r";
    } else {
      out += c;
    }
  }
  return out;
}

Value regexp_source(Runtime& runtime, Arguments& args) {
  if (args.this_value() == Value(runtime.intrinsic(Intrinsic::RegExpPrototype))) {
    return text_value(runtime, "(?:)");
  }
  JSRegExp* regexp = this_regexp(runtime, args, "RegExp.prototype.source");
  return new_string(runtime, escaped_source(regexp->source_.get()));
}

Value regexp_flags(Runtime& runtime, Arguments& args) {
  JSRegExp* regexp = this_regexp(runtime, args, "RegExp.prototype.flags");
  std::string text;
  for (std::uint32_t bit = 0; bit < 7; ++bit) {
    if (regexp->flag_bits_ & (1u << bit)) text += "dgimsuy"[bit];
  }
  return new_string_latin1(runtime, text);
}

template <RegExpFlag flag>
Value regexp_flag(Runtime& runtime, Arguments& args) {
  if (args.this_value() == Value(runtime.intrinsic(Intrinsic::RegExpPrototype))) {
    return Value::undefined();
  }
  return Value::boolean(this_regexp(runtime, args, "RegExp flag")->flag_bits_ & flag);
}

Value regexp_to_string(Runtime& runtime, Arguments& args) {
  if (!args.this_value().is_object()) {
    throw_incompatible(runtime, "RegExp.prototype.toString", args.this_value());
  }
  const std::string source = to_text(runtime, get_property(runtime, args.this_value(), "source"));
  const std::string flags = to_text(runtime, get_property(runtime, args.this_value(), "flags"));
  return text_value(runtime, "/" + source + "/" + flags);
}

Value species(Runtime&, Arguments& args) { return args.this_value(); }

const NativeInfo constructor_info{"RegExp", 2, regexp_constructor, true};
const NativeInfo methods[] = {
    {"exec", 1, regexp_exec},
    {"test", 1, regexp_test},
    {"toString", 0, regexp_to_string},
};
const NativeInfo species_info{"get [Symbol.species]", 0, species};
const NativeInfo getters[] = {
    {"get dotAll", 0, regexp_flag<kDotAll>},
    {"get flags", 0, regexp_flags},
    {"get global", 0, regexp_flag<kGlobal>},
    {"get hasIndices", 0, regexp_flag<kHasIndices>},
    {"get ignoreCase", 0, regexp_flag<kIgnoreCase>},
    {"get multiline", 0, regexp_flag<kMultiline>},
    {"get source", 0, regexp_source},
    {"get sticky", 0, regexp_flag<kSticky>},
    {"get unicode", 0, regexp_flag<kUnicode>},
};

}  // namespace

void install_regexp(Runtime& runtime) {
  const auto prototype = [&] { return runtime.intrinsic(Intrinsic::RegExpPrototype); };
  Rooted<JSObject> constructor(runtime, define_class(runtime, constructor_info, prototype()));
  runtime.set_intrinsic(Intrinsic::RegExpConstructor, constructor.get());
  define_getter(runtime, constructor.get(), PropertyKey(runtime.atoms().symbol_species),
                species_info);
  define_methods(runtime, prototype(), methods);
  for (const NativeInfo& getter : getters) {
    const PropertyKey key = runtime.key(getter.name + 4);
    define_getter(runtime, prototype(), key, getter);
  }
  install_regexp_symbols(runtime, prototype());
}

}  // namespace heaplab::interp::builtins
