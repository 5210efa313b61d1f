// SPDX-License-Identifier: MIT
#include <unordered_map>

#include "parser_impl.h"

namespace heaplab::interp {

/// \pre at `class`. Class code is always strict.
Class* Parser::parse_class(bool declaration) {
  const NestingLimit::Level level(nesting_);
  check_depth(level);
  auto* definition = arena_.make<Class>();
  definition->start = token_.start;
  definition->name_position = token_.start;
  advance();
  const bool outer_strict = std::exchange(state_->strict, true);
  if (is(TokenKind::Identifier)) {
    check_identifier(token_);
    if (token_.atom == atoms_.let) fail_token("let is disallowed as a lexically bound name");
    check_binding_name(token_.atom, token_.start, token_.end);
    definition->name = token_.atom;
    definition->name_position = token_.start;
    advance();
  } else if (declaration) {
    fail_unexpected();
  }
  if (accept(TokenKind::Extends)) {
    definition->heritage = parse_left_hand_side();
    check_no_cover_error();
    if (is_bare_arrow(definition->heritage)) fail_at("Unexpected token '=>'", definition->heritage);
  }
  expect(TokenKind::LeftBrace);
  std::vector<ClassMember*> members;
  while (!is(TokenKind::RightBrace)) {
    if (accept(TokenKind::Semicolon)) continue;
    if (ClassMember* member = parse_class_member(definition)) members.push_back(member);
  }
  advance();
  definition->end = previous_.end;
  check_private_names(members);
  finish_class(definition, members);
  state_->strict = outer_strict;
  return definition;
}

/// nullptr: it was the constructor.
ClassMember* Parser::parse_class_member(Class* definition) {
  auto* member = arena_.make<ClassMember>();
  member->start = token_.start;
  member->syntax = MemberSyntax::Method;
  // static, async, get and set are modifiers unless they are the member's own name.
  const auto is_name_end = [](const Token& after) {
    return after.kind == TokenKind::LeftParen || after.kind == TokenKind::Assign ||
           after.kind == TokenKind::Semicolon || after.kind == TokenKind::RightBrace;
  };
  if (is_word(atoms_.static_)) {
    const Token after = peek();
    if (after.kind == TokenKind::LeftBrace) return parse_static_block();
    if (!is_name_end(after)) {
      advance();
      member->is_static = true;
    }
  }
  bool is_async = false;
  if (is_word(atoms_.async) || is_word(atoms_.get) || is_word(atoms_.set)) {
    const Atom word = token_.atom;
    const Token after = peek();
    const bool star = after.kind == TokenKind::Mul;
    const bool modifies =
        !is_name_end(after) && (word == atoms_.async ? !after.newline_before : !star);
    if (modifies) {
      advance();
      is_async = word == atoms_.async;
      if (word == atoms_.get) member->syntax = MemberSyntax::Getter;
      if (word == atoms_.set) member->syntax = MemberSyntax::Setter;
    }
  }
  const bool is_generator = accept(TokenKind::Mul);
  parse_member_name(*member);
  const bool is_method = is(TokenKind::LeftParen) || is_async || is_generator ||
                         member->syntax != MemberSyntax::Method;
  if (!is_method) member->syntax = MemberSyntax::Field;
  check_member(*member, is_async, is_generator);
  if (!is_method) {
    parse_field(*member);
    return member;
  }
  const bool constructor = !member->is_static && !member->computed && member->key != nullptr &&
                           member->key->kind == NodeKind::String &&
                           static_cast<StringNode*>(member->key)->value == atoms_.constructor;
  if (constructor) {
    add_constructor(definition, *member, is_async, is_generator);
    return nullptr;
  }
  const FunctionSyntax syntax = member->syntax == MemberSyntax::Getter   ? FunctionSyntax::Getter
                                : member->syntax == MemberSyntax::Setter ? FunctionSyntax::Setter
                                                                         : FunctionSyntax::Method;
  member->function = parse_method(syntax, is_async, is_generator, member->start);
  if (member->private_name != nullptr) {
    member->function->inferred_name = member->private_name->name;
  } else if (!member->computed && member->key->kind == NodeKind::String) {
    member->function->inferred_name = static_cast<StringNode*>(member->key)->value;
  }
  member->end = previous_.end;
  return member;
}

void Parser::parse_member_name(ClassMember& member) {
  if (is(TokenKind::PrivateName)) {
    member.private_name = make_identifier(token_);
    advance();
    return;
  }
  member.key = parse_property_key(member.computed);
}

void Parser::check_member(const ClassMember& member, bool is_async, bool is_generator) const {
  if (member.private_name != nullptr) {
    if (member.private_name->name == atoms_.private_constructor) {
      fail_at("Classes may not have a private field named '#constructor'", member.private_name);
    }
    return;
  }
  if (member.computed || member.key->kind != NodeKind::String) return;
  const Atom name = static_cast<StringNode*>(member.key)->value;
  if (member.is_static) {
    if (name == atoms_.prototype) {
      fail_at("Classes may not have a static property named 'prototype'", member.key);
    }
    if (name == atoms_.constructor && member.syntax == MemberSyntax::Field) {
      fail_at("Classes may not have a field named 'constructor'", member.key);
    }
    return;
  }
  if (name != atoms_.constructor) return;
  if (member.syntax == MemberSyntax::Field) {
    fail_at("Classes may not have a field named 'constructor'", member.key);
  }
  if (member.syntax != MemberSyntax::Method) {
    fail_at("Class constructor may not be an accessor", member.key);
  }
  if (is_async && !is_generator)
    fail_at("Class constructor may not be an async method", member.key);
  if (is_generator) fail_at("Class constructor may not be a generator", member.key);
}

void Parser::add_constructor(Class* definition, ClassMember& member, bool is_async,
                             bool is_generator) {
  static_cast<void>(is_async);
  static_cast<void>(is_generator);
  if (definition->constructor != nullptr) {
    fail_at("A class may only have one constructor", member.key);
  }
  const FunctionSyntax syntax = definition->heritage != nullptr ? FunctionSyntax::DerivedConstructor
                                                                : FunctionSyntax::Constructor;
  definition->constructor = parse_method(syntax, false, false, member.start);
}

void Parser::parse_field(ClassMember& member) {
  if (is(TokenKind::Assign)) {
    // The initialiser runs as a method of its own: no yield or await of ours, no `arguments`.
    auto* placeholder = arena_.make<Function>();
    FunctionState state = enter(placeholder, FunctionSyntax::Initializer);
    state.forbid_arguments = true;
    state_ = &state;
    program_.assignments.push_back(token_.start);
    advance();
    member.value = parse_assignment();
    state_ = state.outer;
    if (member.private_name != nullptr) {
      name_anonymous(member.value, member.private_name->name);
    } else if (!member.computed && member.key->kind == NodeKind::String) {
      name_anonymous(member.value, static_cast<StringNode*>(member.key)->value);
    }
  }
  expect_semicolon();
  member.end = previous_.end;
}

/// \pre at `static`, before `{`.
ClassMember* Parser::parse_static_block() {
  auto* member = arena_.make<ClassMember>();
  member->syntax = MemberSyntax::StaticBlock;
  member->is_static = true;
  member->start = token_.start;
  advance();
  auto* function = arena_.make<Function>();
  function->start = member->start;
  function->name_position = member->start;
  FunctionState state = enter(function, FunctionSyntax::Method);
  state.allow_return = false;
  state.in_static_block = true;
  state.forbid_arguments = true;
  state_ = &state;
  parse_function_body(state);
  state_ = state.outer;
  function->end = previous_.end;
  member->function = function;
  member->end = previous_.end;
  return member;
}

/// A private name may be declared once; a getter and a setter of the same placement may share it.
void Parser::check_private_names(const std::vector<ClassMember*>& members) const {
  struct Seen {
    MemberSyntax syntax;
    bool is_static;
    int count;
  };
  std::unordered_map<Atom, Seen> seen;
  for (const ClassMember* member : members) {
    if (member->private_name == nullptr) continue;
    const auto [found, inserted] =
        seen.try_emplace(member->private_name->name, Seen{member->syntax, member->is_static, 1});
    if (inserted) continue;
    Seen& first = found->second;
    const bool pair =
        (first.syntax == MemberSyntax::Getter && member->syntax == MemberSyntax::Setter) ||
        (first.syntax == MemberSyntax::Setter && member->syntax == MemberSyntax::Getter);
    if (!pair || first.is_static != member->is_static || ++first.count > 2) {
      fail_at("Identifier '" + utf16_to_utf8(member->private_name->name->text) +
                  "' has already been declared",
              member->private_name);
    }
  }
}

/// Sorts the members into the class's two initialiser functions and gives it a constructor.
void Parser::finish_class(Class* definition, std::vector<ClassMember*>& members) {
  std::vector<ClassMember*> instance;
  std::vector<ClassMember*> on_class;
  // Private methods exist before any field initialiser runs.
  for (const bool methods : {true, false}) {
    for (ClassMember* member : members) {
      const bool is_method =
          member->syntax != MemberSyntax::Field && member->syntax != MemberSyntax::StaticBlock;
      if (is_method != methods || (is_method && member->private_name == nullptr)) continue;
      (member->is_static ? on_class : instance).push_back(member);
    }
  }
  definition->members = arena_.copy(members);
  if (!instance.empty()) {
    definition->instance_initializer = make_initializer(std::move(instance), *definition);
    definition->instance_initializer->inferred_name =
        atoms_.intern(std::string_view("<instance_members_initializer>"));
  }
  if (!on_class.empty()) {
    definition->static_initializer = make_initializer(std::move(on_class), *definition);
    definition->static_initializer->inferred_name =
        atoms_.intern(std::string_view("<static_initializer>"));
  }
  if (definition->constructor == nullptr) {
    auto* constructor = arena_.make<Function>();
    constructor->syntax = definition->heritage != nullptr ? FunctionSyntax::DerivedConstructor
                                                          : FunctionSyntax::Constructor;
    constructor->has_default_constructor_body = true;
    constructor->strict = true;
    definition->constructor = constructor;
  }
  Function& constructor = *definition->constructor;
  // Function.prototype.toString of a class prints the whole class.
  constructor.start = definition->start;
  constructor.end = definition->end;
  constructor.name_position = definition->name_position;
  constructor.has_fields = definition->instance_initializer != nullptr;
}

Function* Parser::make_initializer(std::vector<ClassMember*> members, const Class& definition) {
  auto* function = arena_.make<Function>();
  function->syntax = FunctionSyntax::Initializer;
  function->strict = true;
  function->start = definition.start;
  function->end = definition.end;
  function->name_position = definition.start;
  function->initializers = arena_.copy(members);
  return function;
}

}  // namespace heaplab::interp
