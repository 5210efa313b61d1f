// SPDX-License-Identifier: MIT
// Literals, names, parentheses, and the beginnings of arrow functions.
#include "parser_impl.h"
#include "regexp/pattern.h"

namespace heaplab::interp {

Node* Parser::parse_primary() {
  const NestingLimit::Level level(nesting_);
  check_depth(level);
  const std::uint32_t start = token_.start;
  if (is_keyword(token_.kind) && token_.escaped) fail_unexpected();
  switch (token_.kind) {
    case TokenKind::Identifier:
      return parse_identifier_expression();
    case TokenKind::Number: {
      if (token_.legacy_octal && state_->strict) {
        fail_token(token_.number == 0 ||
                           source_->text(token_.start, token_.end).find_first_of(u"89") ==
                               std::u16string_view::npos
                       ? "Octal literals are not allowed in strict mode."
                       : "Decimals with leading zeros are not allowed in strict mode.");
      }
      const double value = token_.number;
      advance();
      return make<NumberNode>(NodeKind::Number, start, value);
    }
    case TokenKind::String: {
      if (token_.legacy_octal && state_->strict) {
        fail_token("Octal escape sequences are not allowed in strict mode.");
      }
      const Atom value = token_.atom;
      advance();
      return make<StringNode>(NodeKind::String, start, value);
    }
    case TokenKind::Template:
      return parse_template();
    case TokenKind::LeftParen:
      return parse_parenthesized();
    case TokenKind::LeftBracket:
      return parse_array();
    case TokenKind::LeftBrace:
      return parse_object();
    case TokenKind::Function:
      return parse_function(false);
    case TokenKind::Class: {
      Class* definition = parse_class(false);
      return make<ClassNode>(NodeKind::ClassExpression, start, definition);
    }
    case TokenKind::Div:
    case TokenKind::AssignDiv:
      return parse_regexp();
    case TokenKind::This:
      advance();
      return make<Identifier>(NodeKind::This, start, atoms_.this_);
    case TokenKind::Null:
      advance();
      return make<Node>(NodeKind::Null, start);
    case TokenKind::True:
      advance();
      return make<Node>(NodeKind::True, start);
    case TokenKind::False:
      advance();
      return make<Node>(NodeKind::False, start);
    case TokenKind::Import:
      return parse_import();
    default:
      fail_unexpected();
  }
}

Identifier* Parser::make_identifier(const Token& token) {
  return arena_.make<Identifier>(Node{NodeKind::Identifier, false, token.start, token.end},
                                 token.atom);
}

Node* Parser::string_node(Atom value, std::uint32_t start, std::uint32_t end) {
  return arena_.make<StringNode>(Node{NodeKind::String, false, start, end}, value);
}

Node* Parser::parse_import() {
  const Token import = token_;
  const Token after = peek();
  if (after.kind == TokenKind::LeftParen) {
    unsupported("Dynamic import() is", import.start, import.end);
  }
  if (after.kind == TokenKind::Dot) fail_token("Cannot use 'import.meta' outside a module");
  fail_token("Cannot use import statement outside a module");
}

Node* Parser::parse_identifier_expression() {
  const Token name = token_;
  const bool arrow_allowed = name.start == arrow_start_;
  if (name.atom == atoms_.async && !name.escaped) {
    const Token after = peek();
    const bool function = after.kind == TokenKind::Function;
    const bool arrow = arrow_allowed &&
                       (after.kind == TokenKind::Identifier || after.kind == TokenKind::LeftParen);
    if (!after.newline_before && (function || arrow)) return parse_async_expression();
  }
  advance();
  check_identifier(name);
  if (is(TokenKind::Arrow) && !token_.newline_before && arrow_allowed) {
    return parse_arrow(name.start, {make_identifier(name)}, false);
  }
  return make_identifier(name);
}

/// \pre at `async`, followed on the same line by `function`, a name or a parenthesis.
Node* Parser::parse_async_expression() {
  const Token async = token_;
  const Token after = peek();
  if (after.kind == TokenKind::Function) return parse_function(false);
  advance();
  if (after.kind == TokenKind::Identifier) {
    if (after.atom == atoms_.await) fail_unexpected();
    advance();
    if (!is(TokenKind::Arrow) || token_.newline_before) fail_unexpected(after);
    check_identifier(after);
    return parse_arrow(async.start, {make_identifier(after)}, true);
  }
  // async (a, b): a call, unless an arrow follows.
  const auto outer = std::exchange(cover_error_, std::nullopt);
  advance();
  std::vector<Node*> items;
  while (!is(TokenKind::RightParen)) {
    const std::uint32_t start = token_.start;
    if (accept(TokenKind::Ellipsis)) {
      Node* operand = parse_maybe_pattern();
      items.push_back(make<UnaryNode>(NodeKind::Spread, start, Operator::EndOfInput, operand));
      // A rest parameter takes no comma after it; a spread argument does.
      if (is(TokenKind::Comma)) items.back()->parenthesized = true;
    } else {
      items.push_back(parse_maybe_pattern());
    }
    if (is(TokenKind::RightParen)) break;
    if (!accept(TokenKind::Comma)) {
      fail("missing ) after argument list", previous_.start, previous_.end);
    }
  }
  expect(TokenKind::RightParen);
  if (is(TokenKind::Arrow) && !token_.newline_before) {
    cover_error_ = outer;
    for (const Node* item : items) {
      if (item->kind == NodeKind::Spread && item->parenthesized) {
        fail_at("Rest parameter must be last formal parameter", item);
      }
    }
    return parse_arrow(async.start, std::move(items), true);
  }
  check_no_cover_error();
  cover_error_ = outer;
  for (Node* item : items) {
    if (item->kind == NodeKind::Spread) item->parenthesized = false;
  }
  auto* call =
      make<CallNode>(NodeKind::Call, async.start, static_cast<Node*>(make_identifier(async)),
                     arena_.copy(items), false);
  call->position = async.start;
  return call;
}

Node* Parser::parse_parenthesized() {
  const std::uint32_t start = token_.start;
  const bool arrow_allowed = start == arrow_start_;
  const auto outer = std::exchange(cover_error_, std::nullopt);
  advance();
  std::vector<Node*> items;
  bool only_parameters = is(TokenKind::RightParen);  // (), (...rest), (a,): must be an arrow
  while (!is(TokenKind::RightParen)) {
    const std::uint32_t item = token_.start;
    if (accept(TokenKind::Ellipsis)) {
      only_parameters = true;
      Node* target = parse_binding_target(BindingUse::Parameter);
      items.push_back(make<UnaryNode>(NodeKind::Spread, item, Operator::EndOfInput, target));
      if (is(TokenKind::Assign)) fail_token("Rest parameter may not have a default initializer");
      if (!is(TokenKind::RightParen)) fail_token("Rest parameter must be last formal parameter");
      break;
    }
    items.push_back(parse_maybe_pattern());
    if (!is(TokenKind::Comma)) break;
    advance();
    only_parameters = is(TokenKind::RightParen);
  }
  const Token close = token_;
  expect(TokenKind::RightParen);
  if (is(TokenKind::Arrow) && !token_.newline_before && arrow_allowed) {
    cover_error_ = outer;
    return parse_arrow(start, std::move(items), false);
  }
  if (only_parameters) {
    if (is(TokenKind::Arrow)) fail_unexpected();
    fail_unexpected(close);
  }
  if (is(TokenKind::Arrow) && !token_.newline_before) {
    fail("Malformed arrow function parameter list", start, close.end);
  }
  check_no_cover_error();
  cover_error_ = outer;
  Node* inner = items.front();
  if (items.size() > 1) {
    inner = make<ListNode>(NodeKind::Sequence, items.front()->start, arena_.copy(items));
  }
  inner->parenthesized = true;
  return inner;
}

Node* Parser::parse_array() {
  const std::uint32_t start = token_.start;
  advance();
  std::vector<Node*> items;
  bool trailing_comma = false;
  while (!is(TokenKind::RightBracket)) {
    const std::uint32_t item = token_.start;
    if (accept(TokenKind::Comma)) {
      items.push_back(nullptr);
      continue;
    }
    if (accept(TokenKind::Ellipsis)) {
      Node* operand = parse_maybe_pattern();
      items.push_back(make<UnaryNode>(NodeKind::Spread, item, Operator::EndOfInput, operand));
      trailing_comma = is(TokenKind::Comma);
    } else {
      items.push_back(parse_maybe_pattern());
    }
    if (!is(TokenKind::RightBracket)) expect(TokenKind::Comma);
  }
  advance();
  return make<ListNode>(NodeKind::Array, start, arena_.copy(items), trailing_comma);
}

Node* Parser::parse_object() {
  const std::uint32_t start = token_.start;
  advance();
  std::vector<Node*> items;
  bool has_proto = false;
  bool trailing_comma = false;
  while (!is(TokenKind::RightBrace)) {
    items.push_back(parse_property(has_proto));
    trailing_comma = is(TokenKind::Comma);
    if (!is(TokenKind::RightBrace)) expect(TokenKind::Comma);
  }
  advance();
  return make<ListNode>(NodeKind::Object, start, arena_.copy(items), trailing_comma);
}

/// Reads a property name of any form. \post computed: the key is an expression.
Node* Parser::parse_property_key(bool& computed) {
  const Token key = token_;
  computed = false;
  switch (key.kind) {
    case TokenKind::String:
    case TokenKind::Number:
      return parse_primary();
    case TokenKind::BigInt:
      fail_unexpected();
    case TokenKind::LeftBracket: {
      advance();
      Node* expression = parse_assignment();
      expect(TokenKind::RightBracket);
      computed = true;
      return expression;
    }
    default:
      if (key.kind != TokenKind::Identifier && !is_keyword(key.kind)) fail_unexpected();
      advance();
      return string_node(key.atom, key.start, key.end);
  }
}

Node* Parser::parse_property(bool& has_proto) {
  const std::uint32_t start = token_.start;
  if (accept(TokenKind::Ellipsis)) {
    Node* operand = parse_maybe_pattern();
    return make<UnaryNode>(NodeKind::Spread, start, Operator::EndOfInput, operand);
  }
  const auto finish = [&](PropertyKind kind, bool computed, Node* key, Node* value) -> Node* {
    return make<Property>(NodeKind::Property, start, kind, computed, key, value);
  };
  const auto method = [&](PropertyKind kind, FunctionSyntax syntax, bool computed, Node* key,
                          bool is_async, bool is_generator) {
    Function* function = parse_method(syntax, is_async, is_generator, start);
    if (!computed && key->kind == NodeKind::String) {
      function->inferred_name = static_cast<StringNode*>(key)->value;
    }
    Node* value = make<FunctionNode>(NodeKind::FunctionExpression, start, function);
    return finish(kind, computed, key, value);
  };
  const Token first = token_;
  bool computed = false;
  // get / set / async / * are modifiers only if a property name follows.
  bool is_async = false;
  PropertyKind accessor = PropertyKind::Value;
  if (first.kind == TokenKind::Identifier && !first.escaped &&
      (first.atom == atoms_.get || first.atom == atoms_.set || first.atom == atoms_.async)) {
    const Token after = peek();
    const bool name_follows = after.kind == TokenKind::Identifier || is_keyword(after.kind) ||
                              after.kind == TokenKind::String || after.kind == TokenKind::Number ||
                              after.kind == TokenKind::LeftBracket ||
                              (after.kind == TokenKind::Mul && first.atom == atoms_.async);
    if (name_follows && !(first.atom == atoms_.async && after.newline_before)) {
      advance();
      is_async = first.atom == atoms_.async;
      if (first.atom == atoms_.get) accessor = PropertyKind::Getter;
      if (first.atom == atoms_.set) accessor = PropertyKind::Setter;
    }
  }
  const bool is_generator = accept(TokenKind::Mul);
  const Token name = token_;
  Node* key = parse_property_key(computed);
  if (accessor == PropertyKind::Getter) {
    return method(accessor, FunctionSyntax::Getter, computed, key, false, false);
  }
  if (accessor == PropertyKind::Setter) {
    return method(accessor, FunctionSyntax::Setter, computed, key, false, false);
  }
  if (is(TokenKind::LeftParen)) {
    return method(PropertyKind::Method, FunctionSyntax::Method, computed, key, is_async,
                  is_generator);
  }
  if (is_async || is_generator) fail_unexpected();
  if (accept(TokenKind::Colon)) {
    const bool proto = !computed && key->kind == NodeKind::String &&
                       static_cast<StringNode*>(key)->value == atoms_.proto;
    Node* value = parse_maybe_pattern();
    if (proto) {
      // Twice is an error, unless all this becomes a pattern.
      if (has_proto && !cover_error_) {
        cover_error_ = {start, "Duplicate __proto__ fields are not allowed in object literals"};
      }
      has_proto = true;
      return finish(PropertyKind::Prototype, false, key, value);
    }
    if (!computed && key->kind == NodeKind::String) {
      name_anonymous(value, static_cast<StringNode*>(key)->value);
    }
    return finish(PropertyKind::Value, computed, key, value);
  }
  if (name.kind != TokenKind::Identifier) fail_unexpected(is_keyword(name.kind) ? name : token_);
  check_identifier(name);
  Node* value = make_identifier(name);
  if (is(TokenKind::Assign)) {
    if (!cover_error_) cover_error_ = {start, "Invalid shorthand property initializer"};
    const std::uint32_t op_position = token_.start;
    advance();
    program_.assignments.push_back(op_position);
    Node* init = parse_assignment();
    name_anonymous(init, name.atom);
    value = make<BinaryNode>(NodeKind::Assign, start, Operator::Assign, op_position, value, init);
  }
  return finish(PropertyKind::Shorthand, false, key, value);
}

Node* Parser::parse_template() { return parse_template_literal(false); }

TemplateNode* Parser::parse_template_literal(bool tagged) {
  const std::uint32_t start = token_.start;
  std::vector<TemplatePart> parts;
  std::vector<Node*> expressions;
  while (true) {
    if (!token_.has_cooked && !tagged) {
      fail_token("Invalid escape sequence in template");
    }
    parts.push_back({token_.has_cooked ? token_.atom : nullptr, token_.raw});
    const bool tail = token_.template_tail;
    advance();
    if (tail) break;
    expressions.push_back(parse_expression());
    if (!is(TokenKind::RightBrace)) fail_token("Missing } in template expression");
    token_ = lexer_.rescan_template(token_);
  }
  return make<TemplateNode>(NodeKind::Template, start, arena_.copy(parts),
                            arena_.copy(expressions));
}

void Parser::check_regexp(const Token& token) {
  const std::u16string& pattern = token.atom->text;
  const std::uint32_t flags = regexp::parse_flags(token.raw->text).value_or(0);
  try {
    regexp::parse_pattern(pattern, flags);
  } catch (const regexp::PatternError& error) {
    fail(regexp::invalid_pattern_message(pattern, flags, error.message), token.start, token.end);
  }
}

Node* Parser::parse_regexp() {
  token_ = lexer_.rescan_regexp(token_);
  const Token token = token_;
  check_regexp(token);
  advance();
  return make<RegExpNode>(NodeKind::RegExp, token.start, token.atom, token.raw);
}

}  // namespace heaplab::interp
