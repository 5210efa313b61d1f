// SPDX-License-Identifier: MIT
// Array.prototype.sort: a merge sort whose comparisons may run guest code. Both halves of the
// storage are roots, so values may move and the comparison may throw at any point.
#include "array.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

class Sorter {
 public:
  Sorter(Runtime& runtime, RootedValues& values, Value compare)
      : runtime_(runtime), values_(values), spare_(runtime), compare_(runtime, compare) {
    spare_.resize(values.size());
  }

  void run() {
    constexpr std::size_t run_length = 16;
    const std::size_t count = values_.size();
    for (std::size_t start = 0; start < count; start += run_length) {
      insertion_sort(start, std::min(start + run_length, count));
    }
    for (std::size_t width = run_length; width < count; width *= 2) {
      for (std::size_t start = 0; start + width < count; start += 2 * width) {
        merge(start, start + width, std::min(start + 2 * width, count));
      }
    }
  }

 private:
  // Is the value at b strictly before the one at a?
  bool less(Value b, Value a) {
    const Value with[] = {b, a};
    if (compare_.get().is_undefined()) return compare(b.as_string(), a.as_string()) < 0;
    const Value result = call(runtime_, compare_, Value::undefined(), with);
    return to_number(runtime_, result) < 0;
  }

  void insertion_sort(std::size_t start, std::size_t end) {
    for (std::size_t i = start + 1; i < end; ++i) {
      RootedValue value(runtime_, values_[i]);
      std::size_t low = start;
      std::size_t high = i;
      if (!less(value, values_[i - 1])) continue;
      high = i - 1;
      while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (less(value, values_[middle])) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      auto& v = values_.vector();
      std::move_backward(v.begin() + static_cast<std::ptrdiff_t>(low),
                         v.begin() + static_cast<std::ptrdiff_t>(i),
                         v.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      values_.set(low, value);
    }
  }

  void merge(std::size_t start, std::size_t middle, std::size_t end) {
    if (!less(values_[middle], values_[middle - 1])) return;  // in order already
    for (std::size_t i = start; i < middle; ++i) spare_.set(i, values_[i]);
    std::size_t left = start;
    std::size_t right = middle;
    std::size_t out = start;
    while (left < middle && right < end) {
      // `out` never passes `right`, and the left half is in the spare storage.
      if (less(values_[right], spare_[left])) {
        values_.set(out++, values_[right++]);
      } else {
        values_.set(out++, spare_[left++]);
      }
    }
    while (left < middle) values_.set(out++, spare_[left++]);
  }

  Runtime& runtime_;
  RootedValues& values_;
  RootedValues spare_;
  RootedValue compare_;
};

// Sorts by the values' strings, each converted once.
void sort_by_string(Runtime& runtime, RootedValues& values) {
  bool all_strings = true;
  for (std::size_t i = 0; i < values.size(); ++i) all_strings &= values[i].is_string();
  if (all_strings) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      values.set(i, Value(flatten(runtime, values[i].as_string())));
    }
    Sorter(runtime, values, Value::undefined()).run();
    return;
  }
  RootedValues texts(runtime);
  for (std::size_t i = 0; i < values.size(); ++i) {
    Rooted<String> text(runtime, to_string(runtime, values[i]));
    texts.push_back(Value(flatten(runtime, text.get())));
  }
  // Nothing below collects: plain indices and pointers do.
  std::vector<std::uint32_t> order(values.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return compare(texts[a].as_string(), texts[b].as_string()) < 0;
  });
  std::vector<Value> sorted;
  for (const std::uint32_t i : order) sorted.push_back(values[i]);
  values.vector() = std::move(sorted);
}

Value array_sort(Runtime& runtime, Arguments& args) {
  if (!args[0].is_undefined() && !args[0].is_callable()) {
    throw_type_error(runtime, "The comparison function must be either a function or undefined");
  }
  require_this_object(runtime, args, "Array.prototype.sort");
  const std::uint64_t length = length_of(runtime, args.this_value());
  RootedValues values(runtime);
  std::uint64_t undefined_count = 0;
  for (std::uint64_t i = 0; i < length; ++i) {
    Value value;
    if (!read_element(runtime, args.this_value(), i, &value)) continue;
    if (value.is_undefined()) {
      ++undefined_count;
    } else {
      values.push_back(value);
    }
  }
  sort_values(runtime, values, args[0]);
  std::uint64_t out = 0;
  for (; out < values.size(); ++out) set_index(runtime, args.this_value(), out, values[out]);
  for (std::uint64_t n = 0; n < undefined_count; ++n) {
    set_index(runtime, args.this_value(), out++, Value::undefined());
  }
  for (; out < length; ++out) delete_element(runtime, args.this_value(), out);
  return args.this_value();
}

const NativeInfo methods[] = {{"sort", 1, array_sort}};

}  // namespace

void sort_values(Runtime& runtime, RootedValues& values, Value compare) {
  if (values.size() < 2) return;
  if (compare.is_undefined()) return sort_by_string(runtime, values);
  Sorter(runtime, values, compare).run();
}

void install_array_sorting(Runtime& runtime, JSObject* prototype) {
  define_methods(runtime, prototype, methods);
}

}  // namespace heaplab::interp::builtins
