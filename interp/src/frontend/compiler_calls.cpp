// SPDX-License-Identifier: MIT
// Calls build their window (callee, this, arguments) on top of the temporaries.
#include <algorithm>

#include "compiler_impl.h"

namespace heaplab::interp {

/// Puts callee and `this` into the window. \return whether `this` was set.
bool FunctionCompiler::compile_callee(const Node* callee, Register base) {
  const NestingLimit::Level level(state_.nesting);
  check_depth(level, callee);
  switch (callee->kind) {
    case NodeKind::Member: {
      const auto* member = static_cast<const MemberNode*>(callee);
      const Temporaries temporaries(*this);
      const Register object = any(member->object);
      chain_check(member->optional, object, member->name_position);
      emit(Opcode::GetMethod, member->name_position, {base, object, builder_.name(member->name)});
      return true;
    }
    case NodeKind::Index: {
      const auto* index = static_cast<const IndexNode*>(callee);
      const Temporaries temporaries(*this);
      into(index->object, base + 1);
      chain_check(index->optional, base + 1, index->bracket);
      const Register key = any(index->key);
      emit(Opcode::GetKeyed, index->bracket, {base, base + 1, key});
      return true;
    }
    case NodeKind::PrivateMember: {
      const auto* member = static_cast<const PrivateMemberNode*>(callee);
      const Temporaries temporaries(*this);
      into(member->object, base + 1);
      chain_check(member->optional, base + 1, member->name->start);
      const Register key = any(member->name);
      emit(Opcode::GetPrivate, member->name->start, {base, base + 1, key});
      return true;
    }
    case NodeKind::SuperMember:
    case NodeKind::SuperIndex: {
      const Temporaries temporaries(*this);
      const Target target = prepare_target(callee, 0, 0);
      emit(Opcode::Move, callee->start, {base + 1, target.receiver});
      load_target(target, base);
      return true;
    }
    case NodeKind::OptionalChain: {
      if (!callee->parenthesized) break;
      // (a?.b)(): still a method call on a, of undefined if a is nothing.
      CodeLabel missing;
      CodeLabel end;
      CodeLabel* const outer = std::exchange(chain_exit_, &missing);
      const bool has_this = compile_callee(static_cast<const UnaryNode*>(callee)->operand, base);
      chain_exit_ = outer;
      if (!has_this) emit(Opcode::LoadUndefined, callee->start, {base + 1});
      jump(end, callee->start);
      builder_.bind(missing);
      emit(Opcode::LoadUndefined, callee->start, {base});
      emit(Opcode::LoadUndefined, callee->start, {base + 1});
      builder_.bind(end);
      return true;
    }
    default:
      break;
  }
  into(callee, base);
  return false;
}

/// Arguments from base + 2 on; with a spread among them, one array there instead.
void FunctionCompiler::compile_arguments(List<Node*> arguments, Register base,
                                         std::uint32_t position, bool& spread) {
  spread = std::any_of(arguments.begin(), arguments.end(),
                       [](const Node* a) { return a->kind == NodeKind::Spread; });
  if (spread) {
    const Register array = temporary();
    emit(Opcode::CreateArray, position, {array, 0});
    append_elements(arguments, array, position);
    return;
  }
  for (const Node* argument : arguments) {
    const Register to = temporary();
    into(argument, to);
  }
  static_cast<void>(base);
}

void FunctionCompiler::compile_call(const CallNode* node, Register to) {
  const Temporaries temporaries(*this);
  const Register base = temporary(2);
  const bool has_this = compile_callee(node->callee, base);
  if (node->optional) chain_check(true, base, node->position);
  bool spread = false;
  compile_arguments(node->arguments, base, node->position, spread);
  if (spread) {
    if (!has_this) emit(Opcode::LoadUndefined, node->position, {base + 1});
    builder_.describe(render_call_site(node->callee));
    return emit(Opcode::CallSpread, node->position, {to, base});
  }
  builder_.describe(render_call_site(node->callee));
  emit(has_this ? Opcode::Call : Opcode::CallUndefined, node->position,
       {to, base, static_cast<std::int64_t>(node->arguments.size())});
}

void FunctionCompiler::compile_new(const CallNode* node, Register to) {
  const Temporaries temporaries(*this);
  const Register base = temporary(2);
  into(node->callee, base);
  bool spread = false;
  compile_arguments(node->arguments, base, node->position, spread);
  builder_.describe(render_call_site(node->callee));
  if (spread) return emit(Opcode::NewSpread, node->position, {to, base});
  emit(Opcode::New, node->position, {to, base, static_cast<std::int64_t>(node->arguments.size())});
}

/// super(...): constructs the parent, binds `this`, runs the field initialisers.
void FunctionCompiler::compile_super_call(const CallNode* node, Register to) {
  const Temporaries temporaries(*this);
  const std::uint32_t at = node->position;
  const Register result = temporary();
  const Register target = temporary();
  const Register base = temporary(2);
  load(node->new_target->variable, target, at, false);
  load(node->function_reference->variable, base, at, false);
  bool spread = false;
  compile_arguments(node->arguments, base, at, spread);
  if (spread) {
    emit(Opcode::SuperCallSpread, at, {result, base, target});
  } else {
    emit(Opcode::SuperCall, at,
         {result, base, static_cast<std::int64_t>(node->arguments.size()), target});
  }
  const Variable* self = node->this_reference->variable;
  const Register old = temporary();
  load(self, old, at, false);
  emit(Opcode::CheckSuperOnce, at, {old});
  store(self, result, at);
  if (self->scope->function->has_fields) {
    load(node->function_reference->variable, old, at, false);
    emit(Opcode::InitializeFields, at, {result, old});
  }
  emit(Opcode::Move, at, {to, result});
}

void FunctionCompiler::compile_tagged_template(const TaggedTemplateNode* node, Register to) {
  const Temporaries temporaries(*this);
  const TemplateNode* quasi = node->quasi;
  TemplateStrings strings;
  for (const TemplatePart& part : quasi->parts) {
    TemplateStrings::Part out;
    out.has_cooked = part.cooked != nullptr;
    if (out.has_cooked) out.cooked = part.cooked->text;
    out.raw = part.raw->text;
    strings.parts.push_back(std::move(out));
  }
  result_->template_objects.push_back(std::move(strings));
  const auto index = static_cast<std::int64_t>(result_->template_objects.size() - 1);
  const Register base = temporary(2);
  const bool has_this = compile_callee(node->tag, base);
  emit(Opcode::GetTemplateObject, quasi->start, {temporary(), index});
  for (const Node* expression : quasi->expressions) {
    const Register argument = temporary();
    into(expression, argument);
  }
  builder_.describe(render_call_site(node->tag));
  emit(has_this ? Opcode::Call : Opcode::CallUndefined, quasi->start,
       {to, base, static_cast<std::int64_t>(quasi->expressions.size() + 1)});
}

}  // namespace heaplab::interp
