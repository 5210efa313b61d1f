// SPDX-License-Identifier: MIT
#include "heaplab/interp/string.h"

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <cstring>

#include "heaplab/interp/error.h"
#include "heaplab/interp/runtime.h"
#include "heaplab/interp/source.h"

namespace heaplab::interp {
namespace {

// V8's thresholds: shorter results are copied, longer ones share.
constexpr std::uint32_t min_cons_length = 13;
constexpr std::uint32_t min_slice_length = 13;

/// The flat pieces of a string, left to right, without recursion.
class LeafWalker {
 public:
  explicit LeafWalker(const String* string) { stack_.push_back(string); }

  bool next(FlatChars* piece) {
    while (!stack_.empty()) {
      const String* string = stack_.back();
      stack_.pop_back();
      while (!string->is_flat()) {
        const auto* cons = static_cast<const ConsString*>(string);
        if (!cons->is_flattened()) stack_.push_back(cons->right_.get());
        string = cons->left_.get();
      }
      *piece = flat_chars(string);
      if (piece->length() > 0) return true;
    }
    return false;
  }

 private:
  boost::container::small_vector<const String*, 32> stack_;
};

bool is_wide(const String* string) {
  switch (heap_type(string)) {
    case HeapType::SeqString8:
      return false;
    case HeapType::SeqString16:
      return true;
    case HeapType::SliceString:
      return is_wide(static_cast<const SliceString*>(string)->parent_.get());
    default:
      return string->flag(String::wide_flag);
  }
}

bool fits_latin1(std::u16string_view text) {
  return std::all_of(text.begin(), text.end(), [](char16_t c) { return c <= 0xff; });
}

void copy_chars(const FlatChars& from, std::uint8_t* to) {
  if (from.length() == 0) return;
  if (from.is_latin1()) {
    std::memcpy(to, from.latin1().data(), from.length());
    return;
  }
  for (const char16_t c : from.utf16()) *to++ = static_cast<std::uint8_t>(c);
}

void copy_chars(const FlatChars& from, char16_t* to) {
  if (from.length() == 0) return;
  if (from.is_latin1()) {
    for (const std::uint8_t c : from.latin1()) *to++ = c;
    return;
  }
  std::memcpy(to, from.utf16().data(), from.length() * sizeof(char16_t));
}

template <class Char>
void copy_string(const String* string, Char* to) {
  LeafWalker walker(string);
  FlatChars piece(to, 0);
  while (walker.next(&piece)) {
    copy_chars(piece, to);
    to += piece.length();
  }
}

void check_length(Runtime& runtime, std::uint64_t length) {
  if (length > max_string_length) throw_range_error(runtime, "Invalid string length");
}

/// Copies `count` characters of a flat string.
String* copy_substring(Runtime& runtime, String* string, std::uint32_t start, std::uint32_t count) {
  Rooted<String> source(runtime, string);
  if (flat_chars(string).is_latin1()) {
    SeqString8* copy = new_seq_string8(runtime, count);
    copy_chars(flat_chars(source.get()).sub(start, count), copy->chars());
    return copy;
  }
  const std::u16string_view part = flat_chars(string).utf16().substr(start, count);
  if (fits_latin1(part)) {
    SeqString8* copy = new_seq_string8(runtime, count);
    copy_chars(flat_chars(source.get()).sub(start, count), copy->chars());
    return copy;
  }
  SeqString16* copy = new_seq_string16(runtime, count);
  copy_chars(flat_chars(source.get()).sub(start, count), copy->chars());
  return copy;
}

constexpr std::uint32_t hash_seed = 0x811c9dc5u;
constexpr std::uint32_t hash_step(std::uint32_t hash, char16_t c) {
  return (hash ^ c) * 0x01000193u;
}
constexpr std::uint32_t hash_finish(std::uint32_t hash) {
  hash ^= hash >> 15;
  hash *= 0x2c1b3c6du;
  return hash ^ (hash >> 13);
}

template <class Chars>
std::uint32_t hash_run(std::uint32_t hash, const Chars& chars) {
  for (const auto c : chars) hash = hash_step(hash, c);
  return hash;
}

}  // namespace

SeqString8* new_seq_string8(Runtime& runtime, std::uint32_t length) {
  check_length(runtime, length);
  return runtime.heap().allocate_array<SeqString8>(type_id(HeapType::SeqString8), length);
}

SeqString16* new_seq_string16(Runtime& runtime, std::uint32_t length) {
  check_length(runtime, length);
  return runtime.heap().allocate_array<SeqString16>(type_id(HeapType::SeqString16), length);
}

String* new_string(Runtime& runtime, std::u16string_view text) {
  check_length(runtime, text.size());
  const auto length = static_cast<std::uint32_t>(text.size());
  if (length == 0) return runtime.atoms().empty;
  if (fits_latin1(text)) {
    if (length == 1) return runtime.single_character(text[0]);
    SeqString8* string = new_seq_string8(runtime, length);
    copy_chars(FlatChars(text.data(), length), string->chars());
    return string;
  }
  SeqString16* string = new_seq_string16(runtime, length);
  copy_chars(FlatChars(text.data(), length), string->chars());
  return string;
}

String* new_string_latin1(Runtime& runtime, std::string_view text) {
  check_length(runtime, text.size());
  const auto length = static_cast<std::uint32_t>(text.size());
  if (length == 0) return runtime.atoms().empty;
  if (length == 1) return runtime.single_character(static_cast<std::uint8_t>(text[0]));
  SeqString8* string = new_seq_string8(runtime, length);
  std::memcpy(string->chars(), text.data(), length);
  return string;
}

String* new_string_utf8(Runtime& runtime, std::string_view text) {
  const bool ascii = std::all_of(text.begin(), text.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return ascii ? new_string_latin1(runtime, text) : new_string(runtime, utf8_to_utf16(text));
}

String* string_from_char(Runtime& runtime, char16_t unit) {
  if (unit <= 0xff) return runtime.single_character(unit);
  SeqString16* string = new_seq_string16(runtime, 1);
  string->chars()[0] = unit;
  return string;
}

String* concat(Runtime& runtime, String* left, String* right) {
  const std::uint32_t left_length = left->length();
  const std::uint32_t right_length = right->length();
  if (left_length == 0) return right;
  if (right_length == 0) return left;
  check_length(runtime, std::uint64_t{left_length} + right_length);
  const std::uint32_t length = left_length + right_length;
  Rooted<String> l(runtime, left);
  Rooted<String> r(runtime, right);
  const bool wide = is_wide(left) || is_wide(right);
  if (length >= min_cons_length) {
    auto* cons = runtime.heap().allocate<ConsString>(type_id(HeapType::ConsString), length);
    cons->left_.init(l.get());
    cons->right_.init(r.get());
    if (wide) cons->set_flag(String::wide_flag, true);
    return cons;
  }
  if (wide) {
    SeqString16* string = new_seq_string16(runtime, length);
    copy_string(l.get(), string->chars());
    copy_string(r.get(), string->chars() + left_length);
    return string;
  }
  SeqString8* string = new_seq_string8(runtime, length);
  copy_string(l.get(), string->chars());
  copy_string(r.get(), string->chars() + left_length);
  return string;
}

String* substring(Runtime& runtime, String* string, std::uint32_t start, std::uint32_t end) {
  assert(start <= end && end <= string->length() && "substring out of range");
  const std::uint32_t count = end - start;
  if (count == string->length()) return string;
  if (count == 0) return runtime.atoms().empty;
  if (count == 1) return string_from_char(runtime, char_at(string, start));
  String* flat = flatten(runtime, string);
  if (count < min_slice_length) return copy_substring(runtime, flat, start, count);
  if (auto* slice = static_cast<SliceString*>(flat); has_type(flat, HeapType::SliceString)) {
    start += slice->offset_;
    flat = slice->parent_.get();
  }
  Rooted<String> parent(runtime, flat);
  auto* slice = runtime.heap().allocate<SliceString>(type_id(HeapType::SliceString), count);
  slice->parent_.init(parent.get());
  slice->offset_ = start;
  return slice;
}

String* flatten(Runtime& runtime, String* string) {
  if (string->is_flat()) return string;
  auto* cons = static_cast<ConsString*>(string);
  if (cons->is_flattened()) return cons->left_.get();
  Rooted<ConsString> root(runtime, cons);
  Rooted<String> flat(runtime);
  if (is_wide(string)) {
    SeqString16* chars = new_seq_string16(runtime, string->length());
    copy_string(root.get(), chars->chars());
    flat = chars;
  } else {
    SeqString8* chars = new_seq_string8(runtime, string->length());
    copy_string(root.get(), chars->chars());
    flat = chars;
  }
  runtime.heap().write(root.get(), root->left_, flat.get());
  runtime.heap().write(root.get(), root->right_, nullptr);
  return flat.get();
}

FlatChars flat_chars(const String* string) {
  if (!string->is_flat()) {
    assert(static_cast<const ConsString*>(string)->is_flattened() && "flatten the string first");
    string = static_cast<const ConsString*>(string)->left_.get();
  }
  switch (heap_type(string)) {
    case HeapType::SeqString8:
      return {static_cast<const SeqString8*>(string)->chars(), string->length()};
    case HeapType::SeqString16:
      return {static_cast<const SeqString16*>(string)->chars(), string->length()};
    default: {
      const auto* slice = static_cast<const SliceString*>(string);
      return flat_chars(slice->parent_.get()).sub(slice->offset_, slice->length());
    }
  }
}

char16_t char_at(const String* string, std::uint32_t index) {
  while (!string->is_flat()) {
    const auto* cons = static_cast<const ConsString*>(string);
    const String* left = cons->left_.get();
    if (cons->is_flattened() || index < left->length()) {
      string = left;
    } else {
      index -= left->length();
      string = cons->right_.get();
    }
  }
  return flat_chars(string)[index];
}

std::u16string to_utf16(const String* string) {
  std::u16string text(string->length(), u'\0');
  copy_string(string, text.data());
  return text;
}

std::string to_utf8(const String* string) {
  if (has_type(string, HeapType::SeqString8)) {
    const auto chars = flat_chars(string).latin1();
    if (std::all_of(chars.begin(), chars.end(), [](std::uint8_t c) { return c < 0x80; })) {
      return {reinterpret_cast<const char*>(chars.data()), chars.size()};
    }
  }
  return utf16_to_utf8(to_utf16(string));
}

bool equals_ascii(const String* a, std::string_view b) {
  if (a->length() != b.size()) return false;
  for (std::uint32_t i = 0; i < a->length(); ++i) {
    if (char_at(a, i) != static_cast<unsigned char>(b[i])) return false;
  }
  return true;
}

int compare(const String* a, const String* b) {
  LeafWalker walk_a(a);
  LeafWalker walk_b(b);
  FlatChars part_a(u"", 0);
  FlatChars part_b(u"", 0);
  while (true) {
    if (part_a.length() == 0 && !walk_a.next(&part_a)) {
      return part_b.length() > 0 || walk_b.next(&part_b) ? -1 : 0;
    }
    if (part_b.length() == 0 && !walk_b.next(&part_b)) return 1;
    const std::uint32_t count = std::min(part_a.length(), part_b.length());
    if (part_a.is_latin1() && part_b.is_latin1()) {
      const int order = std::memcmp(part_a.latin1().data(), part_b.latin1().data(), count);
      if (order != 0) return order;
    } else {
      for (std::uint32_t i = 0; i < count; ++i) {
        if (part_a[i] != part_b[i]) return part_a[i] < part_b[i] ? -1 : 1;
      }
    }
    part_a = part_a.sub(count, part_a.length() - count);
    part_b = part_b.sub(count, part_b.length() - count);
  }
}

bool equal(const String* a, const String* b) {
  if (a == b) return true;
  if (a->length() != b->length()) return false;
  if (a->is_atom() && b->is_atom()) return false;
  if (a->flag(String::hashed_flag) && b->flag(String::hashed_flag) && a->hash_ != b->hash_) {
    return false;
  }
  return compare(a, b) == 0;
}

std::uint32_t hash_of(String* string) {
  if (string->flag(String::hashed_flag)) return string->hash_;
  std::uint32_t hash = hash_seed;
  LeafWalker walker(string);
  FlatChars piece(u"", 0);
  while (walker.next(&piece)) {
    hash = piece.is_latin1() ? hash_run(hash, piece.latin1()) : hash_run(hash, piece.utf16());
  }
  string->hash_ = hash_finish(hash);
  string->set_flag(String::hashed_flag, true);
  return string->hash_;
}

std::uint32_t hash_utf16(std::u16string_view text) {
  return hash_finish(hash_run(hash_seed, text));
}

std::uint32_t hash_latin1(std::string_view text) {
  std::uint32_t hash = hash_seed;
  for (const char c : text) hash = hash_step(hash, static_cast<unsigned char>(c));
  return hash_finish(hash);
}

}  // namespace heaplab::interp
