// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cassert>
#include <cmath>
#include <cstdint>

#include "heaplab/heap/object.h"

// A JavaScript value in 64 bits, laid out so that it is also a heaplab::Word: the collector needs
// no translation to find the references in a run of values.
//
//   0                              the hole: "no value here". Array holes, variables before their
//                                  initialisation. Scripts never see it.
//   0000'aaaa'aaaa'aaaa            a reference: the object's address
//   0001'0000'0000'000x            null, undefined, false, true, and Word::cleared()
//   0002'... to FFFC'...           a double: its bits plus 2^49 (as JavaScriptCore does)
//   FFFE'0000'iiii'iiii            an int32
//
// Numbers are normalised: a double that is an int32 (and not -0) is always stored as int32, so that
// equal numbers have equal bits. Value::number does that.

namespace heaplab::interp {

class String;
class Symbol;
class JSObject;

class Value {
 public:
  static constexpr std::uint64_t immediate_base = std::uint64_t{1} << 48;
  static constexpr std::uint64_t double_offset = std::uint64_t{1} << 49;
  static constexpr std::uint64_t int_tag = std::uint64_t{0xFFFE} << 48;

  /// The hole.
  constexpr Value() = default;
  constexpr explicit Value(std::uint64_t bits) : bits_(bits) {}
  /// Any heap object a script may hold (string, symbol, object) or an internal one. Null: the hole.
  Value(const Object* object) : bits_(address_of(object)) {}  // NOLINT(google-explicit-constructor)

  static constexpr Value hole() { return Value(std::uint64_t{0}); }
  static constexpr Value null() { return Value(immediate_base); }
  static constexpr Value undefined() { return Value(immediate_base | 1); }
  static constexpr Value boolean(bool b) { return Value(immediate_base | 2 | (b ? 1 : 0)); }
  static constexpr Value integer(std::int32_t i) {
    return Value(int_tag | static_cast<std::uint32_t>(i));
  }
  /// Any number, normalised.
  static Value number(double d) {
    // The guard keeps the conversion defined: NaN and big values fail it.
    if (d >= -2147483648.0 && d <= 2147483647.0) {
      const auto i = static_cast<std::int32_t>(d);
      if (static_cast<double>(i) == d && (i != 0 || !std::signbit(d))) return integer(i);
    }
    return not_an_int32(d);
  }
  static Value number(std::int32_t i) { return integer(i); }
  static Value number(std::uint32_t i) {
    return i <= 0x7fff'ffffu ? integer(static_cast<std::int32_t>(i))
                             : not_an_int32(static_cast<double>(i));
  }
  static Value number(std::int64_t i) { return number(static_cast<double>(i)); }
  static Value number(std::uint64_t i) { return number(static_cast<double>(i)); }

  constexpr std::uint64_t bits() const { return bits_; }
  Word word() const { return Word(bits_); }
  static Value from(Word word) { return Value(word.bits()); }

  constexpr bool is_hole() const { return bits_ == 0; }
  constexpr bool is_null() const { return bits_ == immediate_base; }
  constexpr bool is_undefined() const { return bits_ == (immediate_base | 1); }
  constexpr bool is_nullish() const { return (bits_ | 1) == (immediate_base | 1); }
  constexpr bool is_boolean() const { return (bits_ | 1) == (immediate_base | 3); }
  constexpr bool is_true() const { return bits_ == (immediate_base | 3); }
  constexpr bool is_false() const { return bits_ == (immediate_base | 2); }
  constexpr bool is_int() const { return bits_ >= int_tag; }
  constexpr bool is_number() const { return bits_ >= double_offset; }
  constexpr bool is_double() const { return is_number() && !is_int(); }
  constexpr bool is_reference() const { return Word::is_reference(bits_); }

  // The tests that look at the object behind a reference are defined in object.h and string.h.
  bool is_string() const;
  bool is_symbol() const;
  bool is_object() const;
  bool is_callable() const;

  constexpr std::int32_t as_int() const {
    assert(is_int() && "not an int32");
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(bits_));
  }
  double as_double() const {
    assert(is_double() && "not a double");
    return std::bit_cast<double>(bits_ - double_offset);
  }
  double as_number() const { return is_int() ? static_cast<double>(as_int()) : as_double(); }
  constexpr bool as_boolean() const { return (bits_ & 1) != 0; }
  Object* as_reference() const {
    assert(is_reference() && "not a reference");
    return reinterpret_cast<Object*>(static_cast<std::uintptr_t>(bits_));
  }
  /// \pre the value is of that kind.
  String* as_string() const;
  Symbol* as_symbol() const;
  JSObject* as_object() const;
  /// \pre is_reference() and the object is a T.
  template <class T>
  T* as() const {
    return static_cast<T*>(as_reference());
  }

  /// Same bits: identity for objects, equality for normalised numbers (but NaN equals itself).
  friend constexpr bool operator==(Value, Value) = default;

 private:
  static Value not_an_int32(double d) {
    // One NaN only: an arbitrary payload could collide with the int32 tag.
    if (d != d) return Value((std::uint64_t{0x7ff8} << 48) + double_offset);
    return Value(std::bit_cast<std::uint64_t>(d) + double_offset);
  }

  std::uint64_t bits_ = 0;
};
static_assert(sizeof(Value) == sizeof(Word));

}  // namespace heaplab::interp
