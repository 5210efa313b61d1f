// SPDX-License-Identifier: MIT
// JSON.stringify, and the JSON object.
#include <unordered_set>

#include "heaplab/interp/source.h"
#include "install.h"
#include "json.h"
#include "number_format.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

void append_ascii(std::u16string& out, std::string_view text) {
  out.append(text.begin(), text.end());
}

void append_escape(std::u16string& out, char16_t c) {
  out += u"\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += u"0123456789abcdef"[(c >> shift) & 15];
}

bool is_lone_surrogate(const FlatChars& text, std::uint32_t i) {
  const char16_t c = text[i];
  if (c < 0xd800 || c > 0xdfff) return false;
  if (c <= 0xdbff) return i + 1 >= text.length() || (text[i + 1] & 0xfc00) != 0xdc00;
  return i == 0 || (text[i - 1] & 0xfc00) != 0xd800;
}

// Never collects.
void append_quoted(std::u16string& out, const FlatChars& text) {
  out += u'"';
  for (std::uint32_t i = 0; i < text.length(); ++i) {
    const char16_t c = text[i];
    switch (c) {
      case u'"':
        out += u"\\\"";
        continue;
      case u'\\':
        out += u"\\\\";
        continue;
      case u'\b':
        out += u"\\b";
        continue;
      case u'\f':
        out += u"\\f";
        continue;
      case u'\n':
        out += u"\\n";
        continue;
      case u'\r':
        out += u"\\r";
        continue;
      case u'\t':
        out += u"\\t";
        continue;
      default:
        break;
    }
    if (c < 0x20 || is_lone_surrogate(text, i)) {
      append_escape(out, c);
    } else {
      out += c;
    }
  }
  out += u'"';
}

class JsonWriter {
 public:
  JsonWriter(Runtime& runtime, Value replacer, std::u16string gap)
      : runtime_(runtime),
        replacer_(runtime),
        allowed_(runtime),
        stack_(runtime),
        names_(runtime),
        gap_(std::move(gap)) {
    if (replacer.is_callable()) {
      replacer_ = replacer;
    } else if (is_array(replacer)) {
      has_allowed_ = true;
      list_allowed(replacer);
    }
  }

  /// False if the value has no JSON form.
  bool write(Value holder, Value name, Value value) {
    RootedValue self(runtime_, prepare(holder, name, value));
    return write_prepared(self);
  }

  std::u16string& text() { return out_; }

 private:
  static constexpr std::size_t deepest = 2500;

  void list_allowed(Value replacer) {
    RootedValue list(runtime_, replacer);
    std::unordered_set<std::u16string> seen;
    const std::uint64_t length = length_of(runtime_, list);
    for (std::uint64_t i = 0; i < length; ++i) {
      RootedValue item(runtime_, get_index(runtime_, list, i));
      const auto* wrapper = as_if<JSPrimitiveWrapper>(item, HeapType::PrimitiveWrapper);
      const Value inner = wrapper ? Value::from(wrapper->value_) : item.get();
      if (!inner.is_string() && !inner.is_number()) continue;
      Rooted<String> key(runtime_, to_string(runtime_, item));
      if (seen.insert(to_utf16(key.get())).second) allowed_.push_back(key.value());
    }
  }

  // toJSON, the replacer, and unwrapping of Number, String and Boolean objects.
  Value prepare(Value holder_arg, Value name_arg, Value value_arg) {
    RootedValue holder(runtime_, holder_arg);
    RootedValue name(runtime_, name_arg);
    RootedValue value(runtime_, value_arg);
    if (value.get().is_object()) {
      RootedValue method(runtime_, get_named(runtime_, value, runtime_.atoms().toJSON));
      if (method.get().is_callable()) value = call(runtime_, method, value, {name.get()});
    }
    if (replacer_.get().is_callable()) {
      value = call(runtime_, replacer_, holder, {name.get(), value.get()});
    }
    if (const auto* wrapper = as_if<JSPrimitiveWrapper>(value, HeapType::PrimitiveWrapper)) {
      const Value inner = Value::from(wrapper->value_);
      if (inner.is_number()) return Value::number(to_number(runtime_, value));
      if (inner.is_string()) return Value(to_string(runtime_, value));
      if (inner.is_boolean()) return inner;
    }
    return value;
  }

  bool write_prepared(const RootedValue& rooted) {
    const Value value = rooted.get();
    if (value.is_null()) {
      append_ascii(out_, "null");
    } else if (value.is_boolean()) {
      append_ascii(out_, value.as_boolean() ? "true" : "false");
    } else if (value.is_string()) {
      append_quoted(out_, chars_of(runtime_, value.as_string()));
    } else if (value.is_number()) {
      const double number = value.as_number();
      append_ascii(out_, std::isfinite(number) ? format_shortest(number) : "null");
    } else if (value.is_object() && !value.is_callable()) {
      write_object(rooted);
    } else {
      return false;
    }
    if (out_.size() > max_string_length) throw_range_error(runtime_, "Invalid string length");
    return true;
  }

  void write_object(const RootedValue& value) {
    for (std::size_t i = 0; i < stack_.size(); ++i) {
      if (stack_[i] == value.get()) throw_cycle(i);
    }
    if (stack_.size() > deepest) throw_range_error(runtime_, "Maximum call stack size exceeded");
    stack_.push_back(value);
    names_.push_back(Value::undefined());
    indent_ += gap_;
    if (is_array(value)) {
      write_elements(value);
    } else {
      write_members(value);
    }
    indent_.resize(indent_.size() - gap_.size());
    names_.vector().pop_back();
    stack_.vector().pop_back();
  }

