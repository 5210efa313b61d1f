// SPDX-License-Identifier: MIT
// Array methods that look for values or list them: indexOf, includes, join, at, keys, …
#include "array.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

Value array_index_of(Runtime& runtime, Arguments& args) {
  require_this_object(runtime, args, "Array.prototype.indexOf");
  const std::uint64_t length = length_of(runtime, args.this_value());
  const std::uint64_t start = to_relative_index(runtime, args[1], length, 0);
  for (std::uint64_t i = start; i < length; ++i) {
    Value value;
    if (read_element(runtime, args.this_value(), i, &value) && strict_equal(value, args[0])) {
      return Value::number(i);
    }
  }
  return Value::integer(-1);
}

Value array_last_index_of(Runtime& runtime, Arguments& args) {
  require_this_object(runtime, args, "Array.prototype.lastIndexOf");
  const std::uint64_t length = length_of(runtime, args.this_value());
  if (length == 0) return Value::integer(-1);
  double from = static_cast<double>(length) - 1;
  if (args.has(1)) {
    const double wanted = to_integer(runtime, args[1]);
    from = wanted < 0 ? static_cast<double>(length) + wanted : std::min(wanted, from);
  }
  for (double i = from; i >= 0; --i) {
    Value value;
    const auto index = static_cast<std::uint64_t>(i);
    if (read_element(runtime, args.this_value(), index, &value) && strict_equal(value, args[0])) {
      return Value::number(index);
    }
  }
  return Value::integer(-1);
}

Value array_includes(Runtime& runtime, Arguments& args) {
  require_this_object(runtime, args, "Array.prototype.includes");
  const std::uint64_t length = length_of(runtime, args.this_value());
  const std::uint64_t start = to_relative_index(runtime, args[1], length, 0);
  for (std::uint64_t i = start; i < length; ++i) {
    if (same_value_zero(element_at(runtime, args.this_value(), i), args[0])) {
      return Value::boolean(true);
    }
  }
  return Value::boolean(false);
}

Value array_at(Runtime& runtime, Arguments& args) {
  require_this_object(runtime, args, "Array.prototype.at");
  const double length = static_cast<double>(length_of(runtime, args.this_value()));
  const double relative = to_integer(runtime, args[0]);
  const double index = relative < 0 ? length + relative : relative;
  if (index < 0 || index >= length) return Value::undefined();
  return element_at(runtime, args.this_value(), static_cast<std::uint64_t>(index));
}

// Knows the objects whose join is running: a cycle prints as the empty string.
class JoinGuard {
 public:
  JoinGuard(Runtime& runtime, Value object) : stack_(runtime.state<RootedJoin>(runtime).stack) {
    for (const Value other : stack_) cyclic_ |= other == object;
    stack_.push_back(object);
  }
  ~JoinGuard() { stack_.pop_back(); }
  JoinGuard(const JoinGuard&) = delete;
  JoinGuard& operator=(const JoinGuard&) = delete;
  bool cyclic() const { return cyclic_; }

 private:
  // A root provider of its own: the objects must be recognised after they moved.
  struct RootedJoin : RootProvider {
    explicit RootedJoin(Runtime& runtime) : heap(runtime.heap()) { heap.add_root_provider(this); }
    ~RootedJoin() override { heap.remove_root_provider(this); }
    void visit_roots(RootVisitor& visitor) override {
      if (stack.empty()) return;
      auto* words = reinterpret_cast<std::uint64_t*>(stack.data());
      visitor.words(words, words + stack.size());
    }
    std::string_view roots_name() const override { return "(Array.prototype.join)"; }
    Heap& heap;
    std::vector<Value> stack;
  };

  std::vector<Value>& stack_;
  bool cyclic_ = false;
};

std::u16string join(Runtime& runtime, Value object, std::u16string_view separator, bool locale) {
  RootedValue list(runtime, object);
  JoinGuard guard(runtime, object);
  if (guard.cyclic()) return {};
  const std::uint64_t length = length_of(runtime, list);
  if (length > 1 && separator.size() * (length - 1) > max_string_length) {
    throw_range_error(runtime, "Invalid string length");
  }
  std::u16string text;
  for (std::uint64_t i = 0; i < length; ++i) {
    if (i != 0) text += separator;
    RootedValue value(runtime, element_at(runtime, list, i));
    if (value.get().is_nullish()) continue;
    if (locale) {
      const PropertyKey key = runtime.key("toLocaleString");
      RootedValue method(runtime, get(runtime, value, key));
      value = call(runtime, method, value);
    }
    text += to_utf16(to_string(runtime, value));
    if (text.size() > max_string_length) throw_range_error(runtime, "Invalid string length");
  }
  return text;
}

Value array_join(Runtime& runtime, Arguments& args) {
  require_this_object(runtime, args, "Array.prototype.join");
  const std::u16string separator =
      args[0].is_undefined() ? u"," : to_utf16(to_string(runtime, args[0]));
  return new_string(runtime, join(runtime, args.this_value(), separator, false));
}

Value array_to_string(Runtime& runtime, Arguments& args) {
  require_this_object(runtime, args, "Array.prototype.toString");
  const PropertyKey key = runtime.key("join");
  const Value method = get(runtime, args.this_value(), key);
  if (method.is_callable()) return call(runtime, method, args.this_value());
  return new_string(runtime, join(runtime, args.this_value(), u",", false));
}

Value array_to_locale_string(Runtime& runtime, Arguments& args) {
  require_this_object(runtime, args, "Array.prototype.toLocaleString");
  return new_string(runtime, join(runtime, args.this_value(), u",", true));
}

template <IterationKind kind>
Value array_iterator(Runtime& runtime, Arguments& args) {
  require_this_object(runtime, args, "Array.prototype iterator");
  return new_array_iterator(runtime, args.this_value().as_object(), kind);
}

const NativeInfo shared[] = {
    {"indexOf", 1, array_index_of},
    {"lastIndexOf", 1, array_last_index_of},
    {"includes", 1, array_includes},
    {"at", 1, array_at},
    {"join", 1, array_join},
    {"keys", 0, array_iterator<IterationKind::keys>},
    {"entries", 0, array_iterator<IterationKind::entries>},
};
const NativeInfo strings[] = {
    {"toString", 0, array_to_string},
    {"toLocaleString", 0, array_to_locale_string},
};
const NativeInfo values_info{"values", 0, array_iterator<IterationKind::values>};

}  // namespace

void install_shared_with_typed_arrays(Runtime& runtime, JSObject* prototype) {
  Rooted<JSObject> target(runtime, prototype);
  define_methods(runtime, target.get(), shared);
  install_array_callbacks_shared(runtime, target.get());
  Rooted<JSObject> values(runtime, new_native_function(runtime, values_info));
  define_value(runtime, target.get(), "values", values.value());
  define(runtime, target.get(), PropertyKey(runtime.atoms().symbol_iterator), values.value(),
         kHidden);
  if (runtime.intrinsic(Intrinsic::ArrayPrototypeValues) == nullptr) {
    runtime.set_intrinsic(Intrinsic::ArrayPrototypeValues, values.get());
  }
}

void install_array_search(Runtime& runtime, JSObject* prototype) {
  define_methods(runtime, prototype, strings);
}

}  // namespace heaplab::interp::builtins
