// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cctype>
#include <charconv>
#include <optional>
#include <unordered_map>

#include "filter.h"
#include "heaplab/support/format.h"
#include "heaplab/support/text.h"

namespace heaplab::inspector {
namespace {

using Condition = Filter::Condition;

struct Token {
  enum class Kind { end, word, text, regex, symbol };
  Kind kind = Kind::end;
  std::string text{};
  bool ignore_case = false;  ///< of a regex
  std::size_t position = 0;
};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  /// After `~` a slash begins a regular expression; elsewhere too, for nothing else does.
  Token next() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    Token token{.position = at_};
    if (at_ == text_.size()) return token;
    const char c = text_[at_];
    if (c == '"' || c == '\'') return quoted(c);
    if (c == '/') return regex();
    for (const std::string_view symbol :
         {"!=", "!~", "<=", ">=", "==", "&&", "||", "=", "~", "<", ">", "(", ")", "!"}) {
      if (text_.substr(at_).starts_with(symbol)) {
        at_ += symbol.size();
        token.kind = Token::Kind::symbol;
        token.text = symbol;
        return token;
      }
    }
    return word();
  }

 private:
  Token word() {
    Token token{.kind = Token::Kind::word, .position = at_};
    constexpr std::string_view ends = "\"'()=!~<>&|";
    while (at_ < text_.size() && !std::isspace(static_cast<unsigned char>(text_[at_])) &&
           ends.find(text_[at_]) == std::string_view::npos) {
      token.text += text_[at_++];
    }
    if (token.text.empty()) {
      throw FilterError(at_, fmt::format("unexpected {}", printable(text_.substr(at_, 1))));
    }
    return token;
  }

  Token quoted(char quote) {
    Token token{.kind = Token::Kind::text, .position = at_++};
    while (at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      token.text += text_[at_++];
    }
    if (at_ == text_.size()) throw FilterError(token.position, "this text does not end");
    ++at_;
    return token;
  }

  Token regex() {
    Token token{.kind = Token::Kind::regex, .position = at_++};
    while (at_ < text_.size() && text_[at_] != '/') {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        if (text_[at_ + 1] != '/') token.text += '\\';
        ++at_;
      }
      token.text += text_[at_++];
    }
    if (at_ == text_.size())
      throw FilterError(token.position, "this regular expression does not end");
    ++at_;
    if (at_ < text_.size() && text_[at_] == 'i') {
      token.ignore_case = true;
      ++at_;
    }
    return token;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) { advance(); }

  std::unique_ptr<Condition> parse(std::size_t& slots) {
    auto condition = either();
    if (token_.kind != Token::Kind::end) fail("expected and, or, or the end");
    slots = slots_;
    return condition;
  }

 private:
  using Pointer = std::unique_ptr<Condition>;

  [[noreturn]] void fail(const std::string& message) const {
    const std::string found = token_.kind == Token::Kind::end ? "the end" : printable(token_.text);
    throw FilterError(token_.position, fmt::format("{}, found {}", message, found));
  }

  void advance() { token_ = lexer_.next(); }
  bool take(std::initializer_list<std::string_view> spellings) {
    if (token_.kind != Token::Kind::word && token_.kind != Token::Kind::symbol) return false;
    for (const std::string_view spelling : spellings) {
      if (token_.text == spelling) {
        advance();
        return true;
      }
    }
    return false;
  }

  static Pointer join(Condition::Kind kind, Pointer left, Pointer right) {
    auto condition = std::make_unique<Condition>();
    condition->kind = kind;
    condition->left = std::move(left);
    condition->right = std::move(right);
    return condition;
  }

  Pointer either() {
    auto left = both();
    while (take({"or", "||"})) left = join(Condition::Kind::either, std::move(left), both());
    return left;
  }
  Pointer both() {
    auto left = single();
    while (take({"and", "&&"})) left = join(Condition::Kind::both, std::move(left), single());
    return left;
  }
  Pointer single() {
    constexpr int deepest = 200;  // this function is recursive
    if (++depth_ > deepest) fail("this is nested too deeply");
    Pointer result;
    if (take({"not", "!"})) {
      result = join(Condition::Kind::negation, single(), nullptr);
    } else if (take({"("})) {
      result = either();
      if (!take({")"})) fail("expected )");
    } else {
      result = comparison();
    }
    --depth_;
    return result;
  }

  Pointer comparison() {
    auto condition = std::make_unique<Condition>();
    condition->field = field();
    const std::size_t position = token_.position;
    condition->op = comparison_operator();
    if (condition->is_text()) {
      condition->slot = slots_++;
      text_value(*condition);
    } else {
      if (condition->op == Condition::Operator::match ||
          condition->op == Condition::Operator::no_match) {
        throw FilterError(position, "~ compares texts (name, type, class), this is a number");
      }
      number_value(*condition);
    }
    return condition;
  }

  Condition::Field field() {
    using Field = Condition::Field;
    static const std::unordered_map<std::string_view, Field> fields = {
        {"name", Field::name},    {"type", Field::type},         {"class", Field::class_name},
        {"id", Field::id},        {"self", Field::self},         {"size", Field::self},
        {"shallow", Field::self}, {"retained", Field::retained}, {"distance", Field::distance},
        {"edges", Field::edges}};
    const auto found = token_.kind == Token::Kind::word ? fields.find(token_.text) : fields.end();
    if (found == fields.end()) {
      fail("expected name, type, class, id, self, retained, distance or edges");
    }
    advance();
    return found->second;
  }

  Condition::Operator comparison_operator() {
    using Operator = Condition::Operator;
    static const std::unordered_map<std::string_view, Operator> operators = {
        {"=", Operator::equal},     {"==", Operator::equal},  {"!=", Operator::unequal},
        {"<", Operator::less},      {">", Operator::greater}, {"<=", Operator::at_most},
        {">=", Operator::at_least}, {"~", Operator::match},   {"!~", Operator::no_match}};
    const auto found =
        token_.kind == Token::Kind::symbol ? operators.find(token_.text) : operators.end();
    if (found == operators.end()) fail("expected = != ~ !~ < > <= or >=");
    advance();
    return found->second;
  }

  void text_value(Condition& condition) {
    if (token_.kind == Token::Kind::end || token_.kind == Token::Kind::symbol) {
      fail("expected a text");
    }
    const bool matching =
        condition.op == Condition::Operator::match || condition.op == Condition::Operator::no_match;
    if (token_.kind == Token::Kind::regex && !matching) {
      fail("a regular expression goes with ~ or !~");
    }
    if (matching) {
      condition.pattern =
          std::make_unique<Pattern>(token_.text, token_.ignore_case, token_.position);
    }
    condition.text = token_.text;
    advance();
  }

  void number_value(Condition& condition) {
    std::string text = token_.kind == Token::Kind::word ? token_.text : "";
    const bool negative = text.starts_with('-');
    if (negative || (condition.field == Condition::Field::id && text.starts_with('@'))) {
      text.erase(0, 1);
    }
    const auto value = parse_bytes(text);
    constexpr std::uint64_t most = 1ULL << 62;
    if (!value || *value > most) fail("expected a number, as in 100, 64K or 1.5MB");
    const auto number = static_cast<std::int64_t>(*value);
    condition.number = negative ? -number : number;
    advance();
  }

  Lexer lexer_;
  Token token_;
  std::size_t slots_ = 0;
  int depth_ = 0;
};

}  // namespace

std::unique_ptr<Filter::Condition> parse_filter(std::string_view text, std::size_t& slots) {
  return Parser(text).parse(slots);
}

}  // namespace heaplab::inspector