  void new_line() {
    if (gap_.empty()) return;
    out_ += u'\n';
    out_ += indent_;
  }

  void close(char16_t bracket, bool any) {
    if (any && !gap_.empty()) {
      out_ += u'\n';
      out_.append(indent_, 0, indent_.size() - gap_.size());
    }
    out_ += bracket;
  }

  void write_elements(const RootedValue& array) {
    out_ += u'[';
    const std::uint64_t length = length_of(runtime_, array);
    for (std::uint64_t i = 0; i < length; ++i) {
      if (i != 0) out_ += u',';
      new_line();
      names_.set(names_.size() - 1, Value::number(i));
      RootedValue element(runtime_, get_index(runtime_, array, i));
      // The name is a string to toJSON and the replacer; make it only if somebody may look.
      RootedValue name(runtime_);
      if (element.get().is_object() || replacer_.get().is_callable()) {
        name = Value(number_to_string(runtime_, Value::number(i)));
      }
      if (!write(array, name, element)) append_ascii(out_, "null");
    }
    close(u']', length != 0);
  }

  void write_members(const RootedValue& object) {
    RootedValues keys(runtime_);
    if (has_allowed_) {
      keys.vector() = allowed_.vector();
    } else {
      own_keys(runtime_, object.get().as_object(), {}, &keys);
    }
    out_ += u'{';
    bool any = false;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      names_.set(names_.size() - 1, keys[i]);
      const PropertyKey key = to_property_key(runtime_, keys[i]);
      RootedValue value(runtime_, get(runtime_, object, key));
      value = prepare(object, keys[i], value);
      const std::size_t before = out_.size();
      if (any) out_ += u',';
      new_line();
      append_quoted(out_, chars_of(runtime_, keys[i].as_string()));
      out_ += gap_.empty() ? u":" : u": ";
      if (write_prepared(value)) {
        any = true;
      } else {
        out_.resize(before);
      }
    }
    close(u'}', any);
  }

  // "object with constructor 'Foo'"
  std::string described(Value object) {
    RootedValue constructor(runtime_, get_named(runtime_, object, runtime_.atoms().constructor));
    const std::string name = constructor.get().is_callable()
                                 ? function_name(constructor.get().as_object())
                                 : std::string("Object");
    return "object with constructor '" + name + "'";
  }

  std::string edge(std::size_t i) {
    const Value name = names_[i];
    if (name.is_number()) return "index " + format_shortest(name.as_number());
    return "property '" + to_utf8(name.as_string()) + "'";
  }

  [[noreturn]] void throw_cycle(std::size_t start) {
    std::string message = "Converting circular structure to JSON\n    --> starting at ";
    message += described(stack_[start]);
    const std::size_t count = stack_.size();
    for (std::size_t i = start; i + 1 < count; ++i) {
      // V8 prints the first and the last edges of a long cycle.
      if (count - start > 5 && i == start + 1) message += "\n    |     ...";
      if (count - start > 5 && i > start && i + 2 < count) continue;
      message += "\n    |     " + edge(i) + " -> " + described(stack_[i + 1]);
    }
    message += "\n    --- " + edge(count - 1) + " closes the circle";
    throw_type_error(runtime_, message);
  }

  Runtime& runtime_;
  RootedValue replacer_;
  RootedValues allowed_;
  RootedValues stack_;  ///< the objects being written
  RootedValues names_;  ///< of each, the property being written
  std::u16string gap_;
  std::u16string indent_;
  std::u16string out_;
  bool has_allowed_ = false;
};

std::u16string gap_of(Runtime& runtime, Value space_arg) {
  RootedValue space(runtime, space_arg);
  if (const auto* wrapper = as_if<JSPrimitiveWrapper>(space, HeapType::PrimitiveWrapper)) {
    const Value inner = Value::from(wrapper->value_);
    if (inner.is_number()) {
      space = Value::number(to_number(runtime, space));
    } else if (inner.is_string()) {
      space = Value(to_string(runtime, space));
    }
  }
  if (space.get().is_number()) {
    const double count = std::clamp(to_integer(runtime, space), 0.0, 10.0);
    return std::u16string(static_cast<std::size_t>(count), u' ');
  }
  if (space.get().is_string()) return to_utf16(space.get().as_string()).substr(0, 10);
  return {};
}

const NativeInfo methods[] = {{"parse", 2, json_parse}, {"stringify", 3, json_stringify}};

}  // namespace

Value json_stringify(Runtime& runtime, Arguments& args) {
  JsonWriter writer(runtime, args[1], gap_of(runtime, args[2]));
  RootedValue holder(runtime);
  if (args[1].is_callable()) {
    holder = Value(new_object(runtime));
    define(runtime, holder.get().as_object(), PropertyKey(runtime.atoms().empty), args[0]);
  }
  if (!writer.write(holder, Value(runtime.atoms().empty), args[0])) return Value::undefined();
  return new_string(runtime, writer.text());
}

void install_json(Runtime& runtime) {
  Rooted<JSObject> json(runtime, define_namespace(runtime, runtime.global(), "JSON"));
  define_methods(runtime, json.get(), methods);
  define_tag(runtime, json.get(), "JSON");
}

}  // namespace heaplab::interp::builtins
