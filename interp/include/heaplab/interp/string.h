// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "heaplab/interp/heap_types.h"
#include "heaplab/interp/value.h"

// Strings live on the heap in four forms that share their first 16 bytes:
//
//   SeqString8    Latin-1 characters           SeqString16   UTF-16 code units
//   ConsString    left + right (a rope; flattened in place when somebody reads its characters)
//   SliceString   `length` characters of a flat parent from `offset`
//
// length() (in the header) counts UTF-16 code units in all of them.
//
// An atom is a string that represents all strings equal to it: property names are atoms, so two
// names are equal exactly if their addresses are. The word at offset 8 of strings and symbols is a
// small number, never the address of a Shape: inline caches compare it without a type test.

namespace heaplab::interp {

class Runtime;

class String : public Object {
 public:
  enum Flag : unsigned {
    atom_flag = 0,
    hashed_flag = 1,
    index_flag = 2,  ///< of atoms: spells an array index
    wide_flag = 3,   ///< of ropes: some part is a SeqString16
  };

  bool is_atom() const { return flag(atom_flag); }
  bool is_flat() const { return !has_type(this, HeapType::ConsString); }
  bool is_seq8() const { return has_type(this, HeapType::SeqString8); }
  bool is_seq16() const { return has_type(this, HeapType::SeqString16); }

  std::uint32_t not_a_shape_ = 0;  ///< always 0, see above
  std::uint32_t hash_ = 0;         ///< valid if hashed_flag
};

class SeqString8 : public String {
 public:
  std::uint8_t* chars() { return reinterpret_cast<std::uint8_t*>(this + 1); }
  const std::uint8_t* chars() const { return reinterpret_cast<const std::uint8_t*>(this + 1); }
};

class SeqString16 : public String {
 public:
  char16_t* chars() { return reinterpret_cast<char16_t*>(this + 1); }
  const char16_t* chars() const { return reinterpret_cast<const char16_t*>(this + 1); }
};

class ConsString : public String {
 public:
  bool is_flattened() const { return !right_; }
  Ref<String> left_;
  Ref<String> right_;  ///< null once flattened: then `left_` is the whole string, flat
};

class SliceString : public String {
 public:
  Ref<String> parent_;  ///< SeqString8 or SeqString16
  std::uint32_t offset_ = 0;
};

/// The characters of a flat string. Points into the heap: valid until the next safepoint.
class FlatChars {
 public:
  FlatChars(const std::uint8_t* chars, std::uint32_t length)
      : chars8_(chars), chars16_(nullptr), length_(length) {}
  FlatChars(const char16_t* chars, std::uint32_t length)
      : chars8_(nullptr), chars16_(chars), length_(length) {}

  bool is_latin1() const { return chars8_ != nullptr; }
  std::uint32_t length() const { return length_; }
  char16_t operator[](std::uint32_t i) const { return chars8_ ? chars8_[i] : chars16_[i]; }
  std::span<const std::uint8_t> latin1() const { return {chars8_, length_}; }
  std::u16string_view utf16() const { return {chars16_, length_}; }
  FlatChars sub(std::uint32_t start, std::uint32_t count) const {
    return chars8_ ? FlatChars(chars8_ + start, count) : FlatChars(chars16_ + start, count);
  }

 private:
  const std::uint8_t* chars8_;
  const char16_t* chars16_;
  std::uint32_t length_;
};

inline constexpr std::uint32_t max_string_length = (1u << 29) - 24;  // V8's

/// \name Making strings. All may collect; all throw RangeError "Invalid string length" when too
/// long. The std:: views must not point into the heap.
/// @{
String* new_string(Runtime& runtime, std::u16string_view text);  ///< Latin-1 if it fits
String* new_string_utf8(Runtime& runtime, std::string_view text);
String* new_string_latin1(Runtime& runtime, std::string_view text);
/// Contents to be filled in by the caller at once.
SeqString8* new_seq_string8(Runtime& runtime, std::uint32_t length);
SeqString16* new_seq_string16(Runtime& runtime, std::uint32_t length);
String* string_from_char(Runtime& runtime, char16_t unit);
String* concat(Runtime& runtime, String* left, String* right);
/// \pre start <= end <= length
String* substring(Runtime& runtime, String* string, std::uint32_t start, std::uint32_t end);
/// "12", "0.1", "1e+21": Number.prototype.toString(10).
String* number_to_string(Runtime& runtime, Value number);
/// @}

/// A flat string with the same characters: the same object, or what a rope was flattened to.
/// May collect.
String* flatten(Runtime& runtime, String* string);
/// The characters. Does not collect. \pre string is flat or a flattened rope (use flatten).
FlatChars flat_chars(const String* string);
/// Shorthand for flat_chars(flatten(...)). May collect, so take it last, after other allocations.
inline FlatChars chars_of(Runtime& runtime, String* string) {
  return flat_chars(flatten(runtime, string));
}
/// Never collects, works on any form; for ropes walks down to the character.
char16_t char_at(const String* string, std::uint32_t index);

/// Contents as C++ strings, without touching the heap (ropes are walked). Never collects.
std::u16string to_utf16(const String* string);
/// Lone surrogates become U+FFFD. Never collects.
std::string to_utf8(const String* string);

/// Never collect.
bool equal(const String* a, const String* b);
bool equals_ascii(const String* a, std::string_view b);
/// <0, 0, >0: by code units.
int compare(const String* a, const String* b);
std::uint32_t hash_of(String* string);
std::uint32_t hash_utf16(std::u16string_view text);
std::uint32_t hash_latin1(std::string_view text);

inline bool Value::is_string() const {
  return is_reference() && type_in(as_reference(), HeapType::SeqString8, HeapType::SliceString);
}
inline bool Value::is_symbol() const {
  return is_reference() && has_type(as_reference(), HeapType::Symbol);
}
inline String* Value::as_string() const {
  assert(is_string() && "not a string");
  return static_cast<String*>(as_reference());
}

}  // namespace heaplab::interp
