// SPDX-License-Identifier: MIT
// Values: every expression can be computed `into` a register. A destination may be a variable, so
// code writes it last (callers see to the exceptions: see writes_last in compiler_assignments.cpp).
#include <cmath>

#include "compiler_impl.h"

namespace heaplab::interp {

/// The register of a value: a variable's own one, or a new temporary.
Register FunctionCompiler::any(const Node* node) {
  if (node->kind == NodeKind::Identifier) {
    const auto* name = static_cast<const Identifier*>(node);
    if (const auto reg = variable_register(name)) {
      statement_has_begun();
      return *reg;
    }
  } else if (node->kind == NodeKind::This) {
    const auto* name = static_cast<const Identifier*>(node);
    if (!name->variable->captured && !derived_this(name)) {
      statement_has_begun();
      return kThisRegister;
    }
  }
  const Register to = temporary();
  into(node, to);
  return to;
}

/// The same, but safe from assignments to the variable in source range [start, end), which is
/// evaluated before the value is used.
Register FunctionCompiler::any_before(const Node* node, std::uint32_t start, std::uint32_t end) {
  if (node->kind == NodeKind::Identifier && program_.has_assignment(start, end)) {
    const Register to = temporary();
    into(node, to);
    return to;
  }
  return any(node);
}

void FunctionCompiler::effect(const Node* node) {
  const NestingLimit::Level level(state_.nesting);
  check_depth(level, node);
  const Temporaries temporaries(*this);
  switch (node->kind) {
    case NodeKind::Assign: {
      compile_assign(static_cast<const BinaryNode*>(node), temporary(), false);
      return;
    }
    case NodeKind::Update:
      return compile_update(static_cast<const UpdateNode*>(node), temporary(), false);
    case NodeKind::Sequence:
      for (const Node* item : static_cast<const ListNode*>(node)->items) effect(item);
      return;
    default:
      into(node, temporary());
  }
}

void FunctionCompiler::load_number(double value, Register to, std::uint32_t position) {
  const bool is_int = value >= -2147483648.0 && value <= 2147483647.0 &&
                      value == std::trunc(value) && !(value == 0 && std::signbit(value));
  if (is_int) return emit(Opcode::LoadInt, position, {to, static_cast<std::int64_t>(value)});
  emit(Opcode::LoadConst, position, {to, builder_.constant(value)});
}

void FunctionCompiler::into(const Node* node, Register to) {
  const NestingLimit::Level level(state_.nesting);
  check_depth(level, node);
  const std::uint32_t at = node->start;
  switch (node->kind) {
    case NodeKind::Number:
      return load_number(static_cast<const NumberNode*>(node)->value, to, at);
    case NodeKind::String:
      return emit(Opcode::LoadConst, at,
                  {to, builder_.constant(std::u16string_view(
                           static_cast<const StringNode*>(node)->value->text))});
    case NodeKind::Template:
      return compile_template(static_cast<const TemplateNode*>(node), to);
    case NodeKind::TaggedTemplate:
      return compile_tagged_template(static_cast<const TaggedTemplateNode*>(node), to);
    case NodeKind::RegExp: {
      const auto* regexp = static_cast<const RegExpNode*>(node);
      result_->regexps.push_back({regexp->pattern->text, regexp->flags->text});
      return emit(Opcode::CreateRegExp, at,
                  {to, static_cast<std::int64_t>(result_->regexps.size() - 1)});
    }
    case NodeKind::Null:
      return emit(Opcode::LoadNull, at, {to});
    case NodeKind::True:
      return emit(Opcode::LoadTrue, at, {to});
    case NodeKind::False:
      return emit(Opcode::LoadFalse, at, {to});
    case NodeKind::This:
      return compile_this(static_cast<const Identifier*>(node), to);
    case NodeKind::NewTarget:
      return load(static_cast<const Identifier*>(node)->variable, to, at, false);
    case NodeKind::Identifier:
      return load_variable(static_cast<const Identifier*>(node), to);
    case NodeKind::Array:
      return compile_array(static_cast<const ListNode*>(node), to);
    case NodeKind::Object:
      return compile_object(static_cast<const ListNode*>(node), to);
    case NodeKind::FunctionExpression:
      return make_closure(static_cast<const FunctionNode*>(node)->function, to, at);
    case NodeKind::ClassExpression:
      return compile_class(static_cast<const ClassNode*>(node)->definition, to);
    case NodeKind::Unary:
      return compile_unary(static_cast<const UnaryNode*>(node), to);
    case NodeKind::Update:
      return compile_update(static_cast<const UpdateNode*>(node), to, true);
    case NodeKind::Binary:
      return compile_binary(static_cast<const BinaryNode*>(node), to);
    case NodeKind::Logical:
      return compile_logical(static_cast<const BinaryNode*>(node), to);
    case NodeKind::PrivateIn: {
      const auto* in = static_cast<const PrivateInNode*>(node);
      const Temporaries temporaries(*this);
      const Register object = any(in->right);
      const Register key = any(in->name);
      return emit(Opcode::HasPrivate, at, {to, object, key});
    }
    case NodeKind::Assign:
      return compile_assign(static_cast<const BinaryNode*>(node), to, true);
    case NodeKind::Conditional: {
      // A loop, for the chains generated code has.
      CodeLabel end;
      const Node* rest = node;
      while (rest->kind == NodeKind::Conditional) {
        const auto* conditional = static_cast<const ConditionalNode*>(rest);
        CodeLabel otherwise;
        jump_if(conditional->test, false, otherwise);
        into(conditional->then, to);
        jump(end, at);
        builder_.bind(otherwise);
        rest = conditional->otherwise;
      }
      into(rest, to);
      return builder_.bind(end);
    }
    case NodeKind::Call:
      return compile_call(static_cast<const CallNode*>(node), to);
    case NodeKind::New:
      return compile_new(static_cast<const CallNode*>(node), to);
    case NodeKind::SuperCall:
      return compile_super_call(static_cast<const CallNode*>(node), to);
    case NodeKind::Member:
      return compile_member(static_cast<const MemberNode*>(node), to);
    case NodeKind::Index:
      return compile_index(static_cast<const IndexNode*>(node), to);
    case NodeKind::PrivateMember:
      return compile_private_member(static_cast<const PrivateMemberNode*>(node), to);
    case NodeKind::SuperMember:
    case NodeKind::SuperIndex:
      return compile_super_member(node, to);
    case NodeKind::OptionalChain:
      return compile_optional_chain(static_cast<const UnaryNode*>(node), to);
    case NodeKind::Sequence: {
      const auto items = static_cast<const ListNode*>(node)->items;
      for (const Node* item : items.first(items.size() - 1)) effect(item);
      return into(items.back(), to);
    }
    case NodeKind::Yield:
      return compile_yield(static_cast<const UnaryNode*>(node), to);
    case NodeKind::YieldStar:
      return compile_yield_star(static_cast<const UnaryNode*>(node), to);
    case NodeKind::Await: {
      const Temporaries temporaries(*this);
      const Register value = any(static_cast<const UnaryNode*>(node)->operand);
      return emit(Opcode::Await, at, {to, value});
    }
    default:
      builder_.fail("Unexpected syntax", at);
  }
}

bool FunctionCompiler::derived_this(const Identifier* node) const {
  return node->variable->scope->function->syntax == FunctionSyntax::DerivedConstructor;
}

void FunctionCompiler::compile_this(const Identifier* node, Register to) {
  if (!derived_this(node)) return load(node->variable, to, node->start, false);
  const Temporaries temporaries(*this);
  const Register value = node->variable->captured ? temporary() : Register{kThisRegister};
  load(node->variable, value, node->start, false);
  emit(Opcode::CheckThis, node->start, {value});
  emit(Opcode::Move, node->start, {to, value});
}

// ---- Literals

void FunctionCompiler::compile_template(const TemplateNode* node, Register to) {
  const Temporaries temporaries(*this);
  if (node->expressions.empty()) {
    return emit(Opcode::LoadConst, node->start,
                {to, builder_.constant(std::u16string_view(node->parts[0].cooked->text))});
  }
  std::uint32_t count = static_cast<std::uint32_t>(node->expressions.size());
  for (const TemplatePart& part : node->parts) count += part.cooked->text.empty() ? 0 : 1;
  const bool alone = count == 1;
  const Register first = temporary(count);
  Register next = first;
  for (std::size_t i = 0; i < node->parts.size(); ++i) {
    const std::u16string& text = node->parts[i].cooked->text;
    if (!text.empty()) {
      emit(Opcode::LoadConst, node->start, {next++, builder_.constant(std::u16string_view(text))});
    }
    if (i == node->expressions.size()) break;
    const Node* expression = node->expressions[i];
    into(expression, next);
    // Each value becomes a string before the next is computed; the last may wait.
    if (alone || i + 1 < node->expressions.size()) {
      emit(Opcode::ToString, expression->start, {alone ? to : next, next});
    }
    ++next;
  }
  if (!alone) {
    emit(Opcode::ConcatStrings, node->expressions.back()->start, {to, first, count});
  }
}

void FunctionCompiler::compile_array(const ListNode* node, Register to) {
  const Temporaries temporaries(*this);
  statement_has_begun();
  constexpr std::size_t kMaxWindow = 16;
  bool plain = node->items.size() <= kMaxWindow;
  for (const Node* item : node->items) {
    plain = plain && item != nullptr && item->kind != NodeKind::Spread;
  }
  if (plain) {
    const auto count = static_cast<std::uint32_t>(node->items.size());
    const Register first = temporary(std::max(count, 1u));
    for (std::uint32_t i = 0; i < count; ++i) into(node->items[i], first + i);
    return emit(Opcode::CreateArrayFrom, node->start, {to, first, count});
  }
  const Register array = temporary();
  emit(Opcode::CreateArray, node->start,
       {array, static_cast<std::int64_t>(std::min<std::size_t>(node->items.size(), 0xFFFF))});
  append_elements(node->items, array, 0);
  emit(Opcode::Move, node->start, {to, array});
}

/// `spread_position` overrides where errors of spreading are reported (calls), unless 0.
void FunctionCompiler::append_elements(List<Node*> items, Register array,
                                       std::uint32_t spread_position) {
  for (const Node* item : items) {
    const Temporaries temporaries(*this);
    if (item == nullptr) {
      emit(Opcode::ArrayPushHole, 0, {array});
    } else if (item->kind == NodeKind::Spread) {
      const Node* operand = static_cast<const UnaryNode*>(item)->operand;
      const Register value = any(operand);
      // V8 has words of its own for f(...x), where the spread comes last: see throw_not_iterable.
      const bool last_argument = spread_position != 0 && item == items[items.size() - 1];
      builder_.describe((last_argument ? u"..." : u"") + render_call_site(operand));
      emit(Opcode::ArraySpread, spread_position != 0 ? spread_position : report_position(operand),
           {array, value});
    } else {
      emit(Opcode::ArrayPush, item->start, {array, any(item)});
    }
  }
}

/// The keys the literal defines before anything unpredictable, for the final hidden class.
std::uint32_t FunctionCompiler::object_hint(const ListNode* node) {
  ObjectHint hint;
  for (const Node* item : node->items) {
    if (item->kind != NodeKind::Property) break;
    const auto* property = static_cast<const Property*>(item);
    const bool plain = property->property_kind == PropertyKind::Value ||
                       property->property_kind == PropertyKind::Shorthand ||
                       property->property_kind == PropertyKind::Method;
    if (!plain || property->computed || property->key->kind != NodeKind::String) break;
    const std::uint32_t key = builder_.name(static_cast<const StringNode*>(property->key)->value);
    if (key >= kNoIndex) break;
    hint.keys.push_back(static_cast<CodeUnit>(key));
  }
  if (hint.keys.empty() || result_->object_hints.size() >= kNoIndex) return kNoIndex;
  result_->object_hints.push_back(std::move(hint));
  return static_cast<std::uint32_t>(result_->object_hints.size() - 1);
}

void FunctionCompiler::compile_object(const ListNode* node, Register to) {
  const Temporaries temporaries(*this);
  const Register object = temporary();
  emit(Opcode::CreateObject, node->start, {object, object_hint(node)});
  for (const Node* item : node->items) {
    const Temporaries inner(*this);
    if (item->kind == NodeKind::Spread) {
      const Node* operand = static_cast<const UnaryNode*>(item)->operand;
      emit(Opcode::CopyProperties, operand->start, {object, any(operand)});
    } else {
      compile_property(static_cast<const Property*>(item), object);
    }
  }
  emit(Opcode::Move, node->start, {to, object});
}

void FunctionCompiler::compile_property(const Property* property, Register object) {
  const std::uint32_t at = property->start;
  const PropertyKind kind = property->property_kind;
  if (kind == PropertyKind::Prototype) {
    return emit(Opcode::SetPrototype, at, {object, any(property->value)});
  }
  const bool method =
      kind == PropertyKind::Method || kind == PropertyKind::Getter || kind == PropertyKind::Setter;
  const auto method_value = [&] {
    const Register closure = temporary();
    make_method(static_cast<const FunctionNode*>(property->value)->function, closure, object, at);
    return closure;
  };
  const bool accessor = kind == PropertyKind::Getter || kind == PropertyKind::Setter;
  if (!property->computed && property->key->kind == NodeKind::String && !accessor) {
    const Register value = method ? method_value() : any(property->value);
    const std::uint32_t name = builder_.name(static_cast<const StringNode*>(property->key)->value);
    return emit(Opcode::DefineNamed, at, {object, name, value});
  }
  const Register key = temporary();
  into(property->key, key);
  if (property->computed) emit(Opcode::ToPropertyKey, property->key->start, {key, key});
  const CodeUnit flags = kind == PropertyKind::Getter   ? kDefineGetter
                         : kind == PropertyKind::Setter ? kDefineSetter
                                                        : kDefineValue;
  if (method) {
    const Register closure = method_value();
    const bool named =
        static_cast<const FunctionNode*>(property->value)->function->inferred_name != nullptr;
    if (!named) emit(Opcode::SetFunctionName, at, {closure, key, flags});
    return emit(Opcode::DefineMethod, at, {object, key, closure, flags | kDefineEnumerable});
  }
  const Register value = temporary();
  compile_function_value(property->value, value, key);
  emit(Opcode::DefineKeyed, at, {object, key, value});
}

/// A value that, if it is an anonymous function or class, gets its name from a computed key.
void FunctionCompiler::compile_function_value(const Node* value, Register to, Register key) {
  into(value, to);
  bool anonymous = false;
  if (value->kind == NodeKind::FunctionExpression) {
    const Function* function = static_cast<const FunctionNode*>(value)->function;
    anonymous = function->name == nullptr && function->inferred_name == nullptr;
  } else if (value->kind == NodeKind::ClassExpression) {
    const Class* definition = static_cast<const ClassNode*>(value)->definition;
    anonymous = definition->name == nullptr && definition->inferred_name == nullptr;
  }
  if (anonymous) emit(Opcode::SetFunctionName, value->start, {to, key, kDefineValue});
}

// ---- Operators

void FunctionCompiler::compile_unary(const UnaryNode* node, Register to) {
  const Temporaries temporaries(*this);
  const std::uint32_t at = node->start;
  switch (node->op) {
    case Operator::Void:
      effect(node->operand);
      return emit(Opcode::LoadUndefined, at, {to});
    case Operator::Delete:
      return compile_delete(node->operand, to, at);
    case Operator::TypeOf: {
      const auto* name = static_cast<const Identifier*>(node->operand);
      const bool global = node->operand->kind == NodeKind::Identifier && name->variable == nullptr;
      Register value = kNoRegister;
      if (global) {
        value = temporary();
        emit(Opcode::GetGlobalOrUndefined, at, {value, builder_.name(name->name)});
      } else {
        value = any(node->operand);
      }
      return emit(Opcode::TypeOf, at, {to, value});
    }
    case Operator::Not:
      return emit(Opcode::Not, at, {to, any(node->operand)});
    case Operator::Sub:
      if (node->operand->kind == NodeKind::Number) {
        return load_number(-static_cast<const NumberNode*>(node->operand)->value, to, at);
      }
      return emit(Opcode::Negate, at, {to, any(node->operand)});
    case Operator::Add:
      return emit(Opcode::ToNumeric, at, {to, any(node->operand)});
    default:
      return emit(Opcode::BitNot, at, {to, any(node->operand)});
  }
}

void FunctionCompiler::compile_delete(const Node* target, Register to, std::uint32_t position) {
  switch (target->kind) {
    case NodeKind::Member: {
      const auto* member = static_cast<const MemberNode*>(target);
      const Register object = any(member->object);
      chain_check(member->optional, object, position);
      return emit(Opcode::DeleteNamed, position, {to, object, builder_.name(member->name)});
    }
    case NodeKind::Index: {
      const auto* index = static_cast<const IndexNode*>(target);
      const Register object = any_before(index->object, index->key->start, index->key->end);
      chain_check(index->optional, object, position);
      const Register key = any(index->key);
      return emit(Opcode::DeleteKeyed, position, {to, object, key});
    }
    case NodeKind::OptionalChain: {
      CodeLabel missing;
      CodeLabel end;
      CodeLabel* const outer = std::exchange(chain_exit_, &missing);
      compile_delete(static_cast<const UnaryNode*>(target)->operand, to, position);
      chain_exit_ = outer;
      jump(end, position);
      builder_.bind(missing);
      emit(Opcode::LoadTrue, position, {to});
      return builder_.bind(end);
    }
    case NodeKind::SuperMember:
    case NodeKind::SuperIndex:
      return emit(Opcode::ThrowReferenceError, position,
                  {builder_.constant(std::u16string_view(u"Unsupported reference to 'super'"))});
    case NodeKind::Identifier: {
      const auto* name = static_cast<const Identifier*>(target);
      if (name->variable != nullptr) return emit(Opcode::LoadFalse, position, {to});
      // A property of the global object: V8 deletes it when it is configurable.
      const Register global = temporary();
      emit(Opcode::GetGlobal, position,
           {global, builder_.name(atoms_.intern(std::string_view("globalThis")))});
      return emit(Opcode::DeleteNamed, position, {to, global, builder_.name(name->name)});
    }
    default:
      effect(target);
      return emit(Opcode::LoadTrue, position, {to});
  }
}

namespace {

Opcode binary_opcode(Operator op) {
  switch (op) {
    case Operator::Add:
    case Operator::AssignAdd:
      return Opcode::Add;
    case Operator::Sub:
    case Operator::AssignSub:
      return Opcode::Sub;
    case Operator::Mul:
    case Operator::AssignMul:
      return Opcode::Mul;
    case Operator::Div:
    case Operator::AssignDiv:
      return Opcode::Div;
    case Operator::Mod:
    case Operator::AssignMod:
      return Opcode::Mod;
    case Operator::Exp:
    case Operator::AssignExp:
      return Opcode::Exp;
    case Operator::BitAnd:
    case Operator::AssignBitAnd:
      return Opcode::BitAnd;
    case Operator::BitOr:
    case Operator::AssignBitOr:
      return Opcode::BitOr;
    case Operator::BitXor:
    case Operator::AssignBitXor:
      return Opcode::BitXor;
    case Operator::ShiftLeft:
    case Operator::AssignShiftLeft:
      return Opcode::ShiftLeft;
    case Operator::ShiftRight:
    case Operator::AssignShiftRight:
      return Opcode::ShiftRight;
    case Operator::ShiftRightUnsigned:
    case Operator::AssignShiftRightUnsigned:
      return Opcode::ShiftRightUnsigned;
    case Operator::Equal:
      return Opcode::Equal;
    case Operator::NotEqual:
      return Opcode::NotEqual;
    case Operator::StrictEqual:
      return Opcode::StrictEqual;
    case Operator::StrictNotEqual:
      return Opcode::StrictNotEqual;
    case Operator::Less:
      return Opcode::Less;
    case Operator::LessEqual:
      return Opcode::LessEqual;
    case Operator::Greater:
      return Opcode::Greater;
    case Operator::GreaterEqual:
      return Opcode::GreaterEqual;
    case Operator::In:
      return Opcode::In;
    default:
      return Opcode::InstanceOf;
  }
}

/// The variant with a small integer on the right, if there is one and it takes this value.
std::optional<Opcode> immediate_opcode(Operator op, double value) {
  if (value != std::trunc(value) || value < -0x8000 || value > 0x7FFF) return std::nullopt;
  if (value == 0 && std::signbit(value)) return std::nullopt;
  const bool shift = value >= 0 && value <= 31;
  switch (op) {
    case Operator::Add:
    case Operator::AssignAdd:
      return Opcode::AddInt;
    case Operator::Sub:
    case Operator::AssignSub:
      return Opcode::SubInt;
    case Operator::Mul:
    case Operator::AssignMul:
      return Opcode::MulInt;
    case Operator::Mod:
    case Operator::AssignMod:
      return value > 0 ? std::optional(Opcode::ModInt) : std::nullopt;
    case Operator::BitAnd:
    case Operator::AssignBitAnd:
      return Opcode::BitAndInt;
    case Operator::BitOr:
    case Operator::AssignBitOr:
      return Opcode::BitOrInt;
    case Operator::ShiftLeft:
    case Operator::AssignShiftLeft:
      return shift ? std::optional(Opcode::ShiftLeftInt) : std::nullopt;
    case Operator::ShiftRight:
    case Operator::AssignShiftRight:
      return shift ? std::optional(Opcode::ShiftRightInt) : std::nullopt;
    case Operator::ShiftRightUnsigned:
    case Operator::AssignShiftRightUnsigned:
      return shift ? std::optional(Opcode::ShiftRightUnsignedInt) : std::nullopt;
    default:
      return std::nullopt;
  }
}

std::optional<double> number_literal(const Node* node) {
  if (node->kind == NodeKind::Number) return static_cast<const NumberNode*>(node)->value;
  if (node->kind != NodeKind::Unary) return std::nullopt;
  const auto* unary = static_cast<const UnaryNode*>(node);
  if (unary->op != Operator::Sub || unary->operand->kind != NodeKind::Number) return std::nullopt;
  return -static_cast<const NumberNode*>(unary->operand)->value;
}

}  // namespace

void FunctionCompiler::arithmetic(Operator op, Register to, Register left, Register right,
                                  std::uint32_t position) {
  emit(binary_opcode(op), position, {to, left, right});
}

bool FunctionCompiler::compile_binary_immediate(const BinaryNode* node, Register left,
                                                Register to) {
  const std::optional<double> value = number_literal(node->right);
  if (!value) return false;
  const std::optional<Opcode> op = immediate_opcode(node->op, *value);
  if (!op) return false;
  emit(*op, node->op_position, {to, left, static_cast<std::int64_t>(*value)});
  return true;
}

/// Left-leaning chains (a + b + c ...) are walked in a loop: they can be very long.
void FunctionCompiler::compile_binary(const BinaryNode* node, Register to) {
  const Temporaries temporaries(*this);
  std::vector<const BinaryNode*> spine{node};
  while (spine.back()->left->kind == NodeKind::Binary) {
    spine.push_back(static_cast<const BinaryNode*>(spine.back()->left));
  }
  const BinaryNode* innermost = spine.back();
  Register left = any_before(innermost->left, innermost->right->start, innermost->right->end);
  const Register accumulator = spine.size() > 1 ? temporary() : to;
  for (std::size_t i = spine.size(); i-- > 0;) {
    const BinaryNode* step = spine[i];
    const Register result = i == 0 ? to : accumulator;
    const Temporaries inner(*this);
    if (!compile_binary_immediate(step, left, result)) {
      const Register right = any(step->right);
      emit(binary_opcode(step->op), step->op_position, {result, left, right});
    }
    left = result;
  }
}

void FunctionCompiler::compile_logical(const BinaryNode* node, Register to) {
  const Temporaries temporaries(*this);
  std::vector<const BinaryNode*> spine{node};
  while (spine.back()->left->kind == NodeKind::Logical) {
    spine.push_back(static_cast<const BinaryNode*>(spine.back()->left));
  }
  into(spine.back()->left, to);
  // a && b || c: each operator skips its own right side, in the order they are evaluated.
  for (auto step = spine.rbegin(); step != spine.rend(); ++step) {
    CodeLabel skip;
    const Opcode op = (*step)->op == Operator::And  ? Opcode::JumpIfFalse
                      : (*step)->op == Operator::Or ? Opcode::JumpIfTrue
                                                    : Opcode::JumpIfNotNullish;
    builder_.emit_jump(op, (*step)->op_position, {to}, skip);
    into((*step)->right, to);
    builder_.bind(skip);
  }
}

// ---- Members

void FunctionCompiler::chain_check(bool optional, Register object, std::uint32_t position) {
  if (optional) builder_.emit_jump(Opcode::JumpIfNullish, position, {object}, *chain_exit_);
}

void FunctionCompiler::compile_optional_chain(const UnaryNode* node, Register to) {
  CodeLabel missing;
  CodeLabel end;
  CodeLabel* const outer = std::exchange(chain_exit_, &missing);
  into(node->operand, to);
  chain_exit_ = outer;
  jump(end, node->start);
  builder_.bind(missing);
  emit(Opcode::LoadUndefined, node->start, {to});
  builder_.bind(end);
}

void FunctionCompiler::compile_member(const MemberNode* node, Register to) {
  const Temporaries temporaries(*this);
  const Register object = any(node->object);
  chain_check(node->optional, object, node->name_position);
  emit(Opcode::GetNamed, node->name_position, {to, object, builder_.name(node->name)});
}

void FunctionCompiler::compile_index(const IndexNode* node, Register to) {
  const Temporaries temporaries(*this);
  const Register object = any_before(node->object, node->key->start, node->key->end);
  chain_check(node->optional, object, node->bracket);
  const Register key = any(node->key);
  emit(Opcode::GetKeyed, node->bracket, {to, object, key});
}

void FunctionCompiler::compile_private_member(const PrivateMemberNode* node, Register to) {
  const Temporaries temporaries(*this);
  const Register object = any(node->object);
  chain_check(node->optional, object, node->name->start);
  const Register key = any(node->name);
  emit(Opcode::GetPrivate, node->name->start, {to, object, key});
}

void FunctionCompiler::compile_super_member(const Node* node, Register to) {
  const Temporaries temporaries(*this);
  load_target(prepare_target(node, 0, 0), to);
}

}  // namespace heaplab::interp
