// SPDX-License-Identifier: MIT
// Binding patterns, and expressions that turn out to be patterns.
#include "parser_impl.h"

namespace heaplab::interp {

Node* Parser::parse_binding_target(BindingUse use) {
  const NestingLimit::Level level(nesting_);
  check_depth(level);
  if (is(TokenKind::LeftBracket)) return parse_array_binding(use);
  if (is(TokenKind::LeftBrace)) return parse_object_binding(use);
  return parse_binding_identifier(use);
}

Node* Parser::parse_binding_element(BindingUse use) {
  const std::uint32_t start = token_.start;
  Node* target = parse_binding_target(use);
  if (!is(TokenKind::Assign)) return target;
  const std::uint32_t op_position = token_.start;
  advance();
  program_.assignments.push_back(op_position);
  Node* init = parse_assignment();
  if (target->kind == NodeKind::Identifier) {
    name_anonymous(init, static_cast<Identifier*>(target)->name);
  }
  return make<BinaryNode>(NodeKind::AssignPattern, start, Operator::Assign, op_position, target,
                          init);
}

Node* Parser::parse_array_binding(BindingUse use) {
  const std::uint32_t start = token_.start;
  expect(TokenKind::LeftBracket);
  std::vector<Node*> items;
  while (!is(TokenKind::RightBracket)) {
    if (accept(TokenKind::Comma)) {
      items.push_back(nullptr);
      continue;
    }
    if (is(TokenKind::Ellipsis)) {
      const std::uint32_t rest = token_.start;
      advance();
      Node* target = parse_binding_target(use);
      items.push_back(make<UnaryNode>(NodeKind::RestPattern, rest, Operator::EndOfInput, target));
      if (is(TokenKind::Comma)) fail_at("Rest element must be last element", items.back());
      break;
    }
    items.push_back(parse_binding_element(use));
    if (!is(TokenKind::RightBracket)) expect(TokenKind::Comma);
  }
  expect(TokenKind::RightBracket);
  return make<ListNode>(NodeKind::ArrayPattern, start, arena_.copy(items));
}

Node* Parser::parse_object_binding(BindingUse use) {
  const std::uint32_t start = token_.start;
  expect(TokenKind::LeftBrace);
  std::vector<Node*> items;
  while (!is(TokenKind::RightBrace)) {
    const std::uint32_t item = token_.start;
    if (accept(TokenKind::Ellipsis)) {
      if (is(TokenKind::LeftBracket) || is(TokenKind::LeftBrace)) {
        fail_token("`...` must be followed by an identifier in declaration contexts");
      }
      Node* target = parse_binding_identifier(use);
      items.push_back(make<UnaryNode>(NodeKind::RestPattern, item, Operator::EndOfInput, target));
      if (is(TokenKind::Comma)) fail_at("Rest element must be last element", items.back());
      break;
    }
    const Token first = token_;
    bool computed = false;
    Node* key = parse_property_key(computed);
    Node* value = nullptr;
    PropertyKind kind = PropertyKind::Value;
    if (accept(TokenKind::Colon)) {
      value = parse_binding_element(use);
    } else {
      // Shorthand: the key is the name. Its token is checked as the identifier it binds.
      if (first.kind != TokenKind::Identifier)
        fail_unexpected(is_keyword(first.kind) ? first : token_);
      check_identifier(first);
      if (use == BindingUse::Lexical && first.atom == atoms_.let) {
        fail("let is disallowed as a lexically bound name", first.start, first.end);
      }
      check_binding_name(first.atom, first.start, first.end);
      kind = PropertyKind::Shorthand;
      value = make_identifier(first);
      if (use == BindingUse::Var) state_->vars.push_back({first.atom, first.start});
      if (is(TokenKind::Assign)) {
        const std::uint32_t op_position = token_.start;
        advance();
        program_.assignments.push_back(op_position);
        Node* init = parse_assignment();
        name_anonymous(init, first.atom);
        value = make<BinaryNode>(NodeKind::AssignPattern, item, Operator::Assign, op_position,
                                 value, init);
      }
    }
    items.push_back(make<Property>(NodeKind::Property, item, kind, computed, key, value));
    if (!is(TokenKind::RightBrace)) expect(TokenKind::Comma);
  }
  expect(TokenKind::RightBrace);
  return make<ListNode>(NodeKind::ObjectPattern, start, arena_.copy(items));
}

Identifier* Parser::parse_binding_identifier(BindingUse use) {
  if (!is(TokenKind::Identifier)) fail_unexpected();
  check_identifier(token_);
  if (use == BindingUse::Lexical && token_.atom == atoms_.let) {
    fail_token("let is disallowed as a lexically bound name");
  }
  check_binding_name(token_.atom, token_.start, token_.end);
  if (use == BindingUse::Var) state_->vars.push_back({token_.atom, token_.start});
  advance();
  return make_identifier(previous_);
}

void Parser::check_identifier(const Token& token) const {
  const Atom name = token.atom;
  if (name == atoms_.yield && (state_->in_generator || state_->strict)) {
    fail(state_->strict ? "Unexpected strict mode reserved word" : "Unexpected identifier 'yield'",
         token.start, token.end);
  }
  if (name == atoms_.await && (state_->in_async || state_->in_static_block)) {
    fail("Unexpected reserved word", token.start, token.end);
  }
  if (name == atoms_.arguments && state_->forbid_arguments) {
    fail("'arguments' is not allowed in class field initializer or static initialization block",
         token.start, token.end);
  }
  const bool reserved = name == atoms_.let || name == atoms_.static_ || name == atoms_.implements ||
                        name == atoms_.interface || name == atoms_.package ||
                        name == atoms_.private_ || name == atoms_.protected_ ||
                        name == atoms_.public_;
  if (reserved && state_->strict) {
    fail("Unexpected strict mode reserved word", token.start, token.end);
  }
}

void Parser::check_binding_name(Atom name, std::uint32_t start, std::uint32_t end) const {
  if (state_->strict && (name == atoms_.eval || name == atoms_.arguments)) {
    fail("Unexpected eval or arguments in strict mode", start, end);
  }
}

/// Turns an expression into an assignment pattern (binding: into arrow parameters, which may only
/// bind names). Patterns made earlier come through again when an outer one turns into parameters.
Node* Parser::reinterpret(Node* node, bool binding) {
  const NestingLimit::Level level(nesting_);
  check_depth(level);
  const char* invalid = "Invalid destructuring assignment target";
  switch (node->kind) {
    case NodeKind::Identifier:
      if (binding && node->parenthesized) fail_at(invalid, node);
      check_binding_name(static_cast<Identifier*>(node)->name, node->start, node->end);
      return node;
    case NodeKind::Member:
    case NodeKind::Index:
    case NodeKind::PrivateMember:
    case NodeKind::SuperMember:
    case NodeKind::SuperIndex:
      if (binding) fail_at(invalid, node);
      return node;
    case NodeKind::Array:
    case NodeKind::ArrayPattern: {
      if (node->parenthesized) fail_at(invalid, node);
      auto* list = static_cast<ListNode*>(node);
      for (std::size_t i = 0; i < list->items.size(); ++i) {
        Node*& item = list->items[i];
        if (item == nullptr) continue;
        if (item->kind == NodeKind::Spread || item->kind == NodeKind::RestPattern) {
          if (i + 1 != list->items.size() || list->trailing_comma) {
            fail_at("Rest element must be last element", item);
          }
          auto* rest = static_cast<UnaryNode*>(item);
          if (rest->operand->kind == NodeKind::Assign) fail_at(invalid, rest->operand);
          rest->operand = reinterpret(rest->operand, binding);
          rest->kind = NodeKind::RestPattern;
        } else {
          item = reinterpret_element(item, binding);
        }
      }
      node->kind = NodeKind::ArrayPattern;
      return node;
    }
    case NodeKind::Object:
    case NodeKind::ObjectPattern: {
      if (node->parenthesized) fail_at(invalid, node);
      auto* list = static_cast<ListNode*>(node);
      for (std::size_t i = 0; i < list->items.size(); ++i) {
        Node* item = list->items[i];
        reinterpret_property(item, binding);
        if (item->kind == NodeKind::RestPattern &&
            (i + 1 != list->items.size() || list->trailing_comma)) {
          fail_at("Rest element must be last element", item);
        }
      }
      node->kind = NodeKind::ObjectPattern;
      return node;
    }
    default:
      fail_at(invalid, node);
  }
}

void Parser::reinterpret_property(Node* item, bool binding) {
  if (item->kind == NodeKind::Spread || item->kind == NodeKind::RestPattern) {
    auto* rest = static_cast<UnaryNode*>(item);
    const NodeKind target = rest->operand->kind;
    if (target == NodeKind::Array || target == NodeKind::Object || target == NodeKind::Assign ||
        target == NodeKind::ArrayPattern || target == NodeKind::ObjectPattern) {
      fail_at("`...` must be followed by an assignable reference in assignment contexts",
              rest->operand);
    }
    rest->operand = reinterpret(rest->operand, binding);
    rest->kind = NodeKind::RestPattern;
    return;
  }
  auto* property = static_cast<Property*>(item);
  switch (property->property_kind) {
    case PropertyKind::Value:
    case PropertyKind::Shorthand:
    case PropertyKind::Prototype:
      property->value = reinterpret_element(property->value, binding);
      property->property_kind = property->property_kind == PropertyKind::Shorthand
                                    ? PropertyKind::Shorthand
                                    : PropertyKind::Value;
      return;
    default:
      fail_at("Invalid destructuring assignment target", property);
  }
}

Node* Parser::reinterpret_element(Node* node, bool binding) {
  if (node->kind == NodeKind::Assign || node->kind == NodeKind::AssignPattern) {
    auto* assign = static_cast<BinaryNode*>(node);
    if (assign->op != Operator::Assign || assign->parenthesized) {
      fail_at("Invalid destructuring assignment target", node);
    }
    assign->left = reinterpret(assign->left, binding);
    assign->kind = NodeKind::AssignPattern;
    return assign;
  }
  return reinterpret(node, binding);
}

void Parser::collect_names(const Node* pattern, std::vector<const Identifier*>& names) const {
  switch (pattern->kind) {
    case NodeKind::Identifier:
      names.push_back(static_cast<const Identifier*>(pattern));
      return;
    case NodeKind::AssignPattern:
      return collect_names(static_cast<const BinaryNode*>(pattern)->left, names);
    case NodeKind::RestPattern:
      return collect_names(static_cast<const UnaryNode*>(pattern)->operand, names);
    case NodeKind::Property:
      return collect_names(static_cast<const Property*>(pattern)->value, names);
    default:
      for (const Node* item : static_cast<const ListNode*>(pattern)->items) {
        if (item != nullptr) collect_names(item, names);
      }
  }
}

bool Parser::has_expressions(const Node* pattern) const {
  switch (pattern->kind) {
    case NodeKind::Identifier:
      return false;
    case NodeKind::AssignPattern:
      return true;
    case NodeKind::RestPattern:
      return has_expressions(static_cast<const UnaryNode*>(pattern)->operand);
    case NodeKind::Property: {
      const auto* property = static_cast<const Property*>(pattern);
      return property->computed || has_expressions(property->value);
    }
    default:
      for (const Node* item : static_cast<const ListNode*>(pattern)->items) {
        if (item != nullptr && has_expressions(item)) return true;
      }
      return false;
  }
}

/// `x = function () {}`, `x = class {}`, `x = () => {}` are named x.
void Parser::name_anonymous(Node* value, Atom name) const {
  if (value->kind == NodeKind::FunctionExpression) {
    Function* function = static_cast<FunctionNode*>(value)->function;
    if (function->name == nullptr) function->inferred_name = name;
  } else if (value->kind == NodeKind::ClassExpression) {
    Class* definition = static_cast<ClassNode*>(value)->definition;
    if (definition->name == nullptr) definition->inferred_name = name;
  }
}

}  // namespace heaplab::interp
