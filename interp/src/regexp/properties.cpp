// SPDX-License-Identifier: MIT
// \p{...}: from JavaScript's names to PCRE2's.
#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>
#include <utility>

#include "regexp/pattern.h"

namespace heaplab::interp::regexp {

namespace {

// Long names of general categories that PCRE2 knows by their short names only.
constexpr std::array<std::pair<std::string_view, std::string_view>, 38> category_names = {{
    {"Letter", "L"},
    {"Lowercase_Letter", "Ll"},
    {"Uppercase_Letter", "Lu"},
    {"Titlecase_Letter", "Lt"},
    {"Cased_Letter", "L&"},
    {"Modifier_Letter", "Lm"},
    {"Other_Letter", "Lo"},
    {"Mark", "M"},
    {"Combining_Mark", "M"},
    {"Nonspacing_Mark", "Mn"},
    {"Spacing_Mark", "Mc"},
    {"Enclosing_Mark", "Me"},
    {"Number", "N"},
    {"Decimal_Number", "Nd"},
    {"Letter_Number", "Nl"},
    {"Other_Number", "No"},
    {"Punctuation", "P"},
    {"punct", "P"},
    {"Connector_Punctuation", "Pc"},
    {"Dash_Punctuation", "Pd"},
    {"Open_Punctuation", "Ps"},
    {"Close_Punctuation", "Pe"},
    {"Initial_Punctuation", "Pi"},
    {"Final_Punctuation", "Pf"},
    {"Other_Punctuation", "Po"},
    {"Symbol", "S"},
    {"Math_Symbol", "Sm"},
    {"Currency_Symbol", "Sc"},
    {"Modifier_Symbol", "Sk"},
    {"Other_Symbol", "So"},
    {"Separator", "Z"},
    {"Space_Separator", "Zs"},
    {"Line_Separator", "Zl"},
    {"Paragraph_Separator", "Zp"},
    {"Other", "C"},
    {"Control", "Cc"},
    {"Format", "Cf"},
    {"Surrogate", "Cs"},
}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> script_prefixes = {
    {{"Script=", "sc:"}, {"sc=", "sc:"}, {"Script_Extensions=", "scx:"}, {"scx=", "scx:"}}};

}  // namespace

std::string property_name(const std::string& written) {
  std::string name = written;
  for (const std::string_view prefix : {"General_Category=", "gc="}) {
    if (name.starts_with(prefix)) name.erase(0, prefix.size());
  }
  for (const auto& [long_name, short_name] : category_names) {
    if (name == long_name) name = short_name;
  }
  for (const auto& [from, to] : script_prefixes) {
    if (name.starts_with(from)) name.replace(0, from.size(), to);
  }
  // PCRE2 takes names in any case, and has some of its own (Xan, L&); JavaScript's are exact.
  const bool plain = std::all_of(written.begin(), written.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '_' || c == '=';
  });
  const bool exact =
      name.starts_with("sc")
          ? std::isupper(static_cast<unsigned char>(name[name.find(':') + 1]))
          : std::isupper(static_cast<unsigned char>(name[0])) || name == "cntrl" || name == "digit";
  const bool foreign = name.starts_with("X") && name.size() == 3;
  return plain && exact && !foreign ? name : "";
}

}  // namespace heaplab::interp::regexp
