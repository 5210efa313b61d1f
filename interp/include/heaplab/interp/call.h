// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <deque>
#include <initializer_list>
#include <span>
#include <type_traits>
#include <vector>

#include "heaplab/heap/roots.h"
#include "heaplab/interp/value.h"

// How C++ code of the interpreter works with objects that move: the rule, and its tools.
//
//   THE RULE. A call whose comment says "may collect" may move every object. After it, a raw
//   pointer (JSObject*, String*, ...) or Value that was read before is garbage, unless it sits in
//   a root. So: keep what you need later in a Rooted<T>, a RootedValue, a RootedValues, or in the
//   slots of your Arguments, and read it from there again.
//
//   A FUNCTION PROTECTS ITS OWN ARGUMENTS: you may pass raw pointers and Values to any function;
//   protect only what you yourself use after the call. Mind the order of evaluation:
//     set(runtime, object, key, new_string(runtime, u"x"))   WRONG: object and key may be read
//                                                            before new_string collects
//     RootedValue text(runtime, new_string(runtime, u"x"));
//     set(runtime, object.get(), key, text.get())            right
//
// A native function looks like this:
//
//   Value string_trim(Runtime& runtime, Arguments& args) {
//     Rooted<String> text(runtime, to_string(runtime, args.this_value()));
//     ...
//     return substring(runtime, text.get(), start, end);     // a raw Value may be returned
//   }

namespace heaplab::interp {

class Runtime;

/// One rooted Value slot in a C++ block. Strictly nested (automatic with local variables).
class RootLink {
 public:
  RootLink(const RootLink&) = delete;
  RootLink& operator=(const RootLink&) = delete;

 protected:
  RootLink(Runtime& runtime, Value value);
  ~RootLink() {
    if (*head_ == this) [[likely]] {
      *head_ = previous_;
    } else {
      unlink();
    }
  }
  Value value_;

 private:
  friend class Runtime;
  // A root that a function returned by value lives longer than that function's own roots, which are
  // older: such a pair is not left in the reverse order.
  void unlink() {
    RootLink* link = *head_;
    while (link->previous_ != this) link = link->previous_;
    link->previous_ = previous_;
  }

  RootLink** head_;
  RootLink* previous_;
};

class RootedValue : public RootLink {
 public:
  explicit RootedValue(Runtime& runtime, Value value = Value::undefined())
      : RootLink(runtime, value) {}
  Value get() const { return value_; }
  operator Value() const { return value_; }  // NOLINT(google-explicit-constructor)
  RootedValue& operator=(Value value) {
    value_ = value;
    return *this;
  }
};

template <class T>
class Rooted : public RootLink {
 public:
  explicit Rooted(Runtime& runtime, T* object = nullptr) : RootLink(runtime, Value(object)) {}
  T* get() const { return reinterpret_cast<T*>(static_cast<std::uintptr_t>(value_.bits())); }
  T* operator->() const { return get(); }
  explicit operator bool() const { return !value_.is_hole(); }
  Value value() const { return value_; }
  Rooted& operator=(T* object) {
    value_ = Value(object);
    return *this;
  }
};

/// A growing list of rooted values.
class RootedValues {
 public:
  explicit RootedValues(Runtime& runtime);
  ~RootedValues() {
    RootedValues** link = head_;
    while (*link != this) link = &(*link)->previous_;
    *link = previous_;
  }
  RootedValues(const RootedValues&) = delete;
  RootedValues& operator=(const RootedValues&) = delete;

  void push_back(Value value) { values_.push_back(value); }
  std::size_t size() const { return values_.size(); }
  bool empty() const { return values_.empty(); }
  Value operator[](std::size_t i) const { return values_[i]; }
  void set(std::size_t i, Value value) { values_[i] = value; }
  void resize(std::size_t n) { values_.resize(n, Value::undefined()); }
  void clear() { values_.clear(); }
  std::span<Value> span() { return values_; }
  std::vector<Value>& vector() { return values_; }

 private:
  friend class Runtime;
  RootedValues** head_;
  RootedValues* previous_;
  std::vector<Value> values_;
};

/// What a native function is called with: a window of the VM's stack, [callee, this, arguments...].
/// All of it is rooted and yours to overwrite.
class Arguments {
 public:
  Arguments(Value* window, std::uint32_t count, Value* new_target)
      : window_(window), count_(count), new_target_(new_target) {}

  std::uint32_t count() const { return count_; }
  Value callee() const { return window_[0]; }
  Value this_value() const { return window_[1]; }
  /// Undefined beyond the last one.
  Value operator[](std::uint32_t i) const {
    return i < count_ ? window_[2 + i] : Value::undefined();
  }
  bool has(std::uint32_t i) const { return i < count_; }
  void set_this(Value value) { window_[1] = value; }
  /// \pre i < count()
  void set(std::uint32_t i, Value value) {
    assert(i < count_ && "only actual arguments have a slot");
    window_[2 + i] = value;
  }
  std::span<Value> all() { return {window_ + 2, count_}; }
  /// All from the i-th on.
  std::span<Value> from(std::uint32_t i) {
    return i < count_ ? all().subspan(i) : std::span<Value>();
  }

  bool is_construct() const { return !new_target_->is_undefined(); }
  Value new_target() const { return *new_target_; }

 private:
  Value* window_;
  std::uint32_t count_;
  Value* new_target_;
};

using NativeCode = Value (*)(Runtime& runtime, Arguments& args);

/// \name Calling guest code. May collect; throw ScriptException (error.h).
/// @{
/// Throws TypeError "x is not a function" if it is not callable.
Value call(Runtime& runtime, Value callee, Value this_value, std::span<const Value> args);
inline Value call(Runtime& runtime, Value callee, Value this_value,
                  std::initializer_list<Value> args = {}) {
  return call(runtime, callee, this_value, std::span<const Value>(args.begin(), args.size()));
}
/// `new callee(...args)`; new_target undefined: the callee itself.
Value construct(Runtime& runtime, Value callee, std::span<const Value> args,
                Value new_target = Value::undefined());
/// @}

}  // namespace heaplab::interp
