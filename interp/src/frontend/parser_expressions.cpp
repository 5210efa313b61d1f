// SPDX-License-Identifier: MIT
// Operators, assignments, calls and member access.
#include "parser_impl.h"

namespace heaplab::interp {
namespace {

constexpr int kNullishPrecedence = 1;
constexpr int kExponentPrecedence = 12;

int binary_precedence(TokenKind kind) {
  using enum TokenKind;
  switch (kind) {
    case Nullish:
      return kNullishPrecedence;
    case Or:
      return 2;
    case And:
      return 3;
    case BitOr:
      return 4;
    case BitXor:
      return 5;
    case BitAnd:
      return 6;
    case Equal:
    case NotEqual:
    case StrictEqual:
    case StrictNotEqual:
      return 7;
    case Less:
    case Greater:
    case LessEqual:
    case GreaterEqual:
    case InstanceOf:
    case In:
      return 8;
    case ShiftLeft:
    case ShiftRight:
    case ShiftRightUnsigned:
      return 9;
    case Add:
    case Sub:
      return 10;
    case Mul:
    case Div:
    case Mod:
      return 11;
    case Exp:
      return kExponentPrecedence;
    default:
      return 0;
  }
}

bool is_assignment_operator(TokenKind kind) {
  return kind >= TokenKind::Assign && kind <= TokenKind::AssignNullish;
}

bool is_logical_operator(TokenKind kind) {
  return kind == TokenKind::Or || kind == TokenKind::And || kind == TokenKind::Nullish;
}

bool is_logical(const Node* node, bool nullish) {
  if (node->kind != NodeKind::Logical || node->parenthesized) return false;
  return (static_cast<const BinaryNode*>(node)->op == Operator::Nullish) == nullish;
}

bool is_member(const Node* node) {
  switch (node->kind) {
    case NodeKind::Member:
    case NodeKind::Index:
    case NodeKind::PrivateMember:
    case NodeKind::SuperMember:
    case NodeKind::SuperIndex:
      return true;
    default:
      return false;
  }
}

}  // namespace

Node* Parser::parse_expression(AllowIn in) {
  const std::uint32_t start = token_.start;
  Node* first = parse_assignment(in);
  if (!is(TokenKind::Comma)) return first;
  std::vector<Node*> items{first};
  while (accept(TokenKind::Comma)) items.push_back(parse_assignment(in));
  return make<ListNode>(NodeKind::Sequence, start, arena_.copy(items));
}

Node* Parser::parse_assignment(AllowIn in) {
  const auto outer = std::exchange(cover_error_, std::nullopt);
  Node* result = parse_maybe_pattern(in);
  check_no_cover_error();
  cover_error_ = outer;
  return result;
}

void Parser::check_no_cover_error() {
  if (cover_error_) fail(cover_error_->message, cover_error_->start, cover_error_->start + 1);
}

/// An AssignmentExpression that may still become a pattern: leaves `cover_error_` to the caller.
Node* Parser::parse_maybe_pattern(AllowIn in) {
  const NestingLimit::Level level(nesting_);
  check_depth(level);
  if (is_word(atoms_.yield) && state_->in_generator) return parse_yield(in);
  const auto outer = std::exchange(cover_error_, std::nullopt);
  arrow_start_ = token_.start;
  Node* left = parse_conditional(in);
  Node* result = is_bare_arrow(left) ? left : parse_assignment_tail(left, in);
  if (outer) cover_error_ = outer;
  return result;
}

Node* Parser::parse_assignment_tail(Node* left, AllowIn in) {
  if (!is_assignment_operator(token_.kind)) return left;
  const TokenKind op = token_.kind;
  const std::uint32_t op_position = token_.start;
  if (op == TokenKind::Assign && !left->parenthesized &&
      (left->kind == NodeKind::Array || left->kind == NodeKind::Object)) {
    left = reinterpret(left, false);
    cover_error_.reset();
  } else {
    check_simple_target(left, "Invalid left-hand side in assignment");
  }
  advance();
  program_.assignments.push_back(op_position);
  Node* right = parse_assignment(in);
  if (left->kind == NodeKind::Identifier && !left->parenthesized &&
      (op == TokenKind::Assign || op == TokenKind::AssignAnd || op == TokenKind::AssignOr ||
       op == TokenKind::AssignNullish)) {
    name_anonymous(right, static_cast<Identifier*>(left)->name);
  }
  return make<BinaryNode>(NodeKind::Assign, left->start, op, op_position, left, right);
}

void Parser::check_simple_target(Node* target, const char* message) {
  if (target->kind == NodeKind::Identifier) {
    check_binding_name(static_cast<Identifier*>(target)->name, target->start, target->end);
  } else if (!is_member(target)) {
    fail_at(message, target);
  }
}

/// Chains `a ? b : c ? d : e ...` are read in a loop: generated code has long ones.
Node* Parser::parse_conditional(AllowIn in) {
  struct Arm {
    std::uint32_t start;
    Node* test;
    Node* then;
  };
  std::vector<Arm> arms;
  Node* last = nullptr;
  while (true) {
    const std::uint32_t start = token_.start;
    last = parse_binary(kNullishPrecedence, in);
    if (!is(TokenKind::Question) || is_bare_arrow(last)) break;
    check_no_cover_error();
    advance();
    Node* then = parse_assignment();
    expect(TokenKind::Colon);
    arms.push_back({start, last, then});
    // What follows the colon is an AssignmentExpression: let arrows, yield and = have it.
    if (is_word(atoms_.yield) && state_->in_generator) {
      last = parse_yield(in);
      break;
    }
    arrow_start_ = token_.start;
  }
  if (arms.empty()) return last;
  if (!is_bare_arrow(last)) last = parse_assignment_tail(last, in);
  for (auto arm = arms.rbegin(); arm != arms.rend(); ++arm) {
    last = make<ConditionalNode>(NodeKind::Conditional, arm->start, arm->test, arm->then, last);
  }
  return last;
}

Node* Parser::parse_binary(int min_precedence, AllowIn in) {
  const NestingLimit::Level level(nesting_);
  check_depth(level);
  const std::uint32_t start = token_.start;
  const bool private_in = is(TokenKind::PrivateName) &&
                          min_precedence <= binary_precedence(TokenKind::In) && in == AllowIn::Yes;
  Node* left = private_in ? parse_private_in() : parse_unary();
  while (!is_bare_arrow(left)) {
    const TokenKind op = token_.kind;
    const int precedence = binary_precedence(op);
    if (precedence < min_precedence || precedence == 0) break;
    if (op == TokenKind::In && in == AllowIn::No) break;
    if (token_.escaped) fail_unexpected();
    const std::uint32_t op_position = token_.start;
    // `a ?? b || c` needs parentheses, one way or the other.
    const bool nullish = op == TokenKind::Nullish;
    if (is_logical_operator(op) && is_logical(left, !nullish)) fail_unexpected();
    advance();
    // The operands of ?? may not be || or && expressions, so it reads the level below theirs.
    const int next = nullish                ? binary_precedence(TokenKind::BitOr)
                     : op == TokenKind::Exp ? precedence
                                            : precedence + 1;
    Node* right = parse_binary(next, in);
    if (is_bare_arrow(right)) fail_at("Malformed arrow function parameter list", right);
    left = make<BinaryNode>(is_logical_operator(op) ? NodeKind::Logical : NodeKind::Binary, start,
                            op, op_position, left, right);
  }
  return left;
}

/// `#x in object`
Node* Parser::parse_private_in() {
  const std::uint32_t start = token_.start;
  Identifier* name = make_identifier(token_);
  const Token name_token = token_;
  advance();
  if (!is(TokenKind::In)) fail_unexpected(name_token);
  advance();
  Node* right = parse_binary(binary_precedence(TokenKind::In) + 1, AllowIn::Yes);
  return make<PrivateInNode>(NodeKind::PrivateIn, start, name, right);
}

Node* Parser::parse_unary() {
  const NestingLimit::Level level(nesting_);
  check_depth(level);
  switch (token_.kind) {
    case TokenKind::Add:
    case TokenKind::Sub:
    case TokenKind::Not:
    case TokenKind::BitNot:
    case TokenKind::TypeOf:
    case TokenKind::Void:
    case TokenKind::Delete:
      break;
    case TokenKind::Increment:
    case TokenKind::Decrement:
      return parse_prefix_update();
    case TokenKind::Identifier:
      if (is_word(atoms_.await) && state_->in_async) return parse_await();
      return parse_postfix();
    default:
      return parse_postfix();
  }
  if (token_.escaped) fail_unexpected();
  const std::uint32_t start = token_.start;
  const TokenKind op = token_.kind;
  advance();
  Node* operand = parse_unary();
  if (op == TokenKind::Delete) {
    if (operand->kind == NodeKind::Identifier && state_->strict) {
      fail("Delete of an unqualified identifier in strict mode.", operand->start, operand->end);
    }
    if (operand->kind == NodeKind::PrivateMember) {
      fail_at("Private fields can not be deleted", operand);
    }
  }
  if (is(TokenKind::Exp)) {
    fail(
        "Unary operator used immediately before exponentiation expression. Parenthesis must be "
        "used to disambiguate operator precedence",
        start, previous_.end);
  }
  return make<UnaryNode>(NodeKind::Unary, start, op, operand);
}

Node* Parser::parse_prefix_update() {
  const std::uint32_t start = token_.start;
  const TokenKind op = token_.kind;
  advance();
  Node* target = parse_unary();
  check_simple_target(target, "Invalid left-hand side expression in prefix operation");
  program_.assignments.push_back(start);
  return make<UpdateNode>(NodeKind::Update, start, op, true, target);
}

Node* Parser::parse_postfix() {
  Node* target = parse_left_hand_side();
  const bool update = is(TokenKind::Increment) || is(TokenKind::Decrement);
  if (!update || token_.newline_before || is_bare_arrow(target)) return target;
  check_simple_target(target, "Invalid left-hand side expression in postfix operation");
  const TokenKind op = token_.kind;
  program_.assignments.push_back(token_.start);
  advance();
  return make<UpdateNode>(NodeKind::Update, target->start, op, false, target);
}

Node* Parser::parse_await() {
  const std::uint32_t start = token_.start;
  if (state_->in_parameters)
    fail_token("Illegal await-expression in formal parameters of async function");
  advance();
  last_await_or_yield_ = start;
  Node* operand = parse_unary();
  if (is(TokenKind::Exp)) {
    fail(
        "Unary operator used immediately before exponentiation expression. Parenthesis must be "
        "used to disambiguate operator precedence",
        start, previous_.end);
  }
  return make<UnaryNode>(NodeKind::Await, start, Operator::EndOfInput, operand);
}

Node* Parser::parse_yield(AllowIn in) {
  const std::uint32_t start = token_.start;
  if (state_->in_parameters) fail_token("Yield expression not allowed in formal parameter");
  advance();
  last_await_or_yield_ = start;
  if (!token_.newline_before && accept(TokenKind::Mul)) {
    Node* operand = parse_assignment(in);
    return make<UnaryNode>(NodeKind::YieldStar, start, Operator::EndOfInput, operand);
  }
  Node* operand = nullptr;
  switch (token_.kind) {
    case TokenKind::EndOfInput:
    case TokenKind::Semicolon:
    case TokenKind::RightBrace:
    case TokenKind::RightBracket:
    case TokenKind::RightParen:
    case TokenKind::Colon:
    case TokenKind::Comma:
    case TokenKind::In:
      break;
    default:
      if (!token_.newline_before) operand = parse_assignment(in);
  }
  return make<UnaryNode>(NodeKind::Yield, start, Operator::EndOfInput, operand);
}

Node* Parser::parse_left_hand_side() {
  Node* object = is(TokenKind::New)     ? parse_new()
                 : is(TokenKind::Super) ? parse_super()
                                        : parse_primary();
  if (is_bare_arrow(object)) return object;
  return parse_member_tail(object, false);
}

/// Everything after the primary: `.a`, `[b]`, `(c)`, `?.d`, `template`. `in_new`: `new a.b(c)`,
/// where the first parenthesis belongs to `new`.
Node* Parser::parse_member_tail(Node* object, bool in_new) {
  bool in_chain = false;
  bool after_call = false;  // from there on V8 places a property at its dot, not at its name
  while (true) {
    switch (token_.kind) {
      case TokenKind::Dot:
        check_no_cover_error();
        advance();
        object = parse_dot(object, false, after_call);
        continue;
      case TokenKind::LeftBracket:
        check_no_cover_error();
        object = parse_index(object, false);
        continue;
      case TokenKind::LeftParen:
        if (in_new) break;
        check_no_cover_error();
        object = parse_call(object, false);
        after_call = true;
        continue;
      case TokenKind::QuestionDot:
        if (in_new) fail_token("Invalid optional chain from new expression");
        check_no_cover_error();
        in_chain = true;
        after_call = true;
        object = parse_optional_link(object);
        continue;
      case TokenKind::Template: {
        check_no_cover_error();
        if (in_chain) fail_token("Invalid tagged template on optional chain");
        TemplateNode* quasi = parse_template_literal(true);
        object = make<TaggedTemplateNode>(NodeKind::TaggedTemplate, object->start, object, quasi);
        continue;
      }
      default:
        break;
    }
    break;
  }
  if (!in_chain) return object;
  return make<UnaryNode>(NodeKind::OptionalChain, object->start, Operator::EndOfInput, object);
}

Node* Parser::parse_optional_link(Node* object) {
  expect(TokenKind::QuestionDot);
  if (is(TokenKind::LeftParen)) return parse_call(object, true);
  if (is(TokenKind::LeftBracket)) return parse_index(object, true);
  if (is(TokenKind::Template)) fail_token("Invalid tagged template on optional chain");
  return parse_dot(object, true, true);
}

Node* Parser::parse_dot(Node* object, bool optional, bool at_dot) {
  const Token name = token_;
  const std::uint32_t position = at_dot ? previous_.start : name.start;
  if (name.kind == TokenKind::PrivateName) {
    advance();
    Identifier* identifier = make_identifier(name);
    return make<PrivateMemberNode>(NodeKind::PrivateMember, object->start, object, identifier,
                                   optional);
  }
  if (name.kind != TokenKind::Identifier && !is_keyword(name.kind)) fail_unexpected();
  advance();
  return make<MemberNode>(NodeKind::Member, object->start, object, name.atom, position, optional);
}

Node* Parser::parse_index(Node* object, bool optional) {
  const std::uint32_t bracket = token_.start;
  expect(TokenKind::LeftBracket);
  Node* key = parse_expression();
  expect(TokenKind::RightBracket);
  return make<IndexNode>(NodeKind::Index, object->start, object, key, optional, bracket);
}

Node* Parser::parse_call(Node* callee, bool optional) {
  // V8 reports a call at the name called, when there is one, else at the parenthesis.
  const bool at_name = previous_.kind == TokenKind::Identifier;
  const std::uint32_t position = at_name ? previous_.start : token_.start;
  const List<Node*> arguments = parse_arguments();
  auto* call = make<CallNode>(NodeKind::Call, callee->start, callee, arguments, optional);
  call->position = position;
  return call;
}

List<Node*> Parser::parse_arguments() {
  expect(TokenKind::LeftParen);
  std::vector<Node*> arguments;
  while (!is(TokenKind::RightParen)) {
    const std::uint32_t start = token_.start;
    if (accept(TokenKind::Ellipsis)) {
      Node* operand = parse_assignment();
      arguments.push_back(make<UnaryNode>(NodeKind::Spread, start, Operator::EndOfInput, operand));
    } else {
      arguments.push_back(parse_assignment());
    }
    if (is(TokenKind::RightParen)) break;
    if (!accept(TokenKind::Comma)) {
      fail("missing ) after argument list", previous_.start, previous_.end);
    }
  }
  advance();
  return arena_.copy(arguments);
}

Node* Parser::parse_new() {
  const NestingLimit::Level level(nesting_);
  check_depth(level);
  const std::uint32_t start = token_.start;
  if (token_.escaped) fail_unexpected();
  advance();
  if (accept(TokenKind::Dot)) {
    if (!is_word(atoms_.target)) fail_unexpected();
    if (!state_->allow_new_target)
      fail("new.target expression is not allowed here", start, token_.end);
    advance();
    auto* identifier = make<Identifier>(NodeKind::NewTarget, start, atoms_.new_target);
    return identifier;
  }
  if (is(TokenKind::Import)) fail_token("Cannot use new with import");
  Node* callee = is(TokenKind::New)     ? parse_new()
                 : is(TokenKind::Super) ? parse_super()
                                        : parse_primary();
  callee = parse_member_tail(callee, true);
  List<Node*> arguments;
  if (is(TokenKind::LeftParen)) arguments = parse_arguments();
  auto* call = make<CallNode>(NodeKind::New, start, callee, arguments);
  call->position = start;
  return call;
}

Node* Parser::parse_super() {
  const std::uint32_t start = token_.start;
  const auto reference = [&](NodeKind kind, Atom name) {
    return make<Identifier>(kind, start, name);
  };
  if (token_.escaped) fail_unexpected();
  advance();
  const bool is_call = is(TokenKind::LeftParen);
  const bool is_property = is(TokenKind::Dot) || is(TokenKind::LeftBracket);
  if (!(is_call && state_->allow_super_call) && !(is_property && state_->allow_super_property)) {
    fail("'super' keyword unexpected here", start, start + 5);
  }
  Identifier* this_reference = reference(NodeKind::This, atoms_.this_);
  Identifier* function = reference(NodeKind::Identifier, atoms_.active_function);
  if (is_call) {
    auto* call = make<CallNode>(NodeKind::SuperCall, start, nullptr, parse_arguments());
    call->position = start;
    call->end = previous_.end;
    call->this_reference = this_reference;
    call->function_reference = function;
    call->new_target = reference(NodeKind::NewTarget, atoms_.new_target);
    return call;
  }
  if (accept(TokenKind::Dot)) {
    const Token name = token_;
    if (name.kind == TokenKind::PrivateName) fail_token("Unexpected private field");
    if (name.kind != TokenKind::Identifier && !is_keyword(name.kind)) fail_unexpected();
    advance();
    return make<MemberNode>(NodeKind::SuperMember, start, nullptr, name.atom, name.start, false,
                            this_reference, function);
  }
  const std::uint32_t bracket = token_.start;
  expect(TokenKind::LeftBracket);
  Node* key = parse_expression();
  expect(TokenKind::RightBracket);
  return make<IndexNode>(NodeKind::SuperIndex, start, nullptr, key, false, bracket, this_reference,
                         function);
}

}  // namespace heaplab::interp
