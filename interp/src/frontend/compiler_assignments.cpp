// SPDX-License-Identifier: MIT
// Assignments: first the target's parts are evaluated, then the value, then it is stored.
#include "compiler_impl.h"

namespace heaplab::interp {
namespace {

/// Whether computing the expression writes its destination as its very last step, so that it may
/// be a variable the expression itself reads, or that must survive an exception.
bool writes_last(const Node* node) {
  switch (node->kind) {
    case NodeKind::Conditional:
    case NodeKind::Logical:
    case NodeKind::Sequence:
    case NodeKind::OptionalChain:
    case NodeKind::ClassExpression:
    case NodeKind::Assign:
    case NodeKind::Update:
    case NodeKind::YieldStar:
    case NodeKind::Yield:
    case NodeKind::SuperCall:
      return false;
    case NodeKind::Unary:
      return static_cast<const UnaryNode*>(node)->op != Operator::Delete;
    default:
      return true;
  }
}

bool is_logical_assignment(Operator op) {
  return op == Operator::AssignAnd || op == Operator::AssignOr || op == Operator::AssignNullish;
}

}  // namespace

bool FunctionCompiler::can_write_to_variable(const Node* value) { return writes_last(value); }

/// Evaluates the parts of an assignment target. What is in source range [rest_start, rest_end) runs
/// before they are used.
FunctionCompiler::Target FunctionCompiler::prepare_target(const Node* node,
                                                          std::uint32_t rest_start,
                                                          std::uint32_t rest_end) {
  Target target;
  target.node = node;
  const auto super = [&](const Identifier* function, const Identifier* this_reference) {
    target.receiver = any(this_reference);
    target.object = any(function);
  };
  switch (node->kind) {
    case NodeKind::Member:
      target.object =
          any_before(static_cast<const MemberNode*>(node)->object, rest_start, rest_end);
      break;
    case NodeKind::Index: {
      const auto* index = static_cast<const IndexNode*>(node);
      target.object = any_before(index->object, index->key->start, std::max(rest_end, node->end));
      target.key = any_before(index->key, rest_start, rest_end);
      break;
    }
    case NodeKind::PrivateMember: {
      const auto* member = static_cast<const PrivateMemberNode*>(node);
      target.object = any_before(member->object, rest_start, rest_end);
      target.key = any(member->name);
      break;
    }
    case NodeKind::SuperMember: {
      const auto* member = static_cast<const MemberNode*>(node);
      super(member->function_reference, member->this_reference);
      break;
    }
    case NodeKind::SuperIndex: {
      const auto* index = static_cast<const IndexNode*>(node);
      super(index->function_reference, index->this_reference);
      target.key = any_before(index->key, rest_start, rest_end);
      break;
    }
    default:
      break;  // a name has no parts
  }
  return target;
}

/// Reads the target, for `a.b += 1` and the like: V8 gives that read its object's place.
void FunctionCompiler::load_target(const Target& target, Register to) {
  switch (target.node->kind) {
    case NodeKind::Member: {
      const auto* member = static_cast<const MemberNode*>(target.node);
      return emit(Opcode::GetNamed, report_position(member->object),
                  {to, target.object, builder_.name(member->name)});
    }
    case NodeKind::Index:
      return emit(Opcode::GetKeyed, static_cast<const IndexNode*>(target.node)->bracket,
                  {to, target.object, target.key});
    case NodeKind::PrivateMember:
      return emit(Opcode::GetPrivate,
                  static_cast<const PrivateMemberNode*>(target.node)->name->start,
                  {to, target.object, target.key});
    case NodeKind::SuperMember: {
      const auto* member = static_cast<const MemberNode*>(target.node);
      return emit(Opcode::GetSuperNamed, member->name_position,
                  {to, target.object, builder_.name(member->name), target.receiver});
    }
    case NodeKind::SuperIndex:
      return emit(Opcode::GetSuperKeyed, static_cast<const IndexNode*>(target.node)->bracket,
                  {to, target.object, target.key, target.receiver});
    default:
      return load_variable(static_cast<const Identifier*>(target.node), to);
  }
}

void FunctionCompiler::store_target(const Target& target, Register value, std::uint32_t position) {
  switch (target.node->kind) {
    case NodeKind::Member: {
      const auto* member = static_cast<const MemberNode*>(target.node);
      return emit(Opcode::SetNamed, position, {target.object, builder_.name(member->name), value});
    }
    case NodeKind::Index:
      return emit(Opcode::SetKeyed, position, {target.object, target.key, value});
    case NodeKind::PrivateMember:
      return emit(Opcode::SetPrivate, position, {target.object, target.key, value});
    case NodeKind::SuperMember: {
      const auto* member = static_cast<const MemberNode*>(target.node);
      return emit(Opcode::SetSuperNamed, position,
                  {target.object, builder_.name(member->name), target.receiver, value});
    }
    case NodeKind::SuperIndex:
      return emit(Opcode::SetSuperKeyed, position,
                  {target.object, target.key, target.receiver, value});
    default:
      return store_identifier(static_cast<const Identifier*>(target.node), value, position, false);
  }
}

void FunctionCompiler::compile_assign(const BinaryNode* node, Register to, bool need_value) {
  if (node->op == Operator::Assign) return compile_plain_assign(node, to, need_value);
  if (is_logical_assignment(node->op)) return compile_logical_assign(node, to);
  compile_compound_assign(node, to, need_value);
}

void FunctionCompiler::compile_plain_assign(const BinaryNode* node, Register to, bool need_value) {
  const Temporaries temporaries(*this);
  const std::uint32_t at = node->op_position;
  if (node->left->kind == NodeKind::ArrayPattern || node->left->kind == NodeKind::ObjectPattern) {
    const Register value = any(node->right);
    compile_pattern(node->left, value, PatternUse::Assign, node->right, {});
    if (need_value && to != value) emit(Opcode::Move, at, {to, value});
    return;
  }
  if (node->left->kind == NodeKind::Identifier) {
    const auto* name = static_cast<const Identifier*>(node->left);
    const auto reg = variable_register(name);
    const bool constant =
        name->variable != nullptr && (name->variable->kind == VariableKind::Const ||
                                      name->variable->kind == VariableKind::FunctionName);
    if (reg && !constant && writes_last(node->right)) {
      into(node->right, *reg);
      if (need_value && to != *reg) emit(Opcode::Move, at, {to, *reg});
      return;
    }
  }
  const Target target = prepare_target(node->left, node->right->start, node->right->end);
  const Register value = any(node->right);
  store_target(target, value, at);
  if (need_value && to != value) emit(Opcode::Move, at, {to, value});
}

void FunctionCompiler::compile_compound_assign(const BinaryNode* node, Register to,
                                               bool need_value) {
  const Temporaries temporaries(*this);
  const std::uint32_t at = node->op_position;
  if (node->left->kind == NodeKind::Identifier) {
    const auto* name = static_cast<const Identifier*>(node->left);
    const auto reg = variable_register(name);
    const bool constant =
        name->variable != nullptr && (name->variable->kind == VariableKind::Const ||
                                      name->variable->kind == VariableKind::FunctionName);
    if (reg && !constant) {
      const Register left = any_before(node->left, node->right->start, node->right->end);
      if (!compile_binary_immediate(node, left, *reg)) {
        arithmetic(node->op, *reg, left, any(node->right), at);
      }
      if (need_value && to != *reg) emit(Opcode::Move, at, {to, *reg});
      return;
    }
  }
  const Target target = prepare_target(node->left, node->right->start, node->right->end);
  const Register value = temporary();
  load_target(target, value);
  if (!compile_binary_immediate(node, value, value)) {
    arithmetic(node->op, value, value, any(node->right), at);
  }
  store_target(target, value, at);
  if (need_value) emit(Opcode::Move, at, {to, value});
}

void FunctionCompiler::compile_logical_assign(const BinaryNode* node, Register to) {
  const Temporaries temporaries(*this);
  const std::uint32_t at = node->op_position;
  CodeLabel end;
  const Target target = prepare_target(node->left, node->right->start, node->right->end);
  const Register value = temporary();
  load_target(target, value);
  const Opcode skip = node->op == Operator::AssignAnd  ? Opcode::JumpIfFalse
                      : node->op == Operator::AssignOr ? Opcode::JumpIfTrue
                                                       : Opcode::JumpIfNotNullish;
  builder_.emit_jump(skip, at, {value}, end);
  into(node->right, value);
  store_target(target, value, at);
  builder_.bind(end);
  emit(Opcode::Move, at, {to, value});
}

void FunctionCompiler::compile_update(const UpdateNode* node, Register to, bool need_value) {
  const Temporaries temporaries(*this);
  const Opcode op = node->op == Operator::Increment ? Opcode::Increment : Opcode::Decrement;
  const std::uint32_t at = node->prefix ? node->start : node->end - 2;
  const bool old_value = need_value && !node->prefix;
  if (node->target->kind == NodeKind::Identifier) {
    const auto* name = static_cast<const Identifier*>(node->target);
    const auto reg = variable_register(name);
    const bool constant =
        name->variable != nullptr && (name->variable->kind == VariableKind::Const ||
                                      name->variable->kind == VariableKind::FunctionName);
    if (reg && !constant) {
      if (old_value) {
        // `x = x++`: the old value must not pass through x itself.
        const Register old = temporary();
        emit(Opcode::ToNumeric, at, {old, *reg});
        emit(op, at, {*reg, old});
        return emit(Opcode::Move, at, {to, old});
      }
      emit(op, at, {*reg, *reg});
      if (need_value) emit(Opcode::Move, at, {to, *reg});
      return;
    }
  }
  const Target target = prepare_target(node->target, 0, 0);
  const Register value = temporary();
  load_target(target, value);
  if (!old_value) {
    emit(op, at, {value, value});
    store_target(target, value, at);
    if (need_value) emit(Opcode::Move, at, {to, value});
    return;
  }
  const Register updated = temporary();
  emit(Opcode::ToNumeric, at, {value, value});
  emit(op, at, {updated, value});
  store_target(target, updated, at);
  emit(Opcode::Move, at, {to, value});
}

}  // namespace heaplab::interp
