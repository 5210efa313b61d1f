// SPDX-License-Identifier: MIT
// The Unicode properties are PCRE2's: its tables are asked once for all characters.
#define PCRE2_CODE_UNIT_WIDTH 16
#include <pcre2.h>

#include <memory>
#include <unordered_map>

#include "heaplab/interp/lexer.h"
#include "regexp/program.h"

namespace heaplab::interp::regexp {

namespace {

struct FreeCode {
  void operator()(pcre2_code_16* code) const { pcre2_code_free_16(code); }
};
using Code = std::unique_ptr<pcre2_code_16, FreeCode>;

Code compile_property(const std::string& name) {
  std::u16string text = u"\\p{";
  text.append(name.begin(), name.end());
  text += u"}+";
  int error = 0;
  PCRE2_SIZE offset = 0;
  return Code(pcre2_compile_16(reinterpret_cast<PCRE2_SPTR16>(text.data()), text.size(), PCRE2_UTF,
                               &error, &offset, nullptr));
}

struct AllCharacters {
  AllCharacters() {
    for (char32_t code = 0; code <= CharSet::highest; ++code) {
      if (code < 0xd800 || code > 0xdfff) append_code_point(text, code);
    }
  }
  // The character that begins at `offset`; beyond the gap where surrogates would stand.
  static char32_t code_at(std::size_t offset) {
    constexpr std::size_t low = 0xd800, plane = 0x10000 - 0x800;
    if (offset < low) return static_cast<char32_t>(offset);
    if (offset < plane) return static_cast<char32_t>(offset + 0x800);
    return static_cast<char32_t>(0x10000 + (offset - plane) / 2);
  }
  std::u16string text;
};

CharSet find_members(const std::string& name) {
  static const AllCharacters all;
  CharSet set;
  const Code code = compile_property(name);
  pcre2_jit_compile_16(code.get(), PCRE2_JIT_COMPLETE);
  pcre2_match_data_16* data = pcre2_match_data_create_from_pattern_16(code.get(), nullptr);
  const auto* subject = reinterpret_cast<PCRE2_SPTR16>(all.text.data());
  std::size_t at = 0;
  while (pcre2_match_16(code.get(), subject, all.text.size(), at, PCRE2_NO_UTF_CHECK, data,
                        nullptr) > 0) {
    const PCRE2_SIZE* bounds = pcre2_get_ovector_pointer_16(data);
    set.add(CodeRange{AllCharacters::code_at(bounds[0]), AllCharacters::code_at(bounds[1] - 1)});
    at = bounds[1];
  }
  pcre2_match_data_free_16(data);
  // Surrogates stand in no text that PCRE2 reads as UTF-16.
  if (name == "Cs" || name == "C" || name == "Any") set.add(CodeRange{0xd800, 0xdfff});
  return set;
}

}  // namespace

namespace {

// JavaScript wants Script=Greek where PCRE2 takes Greek as well.
bool property_exists(const std::string& name) {
  const bool bare_script =
      name.find(':') == std::string::npos && compile_property("sc:" + name) != nullptr;
  return !bare_script && compile_property(name) != nullptr;
}

bool known_property(const std::string& name) {
  static thread_local std::unordered_map<std::string, bool> answers;
  const auto found = answers.find(name);
  return found != answers.end() ? found->second
                                : answers.emplace(name, property_exists(name)).first->second;
}

}  // namespace

void check_properties(const Term& term) {
  for (const ClassItem& item : term.items) {
    if (item.kind != ClassItem::Kind::property || known_property(item.property)) continue;
    throw PatternError{term.in_brackets ? "Invalid property name in character class"
                                        : "Invalid property name"};
  }
  for (const auto& part : term.parts) check_properties(*part);
}

CharSet property_set(const std::string& name) {
  static thread_local std::unordered_map<std::string, CharSet> known;
  const auto found = known.find(name);
  return found != known.end() ? found->second
                              : known.emplace(name, find_members(name)).first->second;
}

}  // namespace heaplab::interp::regexp
