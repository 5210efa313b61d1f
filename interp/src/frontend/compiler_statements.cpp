// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "compiler_impl.h"

namespace heaplab::interp {

void FunctionCompiler::statements(List<Node*> list) {
  for (const Node* node : list) statement(node);
}

void FunctionCompiler::statement(const Node* node) {
  const NestingLimit::Level level(state_.nesting);
  check_depth(level, node);
  // Labels belong to the statement right after them.
  if (node->kind == NodeKind::Labeled)
    return compile_labeled(static_cast<const LabeledNode*>(node));
  const bool takes_labels = node->kind == NodeKind::For || node->kind == NodeKind::ForIn ||
                            node->kind == NodeKind::ForOf || node->kind == NodeKind::While ||
                            node->kind == NodeKind::DoWhile;
  CodeLabel after_label;
  const std::size_t depth = controls_.size();
  const bool labeled_block = !pending_labels_.empty() && !takes_labels;
  if (labeled_block) {
    Control& control = push_control(ControlKind::Block);
    control.labels = std::exchange(pending_labels_, {});
    control.break_label = &after_label;
  }
  begin_statement(node->start);
  switch (node->kind) {
    case NodeKind::ExpressionStatement:
      effect(static_cast<const UnaryNode*>(node)->operand);
      break;
    case NodeKind::VariableDeclaration:
      compile_variables(static_cast<const VariableDeclaration*>(node));
      break;
    case NodeKind::FunctionDeclaration:
      compile_function_statement(static_cast<const FunctionNode*>(node));
      break;
    case NodeKind::ClassDeclaration:
      compile_class_declaration(static_cast<const ClassNode*>(node));
      break;
    case NodeKind::Block:
      compile_block(static_cast<const Block*>(node));
      break;
    case NodeKind::If:
      compile_if(static_cast<const ConditionalNode*>(node));
      break;
    case NodeKind::For:
      compile_for(static_cast<const ForNode*>(node));
      break;
    case NodeKind::ForIn:
      compile_for_in(static_cast<const ForEachNode*>(node));
      break;
    case NodeKind::ForOf:
      if (static_cast<const ForEachNode*>(node)->is_await) {
        compile_for_await(static_cast<const ForEachNode*>(node));
      } else {
        compile_for_of(static_cast<const ForEachNode*>(node));
      }
      break;
    case NodeKind::While:
      compile_while(static_cast<const LoopNode*>(node));
      break;
    case NodeKind::DoWhile:
      compile_do(static_cast<const LoopNode*>(node));
      break;
    case NodeKind::Return:
      compile_return(static_cast<const UnaryNode*>(node));
      break;
    case NodeKind::Throw:
      compile_throw(static_cast<const UnaryNode*>(node));
      break;
    case NodeKind::Break:
    case NodeKind::Continue:
      compile_jump(static_cast<const JumpNode*>(node));
      break;
    case NodeKind::Switch:
      compile_switch(static_cast<const SwitchNode*>(node));
      break;
    case NodeKind::Try:
      compile_try(static_cast<const TryNode*>(node));
      break;
    case NodeKind::Debugger:
      emit(Opcode::Debugger, node->start);
      break;
    default:
      break;  // Empty
  }
  if (labeled_block) {
    builder_.bind(after_label);
    controls_.resize(depth);
  }
}

void FunctionCompiler::compile_labeled(const LabeledNode* node) {
  pending_labels_.push_back(node->label);
  statement(node->body);
}

void FunctionCompiler::compile_block(const Block* block) {
  if (block->scope == nullptr) return statements(block->statements);
  const Temporaries temporaries(*this);
  Scope* const outer = scope_;
  enter_scope(block->scope, block->start);
  statements(block->statements);
  scope_ = outer;
}

void FunctionCompiler::compile_variables(const VariableDeclaration* declaration) {
  const bool is_var = declaration->declaration_kind == DeclarationKind::Var;
  for (const Declarator& d : declaration->declarators) {
    const Temporaries temporaries(*this);
    if (d.init == nullptr) {
      // `let x;` sets undefined, each time round a loop; `var x;` does nothing.
      if (is_var) continue;
      const auto* name = static_cast<const Identifier*>(d.target);
      if (!name->variable->captured) {
        emit(Opcode::LoadUndefined, name->start, {name->variable->reg});
        continue;
      }
      const Register undefined = temporary();
      emit(Opcode::LoadUndefined, name->start, {undefined});
      store_identifier(name, undefined, name->start, true);
      continue;
    }
    begin_statement(d.init->start);
    if (d.target->kind == NodeKind::Identifier) {
      const auto* name = static_cast<const Identifier*>(d.target);
      const Variable* variable = name->variable;
      // A let that nobody watches for its hole, or a value written in one step.
      const bool direct = variable != nullptr && !variable->captured &&
                          variable->kind != VariableKind::FunctionName &&
                          (can_write_to_variable(d.init) || (!is_var && !variable->needs_hole));
      if (direct) {
        into(d.init, variable->reg);
        continue;
      }
      const Register value = any(d.init);
      store_identifier(name, value, name->start, true);
      continue;
    }
    const Register value = any(d.init);
    compile_pattern(d.target, value, PatternUse::Declare, d.init, {});
  }
}

void FunctionCompiler::compile_class_declaration(const ClassNode* node) {
  const Temporaries temporaries(*this);
  const Register value = temporary();
  compile_class(node->definition, value);
  store(node->variable, value, node->start);
}

/// The function itself was made on entry to its scope; Annex B copies it to the `var` here.
void FunctionCompiler::compile_function_statement(const FunctionNode* node) {
  if (node->var_variable == nullptr || node->var_variable == node->variable) return;
  const Temporaries temporaries(*this);
  const Register value = temporary();
  load(node->variable, value, node->start, false);
  store(node->var_variable, value, node->start);
}

void FunctionCompiler::compile_if(const ConditionalNode* node) {
  CodeLabel end;
  const Node* rest = node;
  while (rest != nullptr && rest->kind == NodeKind::If) {
    const auto* arm = static_cast<const ConditionalNode*>(rest);
    CodeLabel otherwise;
    jump_if(arm->test, false, otherwise);
    statement(arm->then);
    if (arm->otherwise != nullptr) jump(end, arm->start);
    builder_.bind(otherwise);
    rest = arm->otherwise;
  }
  if (rest != nullptr) statement(rest);
  builder_.bind(end);
}

void FunctionCompiler::compile_return(const UnaryNode* node) {
  const Temporaries temporaries(*this);
  if (node->operand == nullptr) {
    const bool plain = controls_.empty() && function_->syntax != FunctionSyntax::DerivedConstructor;
    if (plain) return emit(Opcode::ReturnUndefined, node->start);
    const Register value = temporary();
    emit(Opcode::LoadUndefined, node->start, {value});
    return emit_return(value, node->start);
  }
  Register value = any(node->operand);
  if (function_->is_async && function_->is_generator) {
    const Register awaited = temporary();
    emit(Opcode::Await, node->start, {awaited, value});
    value = awaited;
  }
  emit_return(value, node->start);
}

void FunctionCompiler::compile_throw(const UnaryNode* node) {
  const Temporaries temporaries(*this);
  const Register value = any(node->operand);
  emit(Opcode::Throw, node->start, {value});
}

// ---- switch

/// A dense switch over small integers jumps through a table.
bool FunctionCompiler::compile_jump_table(const SwitchNode* node, Register value,
                                          std::vector<CodeLabel>& cases, CodeLabel& otherwise) {
  constexpr std::size_t kFewest = 4;
  if (node->cases.size() < kFewest) return false;
  double low = 1e9;
  double high = -1e9;
  std::size_t tests = 0;
  for (const SwitchCase& c : node->cases) {
    if (c.test == nullptr) continue;
    if (c.test->kind != NodeKind::Number) return false;
    const double number = static_cast<const NumberNode*>(c.test)->value;
    if (number != std::trunc(number) || std::abs(number) > 1e8) return false;
    low = std::min(low, number);
    high = std::max(high, number);
    ++tests;
  }
  const double span = high - low + 1;
  if (tests < kFewest || span > 3.0 * static_cast<double>(tests) + 8) return false;
  // The table's jumps are short trampolines: labels know how to patch instructions, not tables.
  const std::uint32_t instruction = builder_.pc();
  emit(Opcode::SwitchInt, node->value->start,
       {value, static_cast<std::int64_t>(result_->jump_tables.size())});
  JumpTable table;
  table.min = static_cast<std::int32_t>(low);
  table.offsets.resize(static_cast<std::size_t>(span), 0);
  builder_.emit_jump(Opcode::Jump, node->value->start, {}, otherwise);
  for (std::size_t i = 0; i < node->cases.size(); ++i) {
    const SwitchCase& c = node->cases[i];
    if (c.test == nullptr) continue;
    const double number = static_cast<const NumberNode*>(c.test)->value;
    std::int32_t& offset = table.offsets[static_cast<std::size_t>(number - low)];
    if (offset != 0) continue;  // the first of two equal cases wins
    offset = static_cast<std::int32_t>(builder_.pc() - instruction);
    builder_.emit_jump(Opcode::Jump, c.test->start, {}, cases[i]);
  }
  result_->jump_tables.push_back(std::move(table));
  return true;
}

void FunctionCompiler::compile_switch(const SwitchNode* node) {
  const Temporaries temporaries(*this);
  Scope* const outer = scope_;
  // The value is kept apart from variables: cases may assign to them.
  const Register value = any_before(node->value, node->start, node->end);
  if (node->scope != nullptr) enter_scope(node->scope, node->start);
  std::vector<CodeLabel> labels(node->cases.size());
  CodeLabel end;
  CodeLabel otherwise;
  const std::size_t depth = controls_.size();
  push_control(ControlKind::Switch).break_label = &end;
  if (!compile_jump_table(node, value, labels, otherwise)) {
    for (std::size_t i = 0; i < node->cases.size(); ++i) {
      const Node* test = node->cases[i].test;
      if (test == nullptr) continue;
      const Temporaries inner(*this);
      const Register against = any(test);
      builder_.emit_jump(Opcode::JumpIfStrictEqual, test->start, {value, against}, labels[i]);
    }
    builder_.emit_jump(Opcode::Jump, node->start, {}, otherwise);
  }
  bool has_default = false;
  for (std::size_t i = 0; i < node->cases.size(); ++i) {
    builder_.bind(labels[i]);
    if (node->cases[i].test == nullptr) {
      has_default = true;
      builder_.bind(otherwise);
    }
    statements(node->cases[i].statements);
  }
  if (!has_default) builder_.bind(otherwise);
  builder_.bind(end);
  controls_.resize(depth);
  scope_ = outer;
}

// ---- try

void FunctionCompiler::compile_try(const TryNode* node) {
  if (node->finalizer == nullptr) return compile_try_catch(node);
  const Temporaries temporaries(*this);
  const Register completion = temporary(2);  // why the finally block runs, and with what value
  const Register value = completion + 1;
  CodeLabel finally_label;
  const std::size_t index = controls_.size();
  Control& control = push_control(ControlKind::Finally);
  control.finally_label = &finally_label;
  control.completion = completion;
  const std::uint32_t start = builder_.pc();
  if (node->handler != nullptr) {
    compile_try_catch(node);
  } else {
    compile_block(node->block);
  }
  const std::uint32_t at = node->finalizer->start;
  if (builder_.reachable()) {
    emit(Opcode::LoadInt, at, {completion, kCompletionNormal});
    builder_.emit_jump(Opcode::Jump, at, {}, finally_label);
  }
  const std::uint32_t end = builder_.pc();
  builder_.handler(start, end, end, value);
  emit(Opcode::LoadInt, at, {completion, kCompletionThrow});
  builder_.bind(finally_label);
  compile_finally(node, index, finally_label);
}

void FunctionCompiler::compile_try_catch(const TryNode* node) {
  const Temporaries temporaries(*this);
  const Register exception = temporary();
  CodeLabel end;
  const std::uint32_t start = builder_.pc();
  compile_block(node->block);
  const std::uint32_t range_end = builder_.pc();
  jump(end, node->start);
  builder_.handler(start, range_end, builder_.pc(), exception);
  if (range_end != start) {
    CodeLabel handler;  // reached only through the table
    builder_.bind(handler);
    builder_.mark_reachable();
    Scope* const outer = scope_;
    if (node->parameter_scope != nullptr) enter_scope(node->parameter_scope, node->handler->start);
    if (node->parameter != nullptr) {
      compile_pattern(node->parameter, exception, PatternUse::Declare, nullptr, u".catch");
    }
    compile_block(node->handler);
    scope_ = outer;
  }
  builder_.bind(end);
}

}  // namespace heaplab::interp
