// SPDX-License-Identifier: MIT
#include <unordered_set>

#include "parser_impl.h"

namespace heaplab::interp {

Parser::FunctionState Parser::enter(Function* function, FunctionSyntax syntax) {
  function->syntax = syntax;
  FunctionState state{};
  state.function = function;
  state.outer = state_;
  state.strict = state_ != nullptr && state_->strict;
  state.in_async = function->is_async;
  state.in_generator = function->is_generator;
  state.allow_new_target = true;
  state.allow_return = true;
  if (syntax == FunctionSyntax::Arrow) {
    state.allow_super_call = state_->allow_super_call;
    state.allow_super_property = state_->allow_super_property;
    state.forbid_arguments = state_->forbid_arguments;
    state.in_static_block = false;
  } else if (syntax != FunctionSyntax::Normal) {
    state.allow_super_property = true;
    state.allow_super_call = syntax == FunctionSyntax::DerivedConstructor;
  }
  return state;
}

/// `function` with everything after it. Expressions may be anonymous, declarations not.
Node* Parser::parse_function(bool declaration) {
  const std::uint32_t start = token_.start;
  auto* function = arena_.make<Function>();
  function->start = start;
  if (is_word(atoms_.async)) {
    advance();
    function->is_async = true;
  }
  expect(TokenKind::Function);
  function->is_generator = accept(TokenKind::Mul);
  function->is_expression = !declaration;
  Token name;
  if (is(TokenKind::Identifier)) {
    name = token_;
    // A declaration's name belongs to the scope around it, an expression's to itself.
    if (declaration) {
      check_identifier(name);
    } else if ((name.atom == atoms_.yield && (function->is_generator || state_->strict)) ||
               (name.atom == atoms_.await && (function->is_async || state_->in_static_block))) {
      fail_unexpected();
    } else if (name.atom != atoms_.yield && name.atom != atoms_.await) {
      check_identifier(name);
    }
    advance();
    function->name = name.atom;
    function->name_position = name.start;
  } else if (declaration) {
    if (is(TokenKind::LeftParen)) fail_token("Function statements require a function name");
    fail_unexpected();
  } else {
    function->name_position = start;
  }
  FunctionState state = enter(function, FunctionSyntax::Normal);
  state_ = &state;
  parse_parameters(state);
  parse_function_body(state);
  if (function->name != nullptr) check_binding_name(function->name, name.start, name.end);
  state_ = state.outer;
  function->end = previous_.end;
  return make<FunctionNode>(
      declaration ? NodeKind::FunctionDeclaration : NodeKind::FunctionExpression, start, function);
}

FunctionNode* Parser::parse_function_declaration(StatementContext context) {
  const Token first = token_;
  const bool is_async = first.kind == TokenKind::Identifier;
  if (context != StatementContext::List) {
    if (is_async) {
      fail_token("Async functions can only be declared at the top level or inside a block.");
    }
    if (peek().kind == TokenKind::Mul) {
      fail_token("Generators can only be declared at the top level or inside a block.");
    }
    if (state_->strict || context == StatementContext::Single) {
      fail_token(state_->strict
                     ? "In strict mode code, functions can only be declared at top level or inside "
                       "a block."
                     : "In non-strict mode code, functions can only be declared at top level, "
                       "inside a block, or as the body of an if statement.");
    }
  }
  auto* node = static_cast<FunctionNode*>(parse_function(true));
  if (state_->block_depth > 0 && !state_->strict && !node->function->is_async &&
      !node->function->is_generator) {
    state_->block_functions.push_back(node);
  }
  return node;
}

void Parser::parse_parameters(FunctionState& state) {
  state.in_parameters = true;
  state.function->parameters_start = token_.start;
  expect(TokenKind::LeftParen);
  std::vector<Node*> parameters;
  while (!is(TokenKind::RightParen)) {
    const std::uint32_t start = token_.start;
    if (accept(TokenKind::Ellipsis)) {
      Node* target = parse_binding_target(BindingUse::Parameter);
      parameters.push_back(
          make<UnaryNode>(NodeKind::RestPattern, start, Operator::EndOfInput, target));
      if (is(TokenKind::Assign)) fail_token("Rest parameter may not have a default initializer");
      if (!is(TokenKind::RightParen)) fail_token("Rest parameter must be last formal parameter");
      break;
    }
    parameters.push_back(parse_binding_element(BindingUse::Parameter));
    if (is(TokenKind::RightParen)) break;
    expect(TokenKind::Comma);
  }
  expect(TokenKind::RightParen);
  state.function->parameters = arena_.copy(parameters);
  state.in_parameters = false;
  finish_parameters(state);
}

void Parser::finish_parameters(FunctionState& state) {
  Function& function = *state.function;
  for (const Node* parameter : function.parameters) {
    if (parameter->kind != NodeKind::Identifier) function.simple_parameters = false;
    if (has_expressions(parameter)) function.has_parameter_expressions = true;
  }
  if (function.parameters.size() > 60000) fail_token("Too many parameters in function definition");
}

/// Once the body's directives have decided about strictness.
void Parser::check_parameters(const FunctionState& state) {
  const Function& function = *state.function;
  std::vector<const Identifier*> names;
  for (const Node* parameter : function.parameters) collect_names(parameter, names);
  const bool unique =
      state.strict || !function.simple_parameters || function.syntax != FunctionSyntax::Normal;
  std::unordered_set<Atom> seen;
  for (const Identifier* name : names) {
    check_binding_name(name->name, name->start, name->end);
    if (state.strict && name->start != name->end) {
      Token token;
      token.atom = name->name;
      token.start = name->start;
      token.end = name->end;
      check_identifier(token);
    }
    if (!seen.insert(name->name).second && unique) {
      fail_at("Duplicate parameter name not allowed in this context", name);
    }
  }
}

/// 'use strict' and other string statements that open a body. They are kept as statements.
bool Parser::parse_directives(std::vector<Node*>& statements) {
  bool use_strict = false;
  std::optional<Token> octal;
  while (is(TokenKind::String)) {
    const Token directive = token_;
    if (directive.legacy_octal) octal = directive;
    Node* statement = parse_expression_statement();
    statements.push_back(statement);
    const Node* expression = static_cast<UnaryNode*>(statement)->operand;
    if (expression->kind != NodeKind::String || expression->parenthesized) break;
    if (directive.atom == atoms_.use_strict && !directive.escaped) {
      use_strict = true;
      if (!state_->function->simple_parameters) {
        fail("Illegal 'use strict' directive in function with non-simple parameter list",
             directive.start, directive.end);
      }
      state_->strict = true;
      // The token after it was read under sloppy rules; only reserved words care, and they are
      // checked when they are parsed.
    }
  }
  if (octal && state_->strict) {
    fail("Octal escape sequences are not allowed in strict mode.", octal->start, octal->end);
  }
  return use_strict;
}

void Parser::parse_function_body(FunctionState& state) {
  const NestingLimit::Level level(nesting_);
  check_depth(level);
  Function& function = *state.function;
  function.body_start = token_.start;
  expect(TokenKind::LeftBrace);
  std::vector<Node*> statements;
  parse_directives(statements);
  check_parameters(state);
  const std::vector<Node*> rest = parse_statement_list();
  statements.insert(statements.end(), rest.begin(), rest.end());
  // The closing brace belongs to the function, what follows it to the code around.
  if (!is(TokenKind::RightBrace)) fail_unexpected();
  function.body = arena_.copy(statements);
  function.vars = arena_.copy(state.vars);
  function.block_functions = arena_.copy(state.block_functions);
  function.strict = state.strict;
  advance();
}

Node* Parser::parse_arrow(std::uint32_t start, std::vector<Node*> parameters, bool is_async) {
  if (last_await_or_yield_ && *last_await_or_yield_ >= start) {
    fail("Yield or await expression not allowed in formal parameter", *last_await_or_yield_,
         *last_await_or_yield_ + 5);
  }
  auto* function = arena_.make<Function>();
  function->start = start;
  function->name_position = token_.start;  // V8 places arrows at their =>... and so do we
  function->is_async = is_async;
  FunctionState state = enter(function, FunctionSyntax::Arrow);
  // Until the body, checks happen under the outer function's rules, plus async's own.
  for (Node*& parameter : parameters) {
    if (parameter->kind == NodeKind::Spread) {
      auto* rest = static_cast<UnaryNode*>(parameter);
      rest->operand = reinterpret(rest->operand, true);
      rest->kind = NodeKind::RestPattern;
    } else {
      parameter = reinterpret_element(parameter, true);
    }
  }
  function->parameters = arena_.copy(parameters);
  finish_parameters(state);
  expect(TokenKind::Arrow);
  state_ = &state;
  if (is(TokenKind::LeftBrace)) {
    parse_function_body(state);
  } else {
    check_parameters(state);
    function->body_start = token_.start;
    function->expression_body = parse_assignment();
    function->strict = state.strict;
    function->vars = arena_.copy(state.vars);
  }
  if (is_async) {
    std::vector<const Identifier*> names;
    for (const Node* parameter : parameters) collect_names(parameter, names);
    for (const Identifier* name : names) {
      if (name->name == atoms_.await) fail_at("Unexpected reserved word", name);
    }
  }
  state_ = state.outer;
  function->end = previous_.end;
  return make<FunctionNode>(NodeKind::FunctionExpression, start, function);
}

/// A method from its parameters on. `start`: where its text begins, modifiers included.
Function* Parser::parse_method(FunctionSyntax syntax, bool is_async, bool is_generator,
                               std::uint32_t start) {
  auto* function = arena_.make<Function>();
  function->start = start;
  function->name_position = start;
  function->is_async = is_async;
  function->is_generator = is_generator;
  FunctionState state = enter(function, syntax);
  state_ = &state;
  if (!is(TokenKind::LeftParen)) fail_unexpected();
  parse_parameters(state);
  check_accessor_parameters(*function);
  parse_function_body(state);
  state_ = state.outer;
  function->end = previous_.end;
  return function;
}

void Parser::check_accessor_parameters(const Function& function) {
  if (function.syntax == FunctionSyntax::Getter && !function.parameters.empty()) {
    fail_at("Getter must not have any formal parameters.", function.parameters.front());
  }
  if (function.syntax != FunctionSyntax::Setter) return;
  if (function.parameters.size() != 1) {
    fail_token("Setter must have exactly one formal parameter.");
  }
  if (function.parameters[0]->kind == NodeKind::RestPattern) {
    fail_at("Setter function argument must not be a rest parameter", function.parameters[0]);
  }
}

}  // namespace heaplab::interp
