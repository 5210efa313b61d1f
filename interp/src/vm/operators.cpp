// SPDX-License-Identifier: MIT
// Equality, comparison, addition, typeof, instanceof, in.

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "heaplab/interp/error.h"
#include "heaplab/interp/operations.h"
#include "heaplab/interp/runtime.h"
#include "vm/property_access.h"

namespace heaplab::interp {

bool strict_equal(Value a, Value b) {
  if (a.is_number() && b.is_number()) return a.as_number() == b.as_number();
  if (a == b) return true;
  return a.is_string() && b.is_string() && equal(a.as_string(), b.as_string());
}

bool same_value_zero(Value a, Value b) {
  if (a == b) return true;  // NaN too: there is only one
  return strict_equal(a, b);
}

bool same_value(Value a, Value b) {
  if (a == b) return true;  // numbers are normalised: equal bits or different numbers
  return a.is_string() && b.is_string() && equal(a.as_string(), b.as_string());
}

bool loose_equal(Runtime& runtime, Value a, Value b) {
  if (a.is_nullish() || b.is_nullish()) return a.is_nullish() && b.is_nullish();
  if (a.is_boolean() && !b.is_boolean())
    return loose_equal(runtime, Value::integer(a.is_true()), b);
  if (b.is_boolean() && !a.is_boolean())
    return loose_equal(runtime, a, Value::integer(b.is_true()));
  if (a.is_number() && b.is_string()) return a.as_number() == string_to_number(b.as_string());
  if (a.is_string() && b.is_number()) return string_to_number(a.as_string()) == b.as_number();
  if (a.is_object() != b.is_object()) {
    RootedValue left(runtime, a);
    RootedValue right(runtime, b);
    RootedValue primitive(runtime, to_primitive(runtime, a.is_object() ? a : b));
    return left.get().is_object() ? loose_equal(runtime, primitive, right)
                                  : loose_equal(runtime, left, primitive);
  }
  return strict_equal(a, b);
}

namespace {

/// Both operands as primitives, left first, and as the numbers they are if they are not both
/// strings.
struct Comparands {
  Comparands(Runtime& runtime, Value a, Value b) : left(runtime, a), right(runtime, b) {
    if (a.is_object()) left = to_primitive(runtime, left, Hint::number);
    if (right.get().is_object()) right = to_primitive(runtime, right, Hint::number);
    strings = left.get().is_string() && right.get().is_string();
    if (strings) {
      order = compare(left.get().as_string(), right.get().as_string());
    } else {
      x = to_number(runtime, left);
      y = to_number(runtime, right);
    }
  }
  RootedValue left;
  RootedValue right;
  bool strings = false;
  int order = 0;
  double x = 0;
  double y = 0;
};

}  // namespace

bool less_than(Runtime& runtime, Value a, Value b) {
  if (a.is_number() && b.is_number()) return a.as_number() < b.as_number();
  const Comparands c(runtime, a, b);
  return c.strings ? c.order < 0 : c.x < c.y;
}

bool less_equal(Runtime& runtime, Value a, Value b) {
  if (a.is_number() && b.is_number()) return a.as_number() <= b.as_number();
  const Comparands c(runtime, a, b);
  return c.strings ? c.order <= 0 : c.x <= c.y;
}

Value add(Runtime& runtime, Value a, Value b) {
  if (a.is_number() && b.is_number()) return Value::number(a.as_number() + b.as_number());
  if (a.is_string() && b.is_string()) return concat(runtime, a.as_string(), b.as_string());
  RootedValue left(runtime, a);
  RootedValue right(runtime, b);
  left = to_primitive(runtime, left);
  right = to_primitive(runtime, right);
  if (left.get().is_string() || right.get().is_string()) {
    left = to_string(runtime, left);
    right = to_string(runtime, right);
    return concat(runtime, left.get().as_string(), right.get().as_string());
  }
  const double x = to_number(runtime, left);
  return Value::number(x + to_number(runtime, right));
}

String* type_of(Runtime& runtime, Value value) {
  const CommonAtoms& atoms = runtime.atoms();
  if (value.is_undefined()) return atoms.undefined;
  if (value.is_null()) return atoms.object;
  if (value.is_boolean()) return atoms.boolean;
  if (value.is_number()) return atoms.number;
  if (value.is_string()) return atoms.string;
  if (value.is_symbol()) return atoms.symbol;
  return value.is_callable() ? atoms.function : atoms.object;
}

bool ordinary_has_instance(Runtime& runtime, Value constructor, Value value) {
  if (!constructor.is_callable()) return false;
  if (auto* bound = as_if<JSBoundFunction>(constructor, HeapType::BoundFunction)) {
    return instance_of(runtime, value, Value::from(bound->target_));
  }
  if (!value.is_object()) return false;
  RootedValue v(runtime, value);
  RootedValue c(runtime, constructor);
  const Value prototype = get_named(runtime, constructor, runtime.atoms().prototype);
  if (!prototype.is_object()) {
    RootedValue p(runtime, prototype);
    throw_type_error(runtime,
                     fmt::format("Function has non-object prototype '{}' in instanceof check",
                                 to_utf8(to_string(runtime, p))));
  }
  const JSObject* wanted = prototype.as_object();
  for (JSObject* p = v.get().as_object()->prototype(); p; p = p->prototype()) {
    if (p == wanted) return true;
  }
  return false;
}

bool instance_of(Runtime& runtime, Value value, Value constructor) {
  if (!constructor.is_object()) {
    throw_type_error(runtime, "Right-hand side of 'instanceof' is not an object");
  }
  RootedValue v(runtime, value);
  RootedValue c(runtime, constructor);
  const Value method =
      get_method(runtime, constructor, PropertyKey(runtime.atoms().symbol_has_instance));
  if (!method.is_undefined()) return to_boolean(call(runtime, method, c, {v.get()}));
  if (!c.get().is_callable()) {
    throw_type_error(runtime, "Right-hand side of 'instanceof' is not callable");
  }
  return ordinary_has_instance(runtime, c, v);
}

bool has_in(Runtime& runtime, Value key, Value object) {
  if (!object.is_object()) {
    RootedValue target(runtime, object);
    const std::string name =
        key.is_symbol() ? key_text(PropertyKey(key.as_symbol())) : to_utf8(to_string(runtime, key));
    const std::string text = target.get().is_string() ? to_utf8(target.get().as_string())
                                                      : describe_for_error(runtime, target);
    throw_type_error(runtime,
                     fmt::format("Cannot use 'in' operator to search for '{}' in {}", name, text));
  }
  RootedValue target(runtime, object);
  const PropertyKey k = to_property_key(runtime, key);
  return has_property(runtime, target.get().as_object(), k);
}

}  // namespace heaplab::interp
