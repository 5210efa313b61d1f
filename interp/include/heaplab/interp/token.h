// SPDX-License-Identifier: MIT
// Tokens of the language, and the interned names (atoms) they carry.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace heaplab::interp {

struct Variable;

/// Punctuators: X(name, text). Keywords follow in HEAPLAB_KEYWORDS.
#define HEAPLAB_PUNCTUATORS(X)        \
  X(LeftBrace, "{")                   \
  X(RightBrace, "}")                  \
  X(LeftParen, "(")                   \
  X(RightParen, ")")                  \
  X(LeftBracket, "[")                 \
  X(RightBracket, "]")                \
  X(Dot, ".")                         \
  X(Ellipsis, "...")                  \
  X(Semicolon, ";")                   \
  X(Comma, ",")                       \
  X(Question, "?")                    \
  X(QuestionDot, "?.")                \
  X(Colon, ":")                       \
  X(Arrow, "=>")                      \
  X(Assign, "=")                      \
  X(AssignAdd, "+=")                  \
  X(AssignSub, "-=")                  \
  X(AssignMul, "*=")                  \
  X(AssignDiv, "/=")                  \
  X(AssignMod, "%=")                  \
  X(AssignExp, "**=")                 \
  X(AssignShiftLeft, "<<=")           \
  X(AssignShiftRight, ">>=")          \
  X(AssignShiftRightUnsigned, ">>>=") \
  X(AssignBitAnd, "&=")               \
  X(AssignBitOr, "|=")                \
  X(AssignBitXor, "^=")               \
  X(AssignAnd, "&&=")                 \
  X(AssignOr, "||=")                  \
  X(AssignNullish, "?\?=")            \
  X(Nullish, "??")                    \
  X(Or, "||")                         \
  X(And, "&&")                        \
  X(BitOr, "|")                       \
  X(BitXor, "^")                      \
  X(BitAnd, "&")                      \
  X(Equal, "==")                      \
  X(NotEqual, "!=")                   \
  X(StrictEqual, "===")               \
  X(StrictNotEqual, "!==")            \
  X(Less, "<")                        \
  X(Greater, ">")                     \
  X(LessEqual, "<=")                  \
  X(GreaterEqual, ">=")               \
  X(ShiftLeft, "<<")                  \
  X(ShiftRight, ">>")                 \
  X(ShiftRightUnsigned, ">>>")        \
  X(Add, "+")                         \
  X(Sub, "-")                         \
  X(Mul, "*")                         \
  X(Div, "/")                         \
  X(Mod, "%")                         \
  X(Exp, "**")                        \
  X(Not, "!")                         \
  X(BitNot, "~")                      \
  X(Increment, "++")                  \
  X(Decrement, "--")

/// Words that are never identifiers. Contextual ones (let, static, yield, await, async, of, get,
/// set ...) are Identifier tokens whose atom tells.
// The formatter never settles on one way to break these lines.
// clang-format off
#define HEAPLAB_KEYWORDS(X)                                                               \
  X(Break, "break") X(Case, "case") X(Catch, "catch") X(Class, "class")                   \
  X(Const, "const") X(Continue, "continue") X(Debugger, "debugger") X(Default, "default") \
  X(Delete, "delete") X(Do, "do") X(Else, "else") X(Enum, "enum")                         \
  X(Export, "export") X(Extends, "extends") X(False, "false") X(Finally, "finally")       \
  X(For, "for") X(Function, "function") X(If, "if") X(Import, "import")                   \
  X(In, "in") X(InstanceOf, "instanceof") X(New, "new") X(Null, "null")                   \
  X(Return, "return") X(Super, "super") X(Switch, "switch") X(This, "this")               \
  X(Throw, "throw") X(True, "true") X(Try, "try") X(TypeOf, "typeof")                     \
  X(Var, "var") X(Void, "void") X(While, "while") X(With, "with")
// clang-format on

enum class TokenKind : std::uint8_t {
  EndOfInput,
  Identifier,
  PrivateName,  ///< #x; the atom includes the '#'.
  Number,
  BigInt,
  String,
  Template,  ///< One piece: `...` or `...${ or }...${ or }...`.
  RegExp,
#define X(name, text) name,
  HEAPLAB_PUNCTUATORS(X) HEAPLAB_KEYWORDS(X)
#undef X
};

constexpr bool is_keyword(TokenKind kind) {
  return kind >= TokenKind::Break && kind <= TokenKind::With;
}

/// The text of a punctuator or keyword.
std::string_view token_text(TokenKind kind);

/// An interned name: equal names are the same object.
struct AtomEntry {
  std::u16string text;
  TokenKind keyword = TokenKind::Identifier;  ///< The keyword it spells, else Identifier.
  Variable* binding = nullptr;                ///< Scope analysis: the innermost visible variable.
};
using Atom = AtomEntry*;

/// All atoms of one compilation, and the ones the parser asks for by name.
class SourceNames {
 public:
  SourceNames();
  Atom intern(std::u16string_view text);
  Atom intern(std::string_view ascii);

  // Contextual words, interned once.
  Atom let, static_, yield, await, async, of, get, set, eval, arguments, constructor, prototype,
      proto, target, use_strict, implements, interface, package, private_, protected_, public_,
      this_, new_target, active_function, default_, meta, private_constructor, empty;

 private:
  std::unordered_map<std::u16string_view, std::unique_ptr<AtomEntry>> entries_;
};

struct Token {
  TokenKind kind = TokenKind::EndOfInput;
  bool newline_before = false;
  bool escaped = false;        ///< An identifier or keyword written with \u escapes.
  bool legacy_octal = false;   ///< 017, 08, "\07": errors in strict mode.
  bool has_cooked = true;      ///< Template: every escape is valid.
  bool template_tail = false;  ///< Template: ends with ` rather than ${.
  std::uint32_t start = 0;
  std::uint32_t end = 0;
  Atom atom = nullptr;  ///< Identifier, PrivateName, keyword, String: the value.
  double number = 0;    ///< Number.
  Atom raw = nullptr;   ///< Template: raw text. RegExp: flags (atom: pattern).
};

}  // namespace heaplab::interp
