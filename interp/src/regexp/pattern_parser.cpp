// SPDX-License-Identifier: MIT
// The grammar of ECMA-262 chapter 22.2.1 with annex B (what browsers have always accepted).
#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "heaplab/interp/lexer.h"
#include "heaplab/interp/source.h"
#include "regexp/pattern.h"

namespace heaplab::interp::regexp {

namespace {

using Kind = Term::Kind;
using Node = std::unique_ptr<Term>;

bool is_digit(char16_t c) { return c >= u'0' && c <= u'9'; }
bool is_letter(char16_t c) { return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z'); }

class PatternParser {
 public:
  PatternParser(std::u16string_view source, std::uint32_t flags)
      : source_(source), unicode_(flags & kUnicode) {
    result_.flags = flags;
    count_groups();
  }

  Pattern run() {
    result_.root = disjunction(0);
    if (more()) fail("Unmatched ')'");
    resolve_names();
    result_.group_count = groups_;
    return std::move(result_);
  }

 private:
  static constexpr unsigned deepest = 1000;

  [[noreturn]] static void fail(std::string message) { throw PatternError{std::move(message)}; }

  // ---- Reading

  bool more() const { return at_ < source_.size(); }
  bool looking_at(char16_t c, std::size_t ahead = 0) const {
    return at_ + ahead < source_.size() && source_[at_ + ahead] == c;
  }
  bool looking_at(std::u16string_view text) const {
    return source_.substr(at_, text.size()) == text;
  }
  char16_t peek(std::size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : u'\0';
  }
  bool accept(char16_t c) {
    if (!looking_at(c)) return false;
    ++at_;
    return true;
  }
  bool accept(std::u16string_view text) {
    if (!looking_at(text)) return false;
    at_ += text.size();
    return true;
  }
  char32_t next_code() { return next_code(unicode_); }
  char32_t next_code(bool pairs) {
    const char16_t first = source_[at_++];
    const bool pair = pairs && first >= 0xd800 && first <= 0xdbff && more() &&
                      source_[at_] >= 0xdc00 && source_[at_] <= 0xdfff;
    if (!pair) return first;
    return 0x10000 + ((char32_t{first} - 0xd800) << 10) + (source_[at_++] - char32_t{0xdc00});
  }

  // How many groups there are decides what \2 means, and names what \k means.
  void count_groups() {
    bool in_class = false;
    for (std::size_t i = 0; i < source_.size(); ++i) {
      const char16_t c = source_[i];
      if (c == u'\\') {
        ++i;
      } else if (in_class) {
        in_class = c != u']';
      } else if (c == u'[') {
        in_class = true;
      } else if (c == u'(') {
        const std::u16string_view rest = source_.substr(i + 1, 3);
        const bool named = rest.starts_with(u"?<") && rest != u"?<=" && rest != u"?<!";
        if (named) has_names_ = true;
        if (named || !rest.starts_with(u"?")) ++total_groups_;
      }
    }
  }

  // ---- Structure

  Node make(Kind kind) { return std::make_unique<Term>(kind); }

  Node disjunction(unsigned depth) {
    if (depth > deepest) fail("Regular expression too large");
    Node choice = make(Kind::choice);
    choice->first_group = groups_ + 1;
    do {
      choice->parts.push_back(alternative(depth));
    } while (accept(u'|'));
    choice->end_group = groups_ + 1;
    return choice->parts.size() == 1 ? std::move(choice->parts[0]) : std::move(choice);
  }

  Node alternative(unsigned depth) {
    Node sequence = make(Kind::sequence);
    sequence->first_group = groups_ + 1;
    while (more() && peek() != u')' && peek() != u'|') sequence->parts.push_back(term(depth));
    sequence->end_group = groups_ + 1;
    return sequence;
  }

  Node term(unsigned depth) {
    if (accept(u'^')) return make(Kind::start);
    if (accept(u'$')) return make(Kind::end);
    if (accept(u"\\b")) return make(Kind::boundary);
    if (accept(u"\\B")) {
      Node boundary = make(Kind::boundary);
      boundary->negated = true;
      return boundary;
    }
    refuse_quantifier();
    const std::uint32_t first_group = groups_ + 1;
    Node atom = parse_atom(depth);
    atom->first_group = first_group;
    atom->end_group = groups_ + 1;
    return quantified(std::move(atom));
  }

  void refuse_quantifier() {
    const char16_t c = peek();
    if (c == u'*' || c == u'+' || c == u'?') fail("Nothing to repeat");
    if (c == u'{') {
      if (quantifier_bounds()) fail("Nothing to repeat");
    }
    if (unicode_ && (c == u'{' || c == u'}' || c == u']')) fail("Lone quantifier brackets");
  }

  Node parse_atom(unsigned depth) {
    switch (peek()) {
      case u'(':
        return group(depth);
      case u'[':
        return character_class();
      case u'\\':
        ++at_;
        return escape();
      case u'.':
        ++at_;
        return make(Kind::any);
      default:
        return literal(next_code());
    }
  }

  Node literal(char32_t code) {
    Node node = make(Kind::literal);
    node->code = code;
    return node;
  }

  Node group(unsigned depth) {
    ++at_;
    Node node = make(Kind::group);
    if (looking_at(u"?<") && !looking_at(u"?<=") && !looking_at(u"?<!")) {
      at_ += 2;
      node->group = ++groups_;
      name_group(node->group);
    } else if (!looking_at(u'?')) {
      node->group = ++groups_;
    } else if (!accept(u"?:")) {
      node->kind = Kind::look;
      ++at_;
      node->behind = accept(u'<');
      node->negated = looking_at(u'!');
      if (!accept(u'!') && !accept(u'=')) fail("Invalid group");
    }
    node->parts.push_back(disjunction(depth + 1));
    if (!accept(u')')) fail("Unterminated group");
    return node;
  }

  // ---- Names

  char32_t name_character() {
    if (!accept(u'\\')) return next_code(true);
    if (!accept(u'u')) fail("Invalid Unicode escape");
    const auto code = unicode_escape(true);
    if (!code) fail("Invalid Unicode escape");
    return *code;
  }

  std::u16string group_name() {
    std::u16string name;
    while (!accept(u'>')) {
      if (!more()) fail("Invalid capture group name");
      const char32_t c = name_character();
      const bool fits = name.empty() ? is_identifier_start(c) : is_identifier_part(c);
      if (!fits) fail("Invalid capture group name");
      append_code_point(name, c);
    }
    if (name.empty()) fail("Invalid capture group name");
    return name;
  }

  std::uint32_t group_of(const std::u16string& name) const {
    for (const auto& [known, group] : result_.names) {
      if (known == name) return group;
    }
    return 0;
  }

  void name_group(std::uint32_t group) {
    std::u16string name = group_name();
    if (group_of(name) != 0) fail("Duplicate capture group name");
    result_.names.emplace_back(std::move(name), group);
  }

  Node named_reference() {
    ++at_;
    if (!accept(u'<')) fail("Invalid named reference");
    Node node = make(Kind::reference);
    unresolved_.emplace_back(node.get(), group_name());
    return node;
  }

  void resolve_names() {
    for (auto& [node, name] : unresolved_) {
      node->group = group_of(name);
      if (node->group == 0) fail("Invalid named capture referenced");
    }
  }

  // ---- Quantifiers

  struct Bounds {
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    std::size_t end = 0;
  };

  // {n}, {n,}, {n,m} at the current position. Does not move.
  std::optional<Bounds> quantifier_bounds() const {
    std::size_t i = at_ + 1;
    const auto number = [&](std::uint32_t* out) {
      const std::size_t start = i;
      std::uint64_t value = 0;
      for (; i < source_.size() && is_digit(source_[i]); ++i) {
        value = std::min<std::uint64_t>(value * 10 + (source_[i] - u'0'), Term::unlimited);
      }
      *out = static_cast<std::uint32_t>(value);
      return i > start;
    };
    Bounds bounds;
    if (!number(&bounds.low)) return std::nullopt;
    bounds.high = bounds.low;
    if (i < source_.size() && source_[i] == u',') {
      ++i;
      if (!number(&bounds.high)) bounds.high = Term::unlimited;
    }
    if (i >= source_.size() || source_[i] != u'}') return std::nullopt;
    bounds.end = i + 1;
    return bounds;
  }

  Node quantified(Node atom) {
    Bounds bounds{0, Term::unlimited, at_ + 1};
    if (looking_at(u'+')) {
      bounds.low = 1;
    } else if (looking_at(u'?')) {
      bounds.high = 1;
    } else if (looking_at(u'{')) {
      const auto written = quantifier_bounds();
      if (!written && unicode_) fail("Incomplete quantifier");
      if (!written) return atom;
      bounds = *written;
      if (bounds.high < bounds.low) fail("numbers out of order in {} quantifier");
    } else if (!looking_at(u'*')) {
      return atom;
    }
    const bool repeatable = atom->kind != Kind::look || (!unicode_ && !atom->behind);
    if (!repeatable) fail("Invalid quantifier");
    at_ = bounds.end;
    Node repeat = make(Kind::repeat);
    repeat->low = bounds.low;
    repeat->high = bounds.high;
    repeat->greedy = !accept(u'?');
    repeat->first_group = atom->first_group;
    repeat->end_group = atom->end_group;
    repeat->parts.push_back(std::move(atom));
    return repeat;
  }

  // ---- Escapes

  // Behind the backslash.
  Node escape() {
    if (!more()) fail("\\ at end of pattern");
    const char16_t c = peek();
    if (c == u'k' && (has_names_ || unicode_)) return named_reference();
    if (c >= u'1' && c <= u'9') {
      if (Node reference = numbered_reference()) return reference;
    }
    if (auto item = class_escape("Invalid property name")) {
      Node set = make(Kind::set);
      set->items.push_back(std::move(*item));
      return set;
    }
    return literal(character_escape(/*in_class=*/false));
  }

  // Null if it is no reference: an octal escape of old.
  Node numbered_reference() {
    std::size_t i = at_;
    std::uint32_t number = 0;
    while (i < source_.size() && is_digit(source_[i]) && number < 100000) {
      number = number * 10 + (source_[i++] - u'0');
    }
    if (number > total_groups_) {
      if (unicode_) fail("Invalid escape");
      return nullptr;
    }
    at_ = i;
    Node node = make(Kind::reference);
    node->group = number;
    return node;
  }

  std::optional<ClassItem> class_escape(const char* property_error) {
    ClassItem item;
    const char16_t c = peek();
    switch (c | 0x20) {
      case u'd':
        item.kind = ClassItem::Kind::digit;
        break;
      case u'w':
        item.kind = ClassItem::Kind::word;
        break;
      case u's':
        item.kind = ClassItem::Kind::space;
        break;
      case u'p':
        if (!unicode_) return std::nullopt;
        item.kind = ClassItem::Kind::property;
        break;
      default:
        return std::nullopt;
    }
    if (!is_letter(c)) return std::nullopt;
    item.negated = c < u'a';
    ++at_;
    if (item.kind == ClassItem::Kind::property) {
      item.property = property(property_error);
      if (item.property == "Assigned") {  // PCRE2 knows its opposite only
        item.property = "Cn";
        item.negated = !item.negated;
      }
    }
    return item;
  }

  std::string property(const char* error) {
    const std::size_t close = source_.find(u'}', at_);
    if (!looking_at(u'{') || close == std::u16string_view::npos) fail(error);
    const std::string name = property_name(utf16_to_utf8(source_.substr(at_ + 1, close - at_ - 1)));
    if (name.empty()) fail(error);
    at_ = close + 1;
    return name;
  }

  // Moves only if there are that many.
  std::optional<char32_t> hex_digits(std::size_t count) {
    char32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const char16_t c = peek(i);
      if (c >= 0x80 || !std::isxdigit(c)) return std::nullopt;
      value = value * 16 + (is_digit(c) ? c - char32_t{'0'} : (c | 32u) - 'a' + 10);
    }
    at_ += count;
    return value;
  }

  std::optional<char32_t> braced_code() {
    char32_t value = 0;
    const std::size_t start = at_;
    while (const auto digit = hex_digits(1)) {
      value = value * 16 + *digit;
      if (value > 0x10ffff) return std::nullopt;
    }
    if (at_ == start || !accept(u'}')) return std::nullopt;
    return value;
  }

  // Behind \u.
  std::optional<char32_t> unicode_escape(bool pairs) {
    if (pairs && accept(u'{')) return braced_code();
    const auto value = hex_digits(4);
    if (!value || !pairs || *value < 0xd800 || *value > 0xdbff) return value;
    const std::size_t before = at_;
    if (accept(u"\\u")) {
      const auto low = hex_digits(4);
      if (low && *low >= 0xdc00 && *low <= 0xdfff) {
        return 0x10000 + ((*value - 0xd800) << 10) + (*low - 0xdc00);
      }
    }
    at_ = before;
    return value;
  }

  char32_t legacy_octal() {
    char32_t value = 0;
    for (int digits = 0; digits < 3 && peek() >= u'0' && peek() <= u'7'; ++digits) {
      const char32_t next = value * 8 + (peek() - char32_t{'0'});
      if (next > 0xff) break;
      value = next;
      ++at_;
    }
    return value;
  }

  char32_t control_escape(bool in_class) {
    const char16_t c = peek(1);
    if (is_letter(c) || (in_class && !unicode_ && (is_digit(c) || c == u'_'))) {
      at_ += 2;
      return c & 31u;
    }
    if (unicode_) fail("Invalid Unicode escape");
    return U'\\';  // a backslash, and the c follows by itself
  }

  char32_t digit_escape(bool in_class) {
    const char16_t c = peek();
    if (!unicode_) return c <= u'7' ? legacy_octal() : source_[at_++];
    if (c != u'0' || is_digit(peek(1))) {
      fail(in_class ? "Invalid class escape" : "Invalid decimal escape");
    }
    ++at_;
    return 0;
  }

  // One character, behind the backslash.
  char32_t character_escape(bool in_class) {
    static constexpr std::pair<char16_t, char32_t> simple[] = {
        {u'n', '\n'}, {u'r', '\r'}, {u't', '\t'}, {u'v', '\v'}, {u'f', '\f'}};
    const char16_t c = peek();
    for (const auto& [letter, code] : simple) {
      if (accept(letter)) return code;
    }
    if (c == u'c') return control_escape(in_class);
    if (is_digit(c)) return digit_escape(in_class);
    if (accept(u'x')) {
      const auto value = hex_digits(2);
      if (!value && unicode_) fail("Invalid escape");
      return value.value_or(U'x');
    }
    if (accept(u'u')) {
      const auto value = unicode_escape(unicode_);
      if (!value && unicode_) fail("Invalid Unicode escape");
      return value.value_or(U'u');
    }
    static constexpr std::u16string_view syntax = u"^$\\.*+?()[]{}|/";
    const bool known = syntax.find(c) != std::u16string_view::npos || (in_class && c == u'-');
    if (unicode_ && !known) fail("Invalid escape");
    if (c == u'k' && has_names_) fail("Invalid escape");
    return next_code();
  }

  // ---- Classes

  ClassItem class_atom() {
    ClassItem item;
    if (!accept(u'\\')) {
      item.range.first = next_code();
    } else if (!more()) {
      fail("\\ at end of pattern");
    } else if (accept(u'b')) {
      item.range.first = U'\b';
    } else if (auto escaped = class_escape("Invalid property name in character class")) {
      return std::move(*escaped);
    } else {
      item.range.first = character_escape(/*in_class=*/true);
    }
    item.range.last = item.range.first;
    return item;
  }

  Node character_class() {
    ++at_;
    Node set = make(Kind::set);
    set->in_brackets = true;
    set->negated = accept(u'^');
    while (more() && peek() != u']') class_member(set->items);
    if (!accept(u']')) fail("Unterminated character class");
    return set;
  }

  void class_member(std::vector<ClassItem>& items) {
    ClassItem first = class_atom();
    if (!looking_at(u'-') || at_ + 1 >= source_.size() || peek(1) == u']') {
      items.push_back(std::move(first));
      return;
    }
    ++at_;
    ClassItem last = class_atom();
    const auto is_range = [](const ClassItem& i) { return i.kind == ClassItem::Kind::range; };
    if (is_range(first) && is_range(last)) {
      if (last.range.last < first.range.first) fail("Range out of order in character class");
      first.range.last = last.range.last;
      items.push_back(std::move(first));
      return;
    }
    if (unicode_) fail("Invalid character class");
    ClassItem hyphen;  // [\w-x]: the hyphen is a character
    hyphen.range = {U'-', U'-'};
    items.push_back(std::move(first));
    items.push_back(std::move(hyphen));
    items.push_back(std::move(last));
  }

  std::u16string_view source_;
  bool unicode_;
  bool has_names_ = false;
  std::size_t at_ = 0;
  std::uint32_t total_groups_ = 0;
  std::uint32_t groups_ = 0;  ///< opened so far
  Pattern result_;
  std::vector<std::pair<Term*, std::u16string>> unresolved_;
};

}  // namespace

Pattern parse_pattern(std::u16string_view source, std::uint32_t flags) {
  return PatternParser(source, flags).run();
}

namespace {

// The letter of flag 1 << i is at i.
constexpr std::u16string_view flag_letters = u"dgimsuy";

}  // namespace

std::optional<std::uint32_t> parse_flags(std::u16string_view letters) {
  std::uint32_t flags = 0;
  for (const char16_t letter : letters) {
    const std::size_t at = flag_letters.find(letter);
    if (at == std::u16string_view::npos || (flags & (1u << at))) return std::nullopt;
    flags |= 1u << at;
  }
  return flags;
}

std::string invalid_pattern_message(std::u16string_view source, std::uint32_t flags,
                                    const std::string& why) {
  std::string text = "Invalid regular expression: /" + utf16_to_utf8(source) + "/";
  for (std::size_t i = 0; i < flag_letters.size(); ++i) {
    if (flags & (1u << i)) text += static_cast<char>(flag_letters[i]);
  }
  return text + ": " + why;
}

}  // namespace heaplab::interp::regexp
