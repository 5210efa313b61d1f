// SPDX-License-Identifier: MIT
// Loops test at the bottom: one conditional jump per round.
#include "compiler_impl.h"

namespace heaplab::interp {

namespace {

bool has_computed_key(const Node* node) {
  if (node->kind != NodeKind::Object) return false;
  for (const Node* item : static_cast<const ListNode*>(node)->items) {
    if (item->kind == NodeKind::Property && static_cast<const Property*>(item)->computed) {
      return true;
    }
  }
  return false;
}

}  // namespace

FunctionCompiler::Control& FunctionCompiler::push_loop(CodeLabel& break_label,
                                                       CodeLabel& continue_label) {
  std::vector<Atom> labels = std::exchange(pending_labels_, {});
  Control& control = push_control(ControlKind::Loop);
  control.labels = std::move(labels);
  control.break_label = &break_label;
  control.continue_label = &continue_label;
  return control;
}

void FunctionCompiler::compile_for(const ForNode* node) {
  const Temporaries temporaries(*this);
  Scope* const outer = scope_;
  CodeLabel body;
  CodeLabel test;
  CodeLabel next;
  CodeLabel end;
  const std::size_t depth = controls_.size();
  push_loop(end, next);
  if (node->scope != nullptr) enter_scope(node->scope, node->start);
  if (node->init != nullptr) {
    if (node->init->kind == NodeKind::VariableDeclaration) {
      compile_variables(static_cast<const VariableDeclaration*>(node->init));
    } else {
      effect(node->init);
    }
  }
  if (node->test != nullptr) jump(test, node->start);
  builder_.bind(body);
  builder_.mark_reachable();
  statement(node->body);
  builder_.bind(next);
  // Closures made in one round keep that round's bindings.
  if (node->scope != nullptr && node->scope->needs_context) {
    emit(Opcode::CopyContext, node->start,
         {node->scope->context_register, static_cast<std::int64_t>(context_info_.at(node->scope))});
  }
  if (node->update != nullptr) effect(node->update);
  builder_.bind(test);
  if (node->test != nullptr) {
    jump_if(node->test, true, body);
  } else {
    builder_.emit_jump(Opcode::JumpLoop, node->start, {}, body);
  }
  builder_.bind(end);
  controls_.resize(depth);
  scope_ = outer;
}

void FunctionCompiler::compile_while(const LoopNode* node) {
  CodeLabel body;
  CodeLabel test;
  CodeLabel end;
  const std::size_t depth = controls_.size();
  push_loop(end, test);
  jump(test, node->start);
  builder_.bind(body);
  builder_.mark_reachable();
  statement(node->body);
  builder_.bind(test);
  jump_if(node->test, true, body);
  builder_.bind(end);
  controls_.resize(depth);
}

void FunctionCompiler::compile_do(const LoopNode* node) {
  CodeLabel body;
  CodeLabel test;
  CodeLabel end;
  const std::size_t depth = controls_.size();
  push_loop(end, test);
  builder_.bind(body);
  statement(node->body);
  builder_.bind(test);
  jump_if(node->test, true, body);
  builder_.bind(end);
  controls_.resize(depth);
}

/// The iterated value; the loop's names exist around it, uninitialised.
void FunctionCompiler::compile_iterable(const ForEachNode* node, Register to) {
  statement_has_begun();
  const Temporaries temporaries(*this);
  Scope* const outer = scope_;
  if (node->iterable_scope != nullptr) enter_scope(node->iterable_scope, node->start);
  into(node->iterable, to);
  scope_ = outer;
}

/// One round: a fresh scope, the target bound to `value`, the statement.
void FunctionCompiler::compile_each_body(const ForEachNode* node, Register value) {
  const Temporaries temporaries(*this);
  Scope* const outer = scope_;
  if (node->scope != nullptr && node->scope != scope_) enter_scope(node->scope, node->start);
  if (node->target->kind == NodeKind::VariableDeclaration) {
    const Node* target =
        static_cast<const VariableDeclaration*>(node->target)->declarators[0].target;
    compile_pattern(target, value, PatternUse::Declare, nullptr, u".for");
  } else {
    compile_pattern(node->target, value, PatternUse::Assign, nullptr, u".for");
  }
  statement(node->body);
  scope_ = outer;
}

/// Where each round's value goes: straight into the loop variable if it is a plain register.
Register FunctionCompiler::each_value(const ForEachNode* node) {
  const Scope* scope = node->scope;
  const bool plain =
      scope != nullptr && !scope->needs_context && scope->variables.size() == 1 &&
      !scope->variables[0]->needs_hole &&
      static_cast<const VariableDeclaration*>(node->target)->declarators[0].target->kind ==
          NodeKind::Identifier;
  if (!plain) return temporary();
  enter_scope(node->scope, node->start);
  return scope->variables[0]->reg;
}

void FunctionCompiler::compile_for_in(const ForEachNode* node) {
  const Temporaries temporaries(*this);
  Scope* const outer = scope_;
  CodeLabel next;
  CodeLabel end;
  const std::size_t depth = controls_.size();
  push_loop(end, next);
  const Register state = temporary(3);
  const Register object = temporary();
  compile_iterable(node, object);
  emit(Opcode::ForInPrepare, node->iterable->start, {state, object});
  const Register value = each_value(node);
  builder_.bind(next);
  builder_.emit_jump(Opcode::ForInNext, node->iterable->start, {value, state}, end);
  compile_each_body(node, value);
  builder_.emit_jump(Opcode::JumpLoop, node->start, {}, next);
  builder_.bind(end);
  controls_.resize(depth);
  scope_ = outer;
}

void FunctionCompiler::compile_for_of(const ForEachNode* node) {
  const Temporaries temporaries(*this);
  Scope* const outer = scope_;
  CodeLabel next;
  CodeLabel end;
  const std::size_t depth = controls_.size();
  push_loop(end, next);
  const Register iterator = temporary(3);
  const Register exception = temporary();
  compile_iterable(node, exception);
  // V8 has no name for a literal with computed keys here; then the value is described.
  if (!has_computed_key(node->iterable)) builder_.describe(render_call_site(node->iterable));
  emit(Opcode::GetIterator, report_position(node->iterable), {iterator, exception});
  push_control(ControlKind::Iterator).iterator = iterator;
  const Register value = each_value(node);
  builder_.bind(next);
  builder_.emit_jump(Opcode::ForOfNext, report_position(node->iterable), {value, iterator}, end);
  const std::uint32_t start = builder_.pc();
  compile_each_body(node, value);
  const std::uint32_t body_end = builder_.pc();
  builder_.emit_jump(Opcode::JumpLoop, node->start, {}, next);
  if (body_end != start) {
    builder_.handler(start, body_end, builder_.pc(), exception);
    emit(Opcode::IteratorCloseSilent, node->start, {iterator});
    emit(Opcode::Rethrow, node->start, {exception});
  }
  builder_.bind(end);
  controls_.resize(depth);
  scope_ = outer;
}

void FunctionCompiler::compile_for_await(const ForEachNode* node) {
  const Temporaries temporaries(*this);
  CodeLabel next;
  CodeLabel end;
  const std::size_t depth = controls_.size();
  push_loop(end, next);
  const std::uint32_t at = report_position(node->iterable);
  const Register iterator = temporary(3);
  const Register exception = temporary();
  const Register result = temporary();
  const Register value = temporary();
  compile_iterable(node, exception);
  builder_.describe(render_call_site(node->iterable));
  emit(Opcode::GetAsyncIterator, at, {iterator, exception});
  push_control(ControlKind::AsyncIterator).iterator = iterator;
  builder_.bind(next);
  emit(Opcode::LoadUndefined, at, {result});
  builder_.emit_jump(Opcode::IteratorCall, at,
                     {result, iterator, result, static_cast<CodeUnit>(IteratorMethod::Next)}, end);
  emit(Opcode::Await, at, {result, result});
  builder_.emit_jump(Opcode::IteratorUnwrap, at, {value, result}, end);
  const std::uint32_t start = builder_.pc();
  compile_each_body(node, value);
  const std::uint32_t body_end = builder_.pc();
  builder_.emit_jump(Opcode::JumpLoop, node->start, {}, next);
  builder_.handler(start, body_end, builder_.pc(), exception);
  // The body threw: close the iterator, whatever that says, and go on throwing. An iterator that
  // was being closed already is marked by undefined.
  CodeLabel rethrow;
  builder_.emit_jump(Opcode::JumpIfUndefined, at, {iterator}, rethrow);
  const std::uint32_t close_start = builder_.pc();
  close_async_iterator(iterator, at, false);
  const std::uint32_t close_end = builder_.pc();
  builder_.bind(rethrow);
  emit(Opcode::Rethrow, at, {exception});
  builder_.handler(close_start, close_end, builder_.pc(), result);
  emit(Opcode::Rethrow, at, {exception});
  builder_.bind(end);
  controls_.resize(depth);
}

}  // namespace heaplab::interp
