// SPDX-License-Identifier: MIT
#include "parser_impl.h"

namespace heaplab::interp {

std::vector<Node*> Parser::parse_statement_list() {
  std::vector<Node*> statements;
  while (!is(TokenKind::RightBrace) && !is(TokenKind::EndOfInput) && !is(TokenKind::Case) &&
         !is(TokenKind::Default)) {
    statements.push_back(parse_declaration_or_statement());
  }
  return statements;
}

bool Parser::at_let_declaration() {
  if (!is_word(atoms_.let)) return false;
  const Token after = peek();
  return after.kind == TokenKind::Identifier || after.kind == TokenKind::LeftBracket ||
         after.kind == TokenKind::LeftBrace;
}

Node* Parser::parse_declaration_or_statement() { return parse_statement(StatementContext::List); }

Node* Parser::parse_statement(StatementContext context) {
  const NestingLimit::Level level(nesting_);
  check_depth(level);
  if (is_keyword(token_.kind) && token_.escaped) fail_unexpected();
  const bool list = context == StatementContext::List;
  const auto lexical = [&] {
    if (!list) fail_token("Lexical declaration cannot appear in a single-statement context");
  };
  const std::uint32_t start = token_.start;
  switch (token_.kind) {
    case TokenKind::LeftBrace:
      return parse_block();
    case TokenKind::Semicolon:
      advance();
      return make<Node>(NodeKind::Empty, start);
    case TokenKind::Var:
      return parse_variable_statement();
    case TokenKind::Const:
      if (!list) fail_unexpected();
      return parse_variable_statement();
    case TokenKind::Function:
      return parse_function_declaration(context);
    case TokenKind::Class: {
      if (!list) fail_unexpected();
      Class* definition = parse_class(true);
      return make<ClassNode>(NodeKind::ClassDeclaration, start, definition);
    }
    case TokenKind::If:
      return parse_if();
    case TokenKind::For:
      return parse_for();
    case TokenKind::While:
      return parse_while();
    case TokenKind::Do:
      return parse_do();
    case TokenKind::Continue:
      return parse_jump(NodeKind::Continue);
    case TokenKind::Break:
      return parse_jump(NodeKind::Break);
    case TokenKind::Return:
      return parse_return();
    case TokenKind::Throw:
      return parse_throw();
    case TokenKind::Try:
      return parse_try();
    case TokenKind::Switch:
      return parse_switch();
    case TokenKind::Debugger:
      advance();
      expect_semicolon();
      return make<Node>(NodeKind::Debugger, start);
    case TokenKind::With:
    case TokenKind::Import:
    case TokenKind::Export:
      if (is(TokenKind::Import)) {
        const Token after = peek();
        if (after.kind == TokenKind::LeftParen || after.kind == TokenKind::Dot) {
          return parse_expression_statement();
        }
      }
      fail_unsupported_statement();
    case TokenKind::Identifier: {
      if (at_let_declaration()) {
        lexical();
        return parse_variable_statement();
      }
      if (is_word(atoms_.async)) {
        const Token after = peek();
        if (after.kind == TokenKind::Function && !after.newline_before) {
          return parse_function_declaration(context);
        }
      }
      return parse_labeled(context);
    }
    default:
      return parse_expression_statement();
  }
}

void Parser::fail_unsupported_statement() {
  switch (token_.kind) {
    case TokenKind::With:
      if (state_->strict) fail_token("Strict mode code may not include a with statement");
      unsupported("The with statement is", token_.start, token_.end);
    case TokenKind::Import:
      fail_token("Cannot use import statement outside a module");
    default:
      fail_unexpected();
  }
}

Block* Parser::parse_block() {
  const std::uint32_t start = token_.start;
  expect(TokenKind::LeftBrace);
  ++state_->block_depth;
  const std::vector<Node*> statements = parse_statement_list();
  --state_->block_depth;
  expect(TokenKind::RightBrace);
  return make<Block>(NodeKind::Block, start, arena_.copy(statements));
}

Node* Parser::parse_variable_statement() {
  VariableDeclaration* declaration = parse_variable_declarations(AllowIn::Yes, false);
  expect_semicolon();
  return declaration;
}

VariableDeclaration* Parser::parse_variable_declarations(AllowIn in, bool for_head) {
  const std::uint32_t start = token_.start;
  const DeclarationKind kind = is(TokenKind::Var)     ? DeclarationKind::Var
                               : is(TokenKind::Const) ? DeclarationKind::Const
                                                      : DeclarationKind::Let;
  const BindingUse use = kind == DeclarationKind::Var ? BindingUse::Var : BindingUse::Lexical;
  advance();
  std::vector<Declarator> declarators;
  do {
    Node* target = parse_binding_target(use);
    Node* init = nullptr;
    if (accept(TokenKind::Assign)) {
      program_.assignments.push_back(previous_.start);
      init = parse_assignment(in);
      if (target->kind == NodeKind::Identifier) {
        name_anonymous(init, static_cast<Identifier*>(target)->name);
      }
    } else if (!for_head || !(is(TokenKind::In) || is_word(atoms_.of))) {
      if (target->kind != NodeKind::Identifier) {
        fail_at("Missing initializer in destructuring declaration", target);
      }
      if (kind == DeclarationKind::Const) {
        fail_at("Missing initializer in const declaration", target);
      }
    }
    declarators.push_back({target, init});
  } while (accept(TokenKind::Comma));
  return make<VariableDeclaration>(NodeKind::VariableDeclaration, start, kind,
                                   arena_.copy(declarators));
}

/// The statement under `if`, `else`, a label or a loop.
Node* Parser::parse_embedded_statement() { return parse_statement(StatementContext::Single); }

/// `else if` chains are read in a loop: generated code has long ones.
Node* Parser::parse_if() {
  struct Arm {
    std::uint32_t start;
    Node* test;
    Node* then;
  };
  const auto arm_body = [&]() -> Node* {
    // Sloppy mode allows `if (x) function f() {}`, as if in a block of its own.
    if (!is(TokenKind::Function) || state_->strict) return parse_embedded_statement();
    const std::uint32_t start = token_.start;
    ++state_->block_depth;
    Node* declaration = parse_function_declaration(StatementContext::List);
    --state_->block_depth;
    return make<Block>(NodeKind::Block, start, arena_.copy(std::vector<Node*>{declaration}));
  };
  std::vector<Arm> arms;
  Node* otherwise = nullptr;
  while (true) {
    const std::uint32_t start = token_.start;
    expect(TokenKind::If);
    expect(TokenKind::LeftParen);
    Node* test = parse_expression();
    expect(TokenKind::RightParen);
    Node* then = arm_body();
    arms.push_back({start, test, then});
    if (!accept(TokenKind::Else)) break;
    if (is(TokenKind::If)) continue;
    otherwise = arm_body();
    break;
  }
  for (auto arm = arms.rbegin(); arm != arms.rend(); ++arm) {
    otherwise = make<ConditionalNode>(NodeKind::If, arm->start, arm->test, arm->then, otherwise);
  }
  return otherwise;
}

Node* Parser::parse_loop_body() {
  ++state_->loop_depth;
  Node* body = parse_embedded_statement();
  --state_->loop_depth;
  return body;
}

Node* Parser::parse_while() {
  const std::uint32_t start = token_.start;
  advance();
  expect(TokenKind::LeftParen);
  Node* test = parse_expression();
  expect(TokenKind::RightParen);
  Node* body = parse_loop_body();
  return make<LoopNode>(NodeKind::While, start, test, body);
}

Node* Parser::parse_do() {
  const std::uint32_t start = token_.start;
  advance();
  Node* body = parse_loop_body();
  expect(TokenKind::While);
  expect(TokenKind::LeftParen);
  Node* test = parse_expression();
  expect(TokenKind::RightParen);
  accept(TokenKind::Semicolon);  // optional here even on one line
  return make<LoopNode>(NodeKind::DoWhile, start, test, body);
}

Node* Parser::parse_for() {
  const std::uint32_t start = token_.start;
  advance();
  bool is_await = false;
  if (is_word(atoms_.await)) {
    if (!state_->in_async) fail_token("Unexpected reserved word");
    advance();
    is_await = true;
    last_await_or_yield_ = start;
  }
  expect(TokenKind::LeftParen);
  if (is(TokenKind::Semicolon) && !is_await) return parse_for_rest(start, nullptr);

  const bool declares = is(TokenKind::Var) || is(TokenKind::Const) || at_let_declaration();
  const Token first = token_;
  if (declares) {
    VariableDeclaration* declaration = parse_variable_declarations(AllowIn::No, true);
    const bool of = is_word(atoms_.of);
    if (!of && !is(TokenKind::In)) {
      if (is_await) fail_unexpected();
      return parse_for_rest(start, declaration);
    }
    const char* loop = of ? "for-of" : "for-in";
    if (declaration->declarators.size() != 1) {
      fail_at(
          std::string("Invalid left-hand side in ") + loop + " loop: Must have a single binding.",
          declaration);
    }
    if (declaration->declarators[0].init != nullptr) {
      fail_at(std::string(loop) + " loop variable declaration may not have an initializer.",
              declaration->declarators[0].target);
    }
    return parse_for_each(start, declaration, of, is_await);
  }
  const auto outer = std::exchange(cover_error_, std::nullopt);
  arrow_start_ = token_.start;
  const Token second = first.kind == TokenKind::Identifier ? peek() : first;
  // `for (async of ...)` would read as an arrow function, `for (let of ...)` as a declaration.
  if (!is_await && is_word(atoms_.async) && second.kind == TokenKind::Identifier &&
      second.atom == atoms_.of) {
    fail_token("The left-hand side of a for-of loop may not be 'async'.");
  }
  const std::uint32_t expression_start = token_.start;
  Node* init = parse_maybe_pattern(AllowIn::No);
  if (is_word(atoms_.of) || is(TokenKind::In)) {
    const bool of = !is(TokenKind::In);
    if (!init->parenthesized && (init->kind == NodeKind::Array || init->kind == NodeKind::Object)) {
      init = reinterpret(init, false);
      cover_error_.reset();
    } else {
      check_no_cover_error();
      check_simple_target(init, "Invalid left-hand side in for-loop");
    }
    cover_error_ = outer;
    if (of && first.atom == atoms_.let && first.kind == TokenKind::Identifier && !first.escaped) {
      fail("The left-hand side of a for-of loop may not be 'let'.", first.start, first.end);
    }
    program_.assignments.push_back(expression_start);
    return parse_for_each(start, init, of, is_await);
  }
  check_no_cover_error();
  cover_error_ = outer;
  if (is_await) fail_unexpected();
  if (is(TokenKind::Comma)) {
    std::vector<Node*> items{init};
    while (accept(TokenKind::Comma)) items.push_back(parse_assignment(AllowIn::No));
    init = make<ListNode>(NodeKind::Sequence, expression_start, arena_.copy(items));
  }
  return parse_for_rest(start, init);
}

Node* Parser::parse_for_each(std::uint32_t start, Node* target, bool of, bool is_await) {
  if (is_await && !of) fail_unexpected();
  advance();
  Node* iterable = of ? parse_assignment() : parse_expression();
  expect(TokenKind::RightParen);
  Node* body = parse_loop_body();
  return make<ForEachNode>(of ? NodeKind::ForOf : NodeKind::ForIn, start, target, iterable, body,
                           is_await);
}

Node* Parser::parse_for_rest(std::uint32_t start, Node* init) {
  expect(TokenKind::Semicolon);
  Node* test = is(TokenKind::Semicolon) ? nullptr : parse_expression();
  expect(TokenKind::Semicolon);
  Node* update = is(TokenKind::RightParen) ? nullptr : parse_expression();
  expect(TokenKind::RightParen);
  Node* body = parse_loop_body();
  return make<ForNode>(NodeKind::For, start, init, test, update, body);
}

Node* Parser::parse_switch() {
  const std::uint32_t start = token_.start;
  advance();
  expect(TokenKind::LeftParen);
  Node* value = parse_expression();
  expect(TokenKind::RightParen);
  expect(TokenKind::LeftBrace);
  ++state_->switch_depth;
  ++state_->block_depth;
  std::vector<SwitchCase> cases;
  bool has_default = false;
  while (!is(TokenKind::RightBrace)) {
    Node* test = nullptr;
    if (is(TokenKind::Default)) {
      if (has_default) fail_token("More than one default clause in switch statement");
      has_default = true;
      advance();
    } else {
      expect(TokenKind::Case);
      test = parse_expression();
    }
    expect(TokenKind::Colon);
    cases.push_back({test, arena_.copy(parse_statement_list())});
  }
  --state_->switch_depth;
  --state_->block_depth;
  advance();
  return make<SwitchNode>(NodeKind::Switch, start, value, arena_.copy(cases));
}

Node* Parser::parse_try() {
  const std::uint32_t start = token_.start;
  advance();
  Block* block = parse_block();
  Node* parameter = nullptr;
  Block* handler = nullptr;
  Block* finalizer = nullptr;
  if (accept(TokenKind::Catch)) {
    if (accept(TokenKind::LeftParen)) {
      parameter = parse_binding_target(BindingUse::Parameter);
      expect(TokenKind::RightParen);
    }
    handler = parse_block();
  }
  if (accept(TokenKind::Finally)) finalizer = parse_block();
  if (handler == nullptr && finalizer == nullptr) {
    fail("Missing catch or finally after try", previous_.start, previous_.end);
  }
  return make<TryNode>(NodeKind::Try, start, block, parameter, handler, finalizer);
}

Node* Parser::parse_return() {
  const std::uint32_t start = token_.start;
  if (!state_->allow_return) fail_token("Illegal return statement");
  advance();
  Node* value = at_statement_end() ? nullptr : parse_expression();
  expect_semicolon();
  return make<UnaryNode>(NodeKind::Return, start, Operator::EndOfInput, value);
}

Node* Parser::parse_throw() {
  const std::uint32_t start = token_.start;
  advance();
  if (token_.newline_before) fail_token("Illegal newline after throw");
  Node* value = parse_expression();
  expect_semicolon();
  return make<UnaryNode>(NodeKind::Throw, start, Operator::EndOfInput, value);
}

Node* Parser::parse_jump(NodeKind kind) {
  const Token keyword = token_;
  const bool is_break = kind == NodeKind::Break;
  advance();
  Atom label = nullptr;
  if (is(TokenKind::Identifier) && !token_.newline_before) {
    check_identifier(token_);
    label = token_.atom;
    const Label* found = nullptr;
    for (const Label& candidate : state_->labels) {
      if (candidate.name == label) found = &candidate;
    }
    const std::string name = utf16_to_utf8(label->text);
    if (found == nullptr) fail_token("Undefined label '" + name + "'");
    if (!is_break && found->kind != LabelKind::Loop) {
      fail_token("Illegal continue statement: '" + name +
                 "' does not denote an iteration statement");
    }
    advance();
  } else if (is_break && state_->loop_depth + state_->switch_depth == 0) {
    fail("Illegal break statement", keyword.start, keyword.end);
  } else if (!is_break && state_->loop_depth == 0) {
    fail("Illegal continue statement: no surrounding iteration statement", keyword.start,
         keyword.end);
  }
  expect_semicolon();
  return make<JumpNode>(kind, keyword.start, label);
}

/// An expression statement, or a label if a colon follows the name.
Node* Parser::parse_labeled(StatementContext context) {
  const Token name = token_;
  const Token after = peek();
  if (after.kind != TokenKind::Colon) return parse_expression_statement();
  check_identifier(name);
  for (const Label& label : state_->labels) {
    if (label.name == name.atom) {
      fail_token("Label '" + utf16_to_utf8(name.atom->text) + "' has already been declared");
    }
  }
  advance();
  advance();
  // Which statement the label names decides whether `continue label` is legal.
  Token ahead = token_;
  const bool loop =
      ahead.kind == TokenKind::For || ahead.kind == TokenKind::While || ahead.kind == TokenKind::Do;
  const bool label_follows = ahead.kind == TokenKind::Identifier && peek().kind == TokenKind::Colon;
  state_->labels.push_back({name.atom, loop ? LabelKind::Loop : LabelKind::Block});
  const std::size_t index = state_->labels.size() - 1;
  if (label_follows) state_->labels[index].kind = LabelKind::Loop;  // decided by the inner label
  Node* body = parse_statement(context == StatementContext::Single ? StatementContext::Single
                                                                   : StatementContext::Labeled);
  state_->labels.resize(index);
  return make<LabeledNode>(NodeKind::Labeled, name.start, name.atom, body);
}

Node* Parser::parse_expression_statement() {
  const std::uint32_t start = token_.start;
  Node* expression = parse_expression();
  expect_semicolon();
  return make<UnaryNode>(NodeKind::ExpressionStatement, start, Operator::EndOfInput, expression);
}

}  // namespace heaplab::interp
