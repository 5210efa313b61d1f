// SPDX-License-Identifier: MIT
#include "regexp/translate.h"

#include <fmt/format.h>

#include <cctype>

#include "heaplab/interp/lexer.h"
#include "regexp/char_set.h"

namespace heaplab::interp::regexp {

namespace {

using Kind = Term::Kind;

class Translator {
 public:
  explicit Translator(const Pattern& pattern)
      : pattern_(pattern),
        unicode_(pattern.has(kUnicode)),
        wide_case_(folds_beyond_ascii(pattern)) {}

  TranslatedPattern run() {
    emit(*pattern_.root);
    return {std::move(text_), wide_case_};
  }

 private:
  static constexpr std::string_view not_line_break = "[^\\n\\r\\x{2028}\\x{2029}]";

  void write(std::string_view ascii) { text_.append(ascii.begin(), ascii.end()); }

  void emit_code(char32_t code) {
    const bool alphanumeric = code < 0x80 && std::isalnum(static_cast<int>(code));
    if (alphanumeric || (code >= 0x80 && code < 0xd800)) {
      append_code_point(text_, code);
    } else {
      write(fmt::format("\\x{{{:x}}}", static_cast<std::uint32_t>(code)));
    }
  }

  void emit(const Term& term) {
    switch (term.kind) {
      case Kind::sequence:
        for (const auto& part : term.parts) emit(*part);
        return;
      case Kind::choice:
        emit_choice(term);
        return;
      case Kind::literal:
        return emit_code(term.code);
      case Kind::any:
        return write(pattern_.has(kDotAll) ? "." : not_line_break);
      case Kind::set:
        return emit_set(term);
      case Kind::start:
        return pattern_.has(kMultiline) ? write(fmt::format("(?<!{})", not_line_break))
                                        : write("^");
      case Kind::end:
        return pattern_.has(kMultiline) ? write(fmt::format("(?!{})", not_line_break))
                                        : write("\\z");
      case Kind::boundary:
        return emit_boundary(!term.negated);
      case Kind::group:
        return emit_enclosed(term.group == 0 ? "(?:" : "(", *term.parts[0]);
      case Kind::look:
        return emit_enclosed(
            fmt::format("(?{}{}", term.behind ? "<" : "", term.negated ? '!' : '='),
            *term.parts[0]);
      case Kind::reference:
        return write(fmt::format("\\g{{{}}}", term.group));
      case Kind::repeat:
        return emit_repeat(term);
    }
  }

  void emit_choice(const Term& term) {
    for (std::size_t i = 0; i < term.parts.size(); ++i) {
      if (i > 0) write("|");
      emit(*term.parts[i]);
    }
  }

  void emit_enclosed(std::string_view open, const Term& body) {
    write(open);
    emit(body);
    write(")");
  }

  void emit_boundary(bool positive) {
    if (!wide_case_) return write(positive ? "\\b" : "\\B");
    // With Unicode tables PCRE2's own \b would count all letters. Case-insensitively, as in V8,
    // long s and the Kelvin sign are word characters here, and the class makes them so.
    write(positive ? "(?:(?<=[A-Za-z0-9_])(?![A-Za-z0-9_])|(?<![A-Za-z0-9_])(?=[A-Za-z0-9_]))"
                   : "(?:(?<=[A-Za-z0-9_])(?=[A-Za-z0-9_])|(?<![A-Za-z0-9_])(?![A-Za-z0-9_]))");
  }

  void emit_repeat(const Term& term) {
    emit(*term.parts[0]);
    if (term.high == Term::unlimited) {
      write(fmt::format("{{{},}}", term.low));
    } else {
      write(fmt::format("{{{},{}}}", term.low, term.high));
    }
    if (!term.greedy) write("?");
  }

  // ---- Classes

  void emit_set(const Term& term) {
    if (term.items.empty()) return write(term.negated ? "." : "(?!)");  // "." is any: DOTALL
    if (term.items.size() == 1 && term.items[0].negated && !term.negated &&
        term.items[0].kind != ClassItem::Kind::property) {
      write("[^");
      emit_ranges(ranges_of(term.items[0].kind));
      return write("]");
    }
    write(term.negated ? "[^" : "[");
    for (const ClassItem& item : term.items) emit_item(item);
    write("]");
  }

  void emit_item(const ClassItem& item) {
    if (item.kind == ClassItem::Kind::range) {
      emit_ranges({&item.range, 1});
    } else if (item.kind == ClassItem::Kind::property) {
      write(fmt::format("\\{}{{{}}}", item.negated ? 'P' : 'p', item.property));
    } else if (!item.negated) {
      emit_ranges(ranges_of(item.kind));
    } else {
      emit_complement(item.kind);
    }
  }

  void emit_ranges(std::span<const CodeRange> ranges) {
    for (const auto& [first, last] : ranges) {
      emit_code(first);
      if (last == first) continue;
      write("-");
      emit_code(last);
    }
  }

  void emit_complement(ClassItem::Kind kind) {
    const auto ranges = ranges_of(kind);
    std::vector<CodeRange> holes(ranges.begin(), ranges.end());
    // Long s and the Kelvin sign are no word characters, but would match s and k.
    if (wide_case_ && kind == ClassItem::Kind::word) {
      holes.push_back({0x17f, 0x17f});
      holes.push_back({0x212a, 0x212a});
    }
    char32_t next = 0;
    for (const auto& [first, last] : holes) {
      if (first > next) emit_gap(next, first - 1);
      next = last + 1;
    }
    emit_gap(next, unicode_ ? CharSet::highest : 0xffff);
  }
  void emit_gap(char32_t first, char32_t last) {
    const CodeRange gap{first, last};
    emit_ranges({&gap, 1});
  }

  const Pattern& pattern_;
  bool unicode_;
  bool wide_case_;
  std::u16string text_;
};

}  // namespace

TranslatedPattern translate(const Pattern& pattern) { return Translator(pattern).run(); }

}  // namespace heaplab::interp::regexp
