// SPDX-License-Identifier: MIT
// Ways out: break, continue, return, and what they pass on their way (iterators to close, finally
// blocks to run); and the suspension points of generators.
#include <algorithm>

#include "compiler_impl.h"

namespace heaplab::interp {

FunctionCompiler::Control& FunctionCompiler::push_control(ControlKind kind) {
  Control control;
  control.kind = kind;
  controls_.push_back(std::move(control));
  return controls_.back();
}

void FunctionCompiler::compile_jump(const JumpNode* node) {
  const bool is_break = node->kind == NodeKind::Break;
  for (std::size_t i = controls_.size(); i-- > 0;) {
    const Control& control = controls_[i];
    const bool matches = node->label != nullptr
                             ? std::find(control.labels.begin(), control.labels.end(),
                                         node->label) != control.labels.end()
                             : control.kind == ControlKind::Loop ||
                                   (is_break && control.kind == ControlKind::Switch);
    if (!matches) continue;
    if (!is_break && control.continue_label == nullptr) {
      builder_.fail("Illegal continue statement: '" + utf16_to_utf8(node->label->text) +
                        "' does not denote an iteration statement",
                    node->start);
    }
    return leave_to(is_break ? JumpKind::Break : JumpKind::Continue, i, 0, node->start);
  }
}

/// Leaves everything above control `target` (for a return: everything), innermost first. A finally
/// block on the way takes over and sends the jump on when it is done.
void FunctionCompiler::leave_to(JumpKind kind, std::size_t target, Register value,
                                std::uint32_t position) {
  const std::size_t stop = kind == JumpKind::Return ? 0 : target + 1;
  for (std::size_t i = controls_.size(); i-- > stop;) {
    Control& control = controls_[i];
    const bool is_iterator =
        control.kind == ControlKind::Iterator || control.kind == ControlKind::AsyncIterator;
    // `continue` stays inside the loop whose iterator this is.
    if (is_iterator && !(kind == JumpKind::Continue && i == target + 1)) {
      close_iterator(control, position);
    }
    if (control.kind != ControlKind::Finally) continue;
    const auto same =
        std::find_if(control.pending.begin(), control.pending.end(),
                     [&](const Completion& c) { return c.kind == kind && c.target == target; });
    const auto id = kCompletionFirstJump + (same - control.pending.begin());
    if (same == control.pending.end()) control.pending.push_back({kind, target});
    if (kind == JumpKind::Return) emit(Opcode::Move, position, {control.completion + 1, value});
    emit(Opcode::LoadInt, position, {control.completion, id});
    return builder_.emit_jump(Opcode::Jump, position, {}, *control.finally_label);
  }
  if (kind == JumpKind::Return) return finish_return(value, position);
  const Control& control = controls_[target];
  CodeLabel& label = kind == JumpKind::Break ? *control.break_label : *control.continue_label;
  builder_.emit_jump(label.is_bound() ? Opcode::JumpLoop : Opcode::Jump, position, {}, label);
}

void FunctionCompiler::close_iterator(const Control& control, std::uint32_t position) {
  if (control.kind == ControlKind::Iterator) {
    return emit(Opcode::IteratorClose, position, {control.iterator});
  }
  close_async_iterator(control.iterator, position, true);
}

/// Marks the record as finished before calling return(), so that no handler closes it again.
void FunctionCompiler::close_async_iterator(Register iterator, std::uint32_t position, bool check) {
  const Temporaries temporaries(*this);
  CodeLabel none;
  const Register closing = temporary(3);
  const Register result = temporary();
  emit(Opcode::Move, position, {closing, iterator});
  emit(Opcode::LoadUndefined, position, {closing + 1});
  emit(Opcode::LoadUndefined, position, {closing + 2});
  emit(Opcode::LoadUndefined, position, {iterator});
  emit(Opcode::LoadUndefined, position, {result});
  builder_.emit_jump(Opcode::IteratorCall, position,
                     {result, closing, result, static_cast<CodeUnit>(IteratorMethod::Return)},
                     none);
  emit(Opcode::Await, position, {result, result});
  if (check) emit(Opcode::CheckObject, position, {result});
  builder_.bind(none);
}

void FunctionCompiler::emit_return(Register value, std::uint32_t position) {
  leave_to(JumpKind::Return, 0, value, position);
}

void FunctionCompiler::finish_return(Register value, std::uint32_t position) {
  if (function_->syntax != FunctionSyntax::DerivedConstructor) {
    return emit(Opcode::Return, position, {value});
  }
  const Temporaries temporaries(*this);
  const Register self = temporary();
  const Register result = temporary();
  load(function_->this_variable, self, position, false);
  emit(Opcode::CheckDerivedReturn, position, {result, value, self});
  emit(Opcode::Return, position, {result});
}

/// The finally block, then back to whatever was going on.
void FunctionCompiler::compile_finally(const TryNode* node, std::size_t control_index,
                                       CodeLabel& finally_label) {
  static_cast<void>(finally_label);
  const Register completion = controls_[control_index].completion;
  const std::vector<Completion> pending = std::move(controls_[control_index].pending);
  controls_.resize(control_index);
  compile_block(node->finalizer);
  if (!builder_.reachable()) return;
  const std::uint32_t at = node->finalizer->start;
  const auto when = [&](std::int64_t id, const auto& resume) {
    CodeLabel next;
    builder_.emit_jump(Opcode::JumpIfStrictNotEqualInt, at, {completion, id}, next);
    resume();
    builder_.bind(next);
  };
  when(kCompletionThrow, [&] { emit(Opcode::Rethrow, at, {completion + 1}); });
  for (std::size_t i = 0; i < pending.size(); ++i) {
    when(kCompletionFirstJump + static_cast<std::int64_t>(i),
         [&] { leave_to(pending[i].kind, pending[i].target, completion + 1, at); });
  }
}

// ---- Generators

/// Suspends; return() makes the generator go on as if a `return` stood here.
void FunctionCompiler::emit_yield(Opcode op, Register to, Register value, std::uint32_t position) {
  const Temporaries temporaries(*this);
  CodeLabel returned;
  CodeLabel resumed;
  // Through a temporary: the destination may be a variable, and return() must not assign to it.
  const Register sent = temporary();
  builder_.emit_jump(op, position, {sent, value}, returned);
  emit(Opcode::Move, position, {to, sent});
  jump(resumed, position);
  builder_.bind(returned);
  if (function_->is_async) emit(Opcode::Await, position, {sent, sent});
  emit_return(sent, position);
  builder_.bind(resumed);
}

void FunctionCompiler::compile_yield(const UnaryNode* node, Register to) {
  const Temporaries temporaries(*this);
  Register value = kNoRegister;
  if (node->operand != nullptr) {
    value = any(node->operand);
  } else {
    value = temporary();
    emit(Opcode::LoadUndefined, node->start, {value});
  }
  if (function_->is_async) {
    const Register awaited = temporary();
    emit(Opcode::Await, node->start, {awaited, value});
    value = awaited;
  }
  emit_yield(Opcode::Yield, to, value, node->start);
}

/// yield* passes next(), throw() and return() on to the inner iterator until it is done.
void FunctionCompiler::compile_yield_star(const UnaryNode* node, Register to) {
  const Temporaries temporaries(*this);
  const std::uint32_t at = node->start;
  const bool is_async = function_->is_async;
  const Register iterator = temporary(3);
  const Register received = temporary();
  const Register result = temporary();
  const Register value = temporary();
  CodeLabel next;
  CodeLabel check;
  CodeLabel yield;
  CodeLabel returning;
  CodeLabel done;
  const auto call = [&](IteratorMethod method, CodeLabel& missing) {
    builder_.emit_jump(Opcode::IteratorCall, at,
                       {result, iterator, received, static_cast<CodeUnit>(method)}, missing);
  };
  const auto await_result = [&] {
    if (is_async) emit(Opcode::Await, at, {result, result});
  };
  into(node->operand, value);
  emit(is_async ? Opcode::GetAsyncIterator : Opcode::GetIterator, at, {iterator, value});
  emit(Opcode::LoadUndefined, at, {received});
  builder_.bind(next);
  call(IteratorMethod::Next, done);
  builder_.bind(check);
  await_result();
  builder_.emit_jump(Opcode::IteratorDone, at, {result}, done);

  builder_.bind(yield);
  if (is_async) builder_.emit_jump(Opcode::IteratorUnwrap, at, {value, result}, done);
  const std::uint32_t yield_start = builder_.pc();
  builder_.emit_jump(is_async ? Opcode::Yield : Opcode::YieldResult, at,
                     {received, is_async ? value : result}, returning);
  const std::uint32_t yield_end = builder_.pc();
  builder_.emit_jump(Opcode::JumpLoop, at, {}, next);

  builder_.handler(yield_start, yield_end, builder_.pc(), received);
  CodeLabel no_throw;
  call(IteratorMethod::Throw, no_throw);
  builder_.emit_jump(Opcode::JumpLoop, at, {}, check);
  builder_.bind(no_throw);
  if (is_async) {
    close_async_iterator(iterator, at, true);
  } else {
    emit(Opcode::IteratorClose, at, {iterator});
  }
  emit(
      Opcode::ThrowTypeError, at,
      {builder_.constant(std::u16string_view(u"The iterator does not provide a 'throw' method."))});

  builder_.bind(returning);
  CodeLabel no_return;
  CodeLabel returned;
  call(IteratorMethod::Return, no_return);
  await_result();
  builder_.emit_jump(Opcode::IteratorDone, at, {result}, returned);
  builder_.emit_jump(Opcode::JumpLoop, at, {}, yield);
  builder_.bind(returned);
  CodeLabel unwrapped;
  builder_.emit_jump(Opcode::IteratorUnwrap, at, {value, result}, unwrapped);
  builder_.bind(unwrapped);
  emit_return(value, at);
  builder_.bind(no_return);
  if (is_async) emit(Opcode::Await, at, {received, received});
  emit_return(received, at);

  builder_.bind(done);
  CodeLabel finished;
  builder_.emit_jump(Opcode::IteratorUnwrap, at, {value, result}, finished);
  builder_.bind(finished);
  emit(Opcode::Move, at, {to, value});
}

}  // namespace heaplab::interp
