// SPDX-License-Identifier: MIT
#include "heaplab/interp/parser.h"

#include <algorithm>

#include "parser_impl.h"

namespace heaplab::interp {

void* Arena::allocate(std::size_t size, std::size_t alignment) {
  const auto misaligned = reinterpret_cast<std::uintptr_t>(cursor_) & (alignment - 1);
  const std::size_t padding = misaligned == 0 ? 0 : alignment - misaligned;
  if (cursor_ == nullptr || static_cast<std::size_t>(limit_ - cursor_) < size + padding) {
    const std::size_t block = std::max(kBlockSize, size);
    blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(block));
    cursor_ = blocks_.back().get();
    limit_ = cursor_ + block;
    return std::exchange(cursor_, cursor_ + size);
  }
  std::byte* result = cursor_ + padding;
  cursor_ = result + size;
  return result;
}

bool Program::has_assignment(std::uint32_t start, std::uint32_t end) const {
  const auto first = std::lower_bound(assignments.begin(), assignments.end(), start);
  return first != assignments.end() && *first < end;
}

bool is_bare_arrow(const Node* node) {
  return node->kind == NodeKind::FunctionExpression && !node->parenthesized &&
         static_cast<const FunctionNode*>(node)->function->syntax == FunctionSyntax::Arrow;
}

void parse_function_body(const std::shared_ptr<const Source>& source,
                         std::span<const std::u16string> parameters, Program& program) {
  Parser(source, program).parse(parameters);
  std::sort(program.assignments.begin(), program.assignments.end());
}

namespace {

std::string unexpected_message(const Token& token) {
  switch (token.kind) {
    case TokenKind::EndOfInput:
      return "Unexpected end of input";
    case TokenKind::Number:
      return "Unexpected number";
    case TokenKind::String:
      return "Unexpected string";
    case TokenKind::Template:
      return "Unexpected template string";
    case TokenKind::Enum:
      return "Unexpected reserved word";
    case TokenKind::Identifier:
    case TokenKind::PrivateName:
      return "Unexpected identifier '" + utf16_to_utf8(token.atom->text) + "'";
    default:
      if (token.escaped) return "Keyword must not contain escaped characters";
      return "Unexpected token '" + std::string(token_text(token.kind)) + "'";
  }
}

}  // namespace

Parser::Parser(std::shared_ptr<const Source> source, Program& program)
    : source_(std::move(source)),
      program_(program),
      arena_(program.arena),
      atoms_(program.atoms),
      lexer_(source_, program.atoms) {}

void Parser::parse(std::span<const std::u16string> parameters) {
  auto* function = arena_.make<Function>();
  function->end = static_cast<std::uint32_t>(source_->text().size());
  FunctionState state = enter(function, FunctionSyntax::Normal);
  state_ = &state;
  std::vector<Node*> names;
  for (const std::u16string& name : parameters) {
    names.push_back(arena_.make<Identifier>(Node{NodeKind::Identifier}, atoms_.intern(name)));
  }
  function->parameters = arena_.copy(names);
  advance();
  std::vector<Node*> body;
  parse_directives(body);
  const std::vector<Node*> rest = parse_statement_list();
  if (!is(TokenKind::EndOfInput)) fail_unexpected();
  body.insert(body.end(), rest.begin(), rest.end());
  function->body = arena_.copy(body);
  function->strict = state.strict;
  function->vars = arena_.copy(state.vars);
  function->block_functions = arena_.copy(state.block_functions);
  program_.function = function;
}

void Parser::advance() {
  previous_ = token_;
  token_ = lexer_.next();
}

Token Parser::peek() {
  const Token ahead = lexer_.next();
  lexer_.rewind(token_);
  return ahead;
}

bool Parser::accept(TokenKind kind) {
  if (!is(kind)) return false;
  advance();
  return true;
}

void Parser::expect(TokenKind kind) {
  if (!accept(kind)) fail_unexpected();
}

bool Parser::at_statement_end() const {
  return is(TokenKind::Semicolon) || is(TokenKind::RightBrace) || is(TokenKind::EndOfInput) ||
         token_.newline_before;
}

void Parser::expect_semicolon() {
  if (accept(TokenKind::Semicolon) || at_statement_end()) return;
  if (previous_.kind == TokenKind::Identifier && previous_.atom == atoms_.await) {
    fail("await is only valid in async functions and the top level bodies of modules",
         previous_.start, previous_.end);
  }
  fail_unexpected();
}

void Parser::fail(const std::string& message, std::uint32_t start, std::uint32_t end) const {
  lexer_.fail(message, start, end);
}

void Parser::fail_at(const std::string& message, const Node* node) const {
  fail(message, node->start, node->end);
}

void Parser::fail_token(const std::string& message) const {
  fail(message, token_.start, token_.end);
}

void Parser::unsupported(const std::string& construct, std::uint32_t start,
                         std::uint32_t end) const {
  const LineColumn at = source_->line_column(start);
  fail(construct + " not supported by heaplab run (" + source_->name() + ":" +
           std::to_string(at.line) + ":" + std::to_string(at.column) + ")",
       start, end);
}

void Parser::fail_unexpected(const Token& token) const {
  if (token.kind == TokenKind::BigInt) {
    unsupported("BigInt literals are", token.start, token.end);
  }
  fail(unexpected_message(token), token.start, token.end);
}

void Parser::check_depth(const NestingLimit::Level& level) const {
  if (!level.ok()) fail_token(kNestedTooDeeply);
}

Node Parser::node(NodeKind kind, std::uint32_t start) const {
  return Node{kind, false, start, previous_.end};
}

}  // namespace heaplab::interp
