// SPDX-License-Identifier: MIT
// Array methods that make a new array (or string) and leave the old one alone.
#include "array.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

// [start, end) of a plain array as a new one, in one copy.
Value slice_plain(Runtime& runtime, Value source, std::uint32_t start, std::uint32_t end) {
  Rooted<JSObject> from(runtime, source.as_object());
  Rooted<JSArray> result(runtime, new_array(runtime, end - start));
  WordArray* to = result->dense_elements();
  if (end > start) {
    runtime.heap().copy_words(to, to->words(), from->dense_elements()->words() + start,
                              end - start);
  }
  result->length_ = end - start;
  return result.value();
}

bool has_default_species(Runtime& runtime, Value array) {
  return array.as_object()->prototype() == runtime.intrinsic(Intrinsic::ArrayPrototype);
}

Value array_slice(Runtime& runtime, Arguments& args) {
  require_this_object(runtime, args, "Array.prototype.slice");
  const std::uint64_t length = length_of(runtime, args.this_value());
  const std::uint64_t start = to_relative_index(runtime, args[0], length, 0);
  const std::uint64_t end = to_relative_index(runtime, args[1], length, length);
  const Value self = args.this_value();
  if (is_simple_array(self) && has_default_species(runtime, self) &&
      end <= self.as_object()->length_) {
    return slice_plain(runtime, self, static_cast<std::uint32_t>(start),
                       static_cast<std::uint32_t>(std::max(start, end)));
  }
  ArrayResult result(runtime, self, end > start ? end - start : 0);
  for (std::uint64_t i = start; i < end; ++i) {
    Value value;
    result.push(read_element(runtime, args.this_value(), i, &value) ? value : Value::hole());
  }
  return result.finish();
}

bool is_spreadable(Runtime& runtime, Value value) {
  if (!value.is_object()) return false;
  RootedValue kept(runtime, value);
  const Value wanted =
      get(runtime, value, PropertyKey(runtime.atoms().symbol_is_concat_spreadable));
  return wanted.is_undefined() ? is_array(kept) : to_boolean(wanted);
}

void append_all(Runtime& runtime, Value list, ArrayResult& result) {
  RootedValue source(runtime, list);
  const std::uint64_t length = length_of(runtime, source);
  checked_array_length(runtime, static_cast<double>(result.size() + length));
  for (std::uint64_t i = 0; i < length; ++i) {
    Value value;
    result.push(read_element(runtime, source, i, &value) ? value : Value::hole());
  }
}

Value array_concat(Runtime& runtime, Arguments& args) {
  require_this_object(runtime, args, "Array.prototype.concat");
  ArrayResult result(runtime, args.this_value(), 0);
  const auto append = [&](Value value) {
    RootedValue kept(runtime, value);
    if (is_spreadable(runtime, value)) {
      append_all(runtime, kept, result);
    } else {
      result.push(kept);
    }
  };
  append(args.this_value());
  for (std::uint32_t i = 0; i < args.count(); ++i) append(args[i]);
  return result.finish();
}

void flatten_into(Runtime& runtime, Value source, double depth, ArrayResult& result) {
  RootedValue list(runtime, source);
  const std::uint64_t length = length_of(runtime, list);
  for (std::uint64_t i = 0; i < length; ++i) {
    Value value;
    if (!read_element(runtime, list, i, &value)) continue;
    if (depth > 0 && is_array(value)) {
      flatten_into(runtime, value, depth - 1, result);
    } else {
      result.push(value);
    }
  }
}

Value array_flat(Runtime& runtime, Arguments& args) {
  require_this_object(runtime, args, "Array.prototype.flat");
  const double wanted = args[0].is_undefined() ? 1 : to_integer(runtime, args[0]);
  // Deeper nesting than this would be a cycle or exhaust the native stack.
  constexpr double deepest = 3000;
  ArrayResult result(runtime, args.this_value(), 0);
  flatten_into(runtime, args.this_value(), std::min(wanted, deepest), result);
  return result.finish();
}

