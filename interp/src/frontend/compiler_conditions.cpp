// SPDX-License-Identifier: MIT
// Conditions: jumps without computing a boolean first.
#include <cmath>

#include "compiler_impl.h"

namespace heaplab::interp {
namespace {

struct Comparison {
  Opcode jump;      ///< Taken if the comparison holds.
  Opcode jump_not;  ///< Taken if it does not.
  Opcode jump_int;  ///< The same against a small integer; Debugger: there is none.
  Opcode jump_not_int;
};

std::optional<Comparison> comparison(Operator op) {
  using enum Opcode;
  switch (op) {
    case Operator::Less:
      return Comparison{JumpIfLess, JumpIfNotLess, JumpIfLessInt, JumpIfNotLessInt};
    case Operator::LessEqual:
      return Comparison{JumpIfLessEqual, JumpIfNotLessEqual, JumpIfLessEqualInt,
                        JumpIfNotLessEqualInt};
    case Operator::Greater:
      return Comparison{JumpIfGreater, JumpIfNotGreater, JumpIfGreaterInt, JumpIfNotGreaterInt};
    case Operator::GreaterEqual:
      return Comparison{JumpIfGreaterEqual, JumpIfNotGreaterEqual, JumpIfGreaterEqualInt,
                        JumpIfNotGreaterEqualInt};
    case Operator::Equal:
      return Comparison{JumpIfEqual, JumpIfNotEqual, Debugger, Debugger};
    case Operator::NotEqual:
      return Comparison{JumpIfNotEqual, JumpIfEqual, Debugger, Debugger};
    case Operator::StrictEqual:
      return Comparison{JumpIfStrictEqual, JumpIfStrictNotEqual, JumpIfStrictEqualInt,
                        JumpIfStrictNotEqualInt};
    case Operator::StrictNotEqual:
      return Comparison{JumpIfStrictNotEqual, JumpIfStrictEqual, JumpIfStrictNotEqualInt,
                        JumpIfStrictEqualInt};
    default:
      return std::nullopt;
  }
}

std::optional<std::int64_t> small_int(const Node* node) {
  if (node->kind != NodeKind::Number) return std::nullopt;
  const double value = static_cast<const NumberNode*>(node)->value;
  if (value != std::trunc(value) || value < -0x8000 || value > 0x7FFF) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

}  // namespace

bool FunctionCompiler::jump_if_comparison(const BinaryNode* node, bool sense, CodeLabel& target) {
  const std::optional<Comparison> ops = comparison(node->op);
  if (!ops) return false;
  const Temporaries temporaries(*this);
  const std::uint32_t at = node->op_position;
  const Register left = any_before(node->left, node->right->start, node->right->end);
  const auto immediate = small_int(node->right);
  if (immediate && ops->jump_int != Opcode::Debugger) {
    builder_.emit_jump(sense ? ops->jump_int : ops->jump_not_int, at, {left, *immediate}, target);
    return true;
  }
  const Register right = any(node->right);
  builder_.emit_jump(sense ? ops->jump : ops->jump_not, at, {left, right}, target);
  return true;
}

/// Jumps to `target` if the truth of the expression equals `sense`, else goes on.
void FunctionCompiler::jump_if(const Node* node, bool sense, CodeLabel& target) {
  const NestingLimit::Level level(state_.nesting);
  check_depth(level, node);
  const std::uint32_t at = node->start;
  if (node->kind == NodeKind::Unary) {
    const auto* unary = static_cast<const UnaryNode*>(node);
    if (unary->op == Operator::Not) return jump_if(unary->operand, !sense, target);
  }
  if (node->kind == NodeKind::True || node->kind == NodeKind::False) {
    if ((node->kind == NodeKind::True) == sense) {
      builder_.emit_jump(target.is_bound() ? Opcode::JumpLoop : Opcode::Jump, at, {}, target);
    }
    return;
  }
  if (node->kind == NodeKind::Binary &&
      jump_if_comparison(static_cast<const BinaryNode*>(node), sense, target)) {
    return;
  }
  if (node->kind == NodeKind::Logical) {
    // A chain of one operator, a && b && c, is a sequence of tests, however long.
    const auto* top = static_cast<const BinaryNode*>(node);
    if (top->op != Operator::Nullish) {
      std::vector<const Node*> tests;
      const Node* left = node;
      while (left->kind == NodeKind::Logical &&
             static_cast<const BinaryNode*>(left)->op == top->op) {
        tests.push_back(static_cast<const BinaryNode*>(left)->right);
        left = static_cast<const BinaryNode*>(left)->left;
      }
      tests.push_back(left);
      // `&&` fails at the first false, `||` succeeds at the first true.
      const bool decides = top->op == Operator::Or;
      CodeLabel decided_otherwise;
      for (std::size_t i = tests.size(); i-- > 1;) {
        jump_if(tests[i], decides, decides == sense ? target : decided_otherwise);
      }
      jump_if(tests[0], sense, target);
      return builder_.bind(decided_otherwise);
    }
  }
  const Temporaries temporaries(*this);
  const Register value = any(node);
  builder_.emit_jump(sense ? Opcode::JumpIfTrue : Opcode::JumpIfFalse, at, {value}, target);
}

}  // namespace heaplab::interp
