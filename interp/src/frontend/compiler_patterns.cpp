// SPDX-License-Identifier: MIT
// Destructuring, for declarations, parameters and assignments alike.
#include "compiler_impl.h"

namespace heaplab::interp {

/// Takes `value` apart. `source` is the expression it came from (nullptr: none), `source_text` its
/// rendering where there is no expression: both only for error messages.
void FunctionCompiler::compile_pattern(const Node* pattern, Register value, PatternUse use,
                                       const Node* source, std::u16string_view source_text) {
  const NestingLimit::Level level(state_.nesting);
  check_depth(level, pattern);
  switch (pattern->kind) {
    case NodeKind::ArrayPattern:
      return compile_array_pattern(static_cast<const ListNode*>(pattern), value, use, source);
    case NodeKind::ObjectPattern:
      return compile_object_pattern(static_cast<const ListNode*>(pattern), value, use, source,
                                    source_text);
    default:
      return store_pattern_target(pattern, value, use);
  }
}

void FunctionCompiler::store_pattern_target(const Node* target, Register value, PatternUse use) {
  if (use == PatternUse::Declare) {
    return store_identifier(static_cast<const Identifier*>(target), value, target->start, true);
  }
  const Temporaries temporaries(*this);
  std::uint32_t position = target->start;
  if (target->kind == NodeKind::Member) {
    position = static_cast<const MemberNode*>(target)->name_position;
  }
  store_target(prepare_target(target, 0, 0), value, position);
}

/// `value` holds what was found; undefined is replaced by the default.
void FunctionCompiler::compile_pattern_default(const BinaryNode* element, Register value) {
  CodeLabel present;
  builder_.emit_jump(Opcode::JumpIfNotUndefined, element->op_position, {value}, present);
  into(element->right, value);
  builder_.bind(present);
}

void FunctionCompiler::compile_array_pattern(const ListNode* pattern, Register value,
                                             PatternUse use, const Node* source) {
  const Temporaries temporaries(*this);
  const Register iterator = temporary(3);
  if (use == PatternUse::Declare && source != nullptr && source->kind != NodeKind::Member) {
    builder_.describe(render_call_site(source));
  }
  emit(Opcode::GetIterator, source != nullptr ? source->start : pattern->start, {iterator, value});
  const Register exception = temporary();
  const std::uint32_t start = builder_.pc();
  const std::size_t depth = controls_.size();
  push_control(ControlKind::Iterator).iterator = iterator;
  compile_array_elements(pattern, iterator, use);
  controls_.resize(depth);
  const std::uint32_t end = builder_.pc();
  emit(Opcode::IteratorClose, pattern->start, {iterator});
  CodeLabel done;
  jump(done, pattern->start);
  builder_.handler(start, end, builder_.pc(), exception);
  emit(Opcode::IteratorCloseSilent, pattern->start, {iterator});
  emit(Opcode::Rethrow, pattern->start, {exception});
  builder_.bind(done);
}

void FunctionCompiler::compile_array_elements(const ListNode* pattern, Register iterator,
                                              PatternUse use) {
  for (const Node* item : pattern->items) {
    const Temporaries temporaries(*this);
    const Register value = temporary();
    if (item == nullptr) {
      emit(Opcode::IteratorStep, pattern->start, {value, iterator});
      continue;
    }
    const bool rest = item->kind == NodeKind::RestPattern;
    const bool has_default = item->kind == NodeKind::AssignPattern;
    const Node* target = rest          ? static_cast<const UnaryNode*>(item)->operand
                         : has_default ? static_cast<const BinaryNode*>(item)->left
                                       : item;
    // An assignment target's parts are evaluated before the iterator is asked.
    const bool nested =
        target->kind == NodeKind::ArrayPattern || target->kind == NodeKind::ObjectPattern;
    Target prepared;
    if (use == PatternUse::Assign && !nested) prepared = prepare_target(target, 0, 0);
    emit(rest ? Opcode::IteratorRest : Opcode::IteratorStep, item->start, {value, iterator});
    if (has_default) compile_pattern_default(static_cast<const BinaryNode*>(item), value);
    if (prepared.node != nullptr) {
      store_target(prepared, value, target->start);
    } else {
      compile_pattern(target, value, use, nullptr, {});
    }
  }
}

void FunctionCompiler::compile_object_pattern(const ListNode* pattern, Register value,
                                              PatternUse use, const Node* source,
                                              std::u16string_view source_text) {
  // What V8 says about `const {a} = nothing`: it names the first property and the source.
  const Property* first = !pattern->items.empty() && pattern->items[0]->kind == NodeKind::Property
                              ? static_cast<const Property*>(pattern->items[0])
                              : nullptr;
  const bool named = first != nullptr && !first->computed && first->key->kind == NodeKind::String;
  std::u16string text(source_text);
  if (source != nullptr) text = render_call_site(source);
  const bool nested = text.empty();
  if (!nested || !named) {
    if (!nested) {
      text = u"'" + text + u"'";
      if (named)
        text = u"property '" + static_cast<StringNode*>(first->key)->value->text + u"' of " + text;
      builder_.describe(text);
    }
    emit(Opcode::ThrowIfNullish, named ? first->start : pattern->start, {value});
  }
  // Object rest needs the keys taken before it, so they are kept side by side.
  const bool has_rest =
      !pattern->items.empty() && pattern->items.back()->kind == NodeKind::RestPattern;
  const auto key_count = static_cast<std::uint32_t>(has_rest ? pattern->items.size() - 1 : 0);
  const Temporaries temporaries(*this);
  const Register keys = temporary(std::max(key_count, 1u));
  std::uint32_t index = 0;
  for (const Node* item : pattern->items) {
    const Temporaries inner(*this);
    if (item->kind == NodeKind::RestPattern) {
      compile_object_rest(static_cast<const UnaryNode*>(item), value, keys, key_count, use);
      continue;
    }
    const auto* property = static_cast<const Property*>(item);
    const bool has_default = property->value->kind == NodeKind::AssignPattern;
    const Node* target =
        has_default ? static_cast<const BinaryNode*>(property->value)->left : property->value;
    const bool static_key = !property->computed && property->key->kind == NodeKind::String;
    Register key = has_rest ? keys + index++ : kNoRegister;
    if (!static_key || has_rest) {
      if (key == kNoRegister) key = temporary();
      into(property->key, key);
      if (property->computed) emit(Opcode::ToPropertyKey, property->key->start, {key, key});
    }
    const bool target_nested =
        target->kind == NodeKind::ArrayPattern || target->kind == NodeKind::ObjectPattern;
    Target prepared;
    if (use == PatternUse::Assign && !target_nested) prepared = prepare_target(target, 0, 0);
    const Register found = temporary();
    if (static_key) {
      emit(Opcode::GetNamed, property->key->start,
           {found, value, builder_.name(static_cast<const StringNode*>(property->key)->value)});
    } else {
      emit(Opcode::GetKeyed, property->key->start, {found, value, key});
    }
    if (has_default)
      compile_pattern_default(static_cast<const BinaryNode*>(property->value), found);
    if (prepared.node != nullptr) {
      const std::uint32_t at = target->kind == NodeKind::Member
                                   ? static_cast<const MemberNode*>(target)->name_position
                                   : target->start;
      store_target(prepared, found, at);
    } else {
      compile_pattern(target, found, use, nullptr, {});
    }
  }
}

void FunctionCompiler::compile_object_rest(const UnaryNode* rest, Register value, Register keys,
                                           std::uint32_t count, PatternUse use) {
  const Register object = temporary();
  emit(Opcode::CopyPropertiesExcept, rest->start, {object, value, keys, count});
  store_pattern_target(rest->operand, object, use);
}

}  // namespace heaplab::interp