Value array_flat_map(Runtime& runtime, Arguments& args) {
  require_this_object(runtime, args, "Array.prototype.flatMap");
  if (!args[0].is_callable()) {
    throw_type_error(runtime, "flatMap mapper function is not callable");
  }
  CallbackLoop loop(runtime, args, "Array.prototype.flatMap");
  ArrayResult result(runtime, args.this_value(), 0);
  for (std::uint64_t i = 0; i < loop.length(); ++i) {
    Value value;
    if (!loop.read(i, &value)) continue;
    const Value mapped = loop.invoke(value, i);
    if (is_array(mapped)) {
      flatten_into(runtime, mapped, 0, result);
    } else {
      result.push(mapped);
    }
  }
  return result.finish();
}

// The values of `this`, holes read as undefined: what the copying methods of ES2023 start from.
void copy_values(Runtime& runtime, Arguments& args, std::string_view method, RootedValues& out) {
  require_this_object(runtime, args, method);
  const std::uint64_t length = length_of(runtime, args.this_value());
  checked_array_length(runtime, static_cast<double>(length));
  for (std::uint64_t i = 0; i < length; ++i) {
    out.push_back(element_at(runtime, args.this_value(), i));
  }
}

Value array_to_reversed(Runtime& runtime, Arguments& args) {
  RootedValues values(runtime);
  copy_values(runtime, args, "Array.prototype.toReversed", values);
  std::reverse(values.vector().begin(), values.vector().end());
  return array_of(runtime, values);
}

Value array_with(Runtime& runtime, Arguments& args) {
  RootedValues values(runtime);
  copy_values(runtime, args, "Array.prototype.with", values);
  const double relative = to_integer(runtime, args[0]);
  const double length = static_cast<double>(values.size());
  const double index = relative < 0 ? length + relative : relative;
  if (index < 0 || index >= length)
    throw_range_error(runtime,
                      "Invalid index : " + std::to_string(static_cast<long long>(relative)));
  values.set(static_cast<std::size_t>(index), args[1]);
  return array_of(runtime, values);
}

Value array_to_spliced(Runtime& runtime, Arguments& args) {
  RootedValues values(runtime);
  copy_values(runtime, args, "Array.prototype.toSpliced", values);
  const std::uint64_t length = values.size();
  const std::uint64_t start = to_relative_index(runtime, args[0], length, 0);
  std::uint64_t removed = args.count() == 1 ? length - start : 0;
  if (args.count() > 1) {
    const double wanted =
        std::clamp(to_integer(runtime, args[1]), 0.0, static_cast<double>(length - start));
    removed = static_cast<std::uint64_t>(wanted);
  }
  auto& vector = values.vector();
  const auto at = vector.begin() + static_cast<std::ptrdiff_t>(start);
  const auto place = vector.erase(at, at + static_cast<std::ptrdiff_t>(removed));
  const auto added = args.from(2);
  vector.insert(place, added.begin(), added.end());
  return array_of(runtime, values);
}

Value array_to_sorted(Runtime& runtime, Arguments& args) {
  if (!args[0].is_undefined() && !args[0].is_callable()) {
    throw_type_error(runtime, "The comparison function must be either a function or undefined");
  }
  RootedValues values(runtime);
  copy_values(runtime, args, "Array.prototype.toSorted", values);
  auto& vector = values.vector();
  const auto is_undefined = [](Value v) { return v.is_undefined(); };
  const std::size_t undefined_count =
      static_cast<std::size_t>(std::count_if(vector.begin(), vector.end(), is_undefined));
  std::erase_if(vector, is_undefined);
  sort_values(runtime, values, args[0]);
  values.resize(values.size() + undefined_count);
  return array_of(runtime, values);
}

const NativeInfo methods[] = {
    {"slice", 2, array_slice},
    {"concat", 1, array_concat},
    {"flat", 0, array_flat},
    {"flatMap", 1, array_flat_map},
    {"toReversed", 0, array_to_reversed},
    {"with", 2, array_with},
    {"toSpliced", 2, array_to_spliced},
    {"toSorted", 1, array_to_sorted},
};

}  // namespace

void install_array_copying(Runtime& runtime, JSObject* prototype) {
  define_methods(runtime, prototype, methods);
}

}  // namespace heaplab::interp::builtins
