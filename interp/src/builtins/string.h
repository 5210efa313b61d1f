// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "heaplab/interp/operations.h"
#include "heaplab/interp/runtime.h"

// What the files of String.prototype share.

namespace heaplab::interp::builtins {

/// ToString(this) with V8's message "M called on null or undefined"; flat, and stored in `args`.
String* this_string(Runtime& runtime, Arguments& args, std::string_view method);
/// Position of `needle` in `text` at or after `from`, or npos. Never collects.
inline constexpr std::uint32_t no_position = 0xffff'ffffu;
std::uint32_t find_string(FlatChars text, FlatChars needle, std::uint32_t from);
std::uint32_t find_last_string(FlatChars text, FlatChars needle, std::uint32_t from);
bool is_white_space(char16_t unit);

/// \name Unicode (string_unicode.cpp). Never collect.
/// @{
std::u16string upper_case(std::u16string_view text);
std::u16string lower_case(std::u16string_view text);
/// As a regular expression with the i flag compares it; `unicode`: with the u flag.
char32_t case_folded(char32_t code, bool unicode);
/// As Intl's root collation orders text of the Latin script; other scripts by code point.
int locale_compare(std::u16string_view a, std::u16string_view b);
enum class NormalForm { nfc, nfd, nfkc, nfkd };
std::u16string normalize(std::u16string_view text, NormalForm form);
/// The code point at `i`, a surrogate pair taken as one; `i` moves behind it.
char32_t next_code_point(std::u16string_view text, std::size_t& i);
void append_code_point(std::u16string& text, char32_t code);
/// @}

/// Expands $1, $<name>, $& … as String.prototype.replace does. `captures` may hold undefined.
/// Runs guest code (ToString of captures was done before); may collect.
struct Substitution {
  std::u16string_view text;
  std::u16string_view matched;
  std::size_t position = 0;
  /// Captured texts from 1 on; null where a group did not take part.
  std::vector<const std::u16string*> captures;
  /// Text of a named group, null if there are no named groups; set only if `has_names`.
  bool has_names = false;
  std::function<std::u16string(std::u16string_view name)> named;
};
void expand_replacement(const Substitution& match, std::u16string_view pattern,
                        std::u16string& out);

void install_string_search(Runtime& runtime, JSObject* prototype);
void install_string_replace(Runtime& runtime, JSObject* prototype);
void install_string_iterator(Runtime& runtime);

}  // namespace heaplab::interp::builtins
