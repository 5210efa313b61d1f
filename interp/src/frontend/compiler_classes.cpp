// SPDX-License-Identifier: MIT
#include "compiler_impl.h"

namespace heaplab::interp {

void FunctionCompiler::compile_class(Class* definition, Register to) {
  const Temporaries temporaries(*this);
  Scope* const outer = scope_;
  const std::uint32_t at = definition->start;
  enter_scope(definition->scope, at);
  for (const Variable* variable : definition->scope->variables) {
    if (variable->kind != VariableKind::Private) continue;
    const Temporaries inner(*this);
    const Register key = temporary();
    emit(Opcode::CreatePrivateName, at, {key, builder_.name(variable->name)});
    store(variable, key, at);
  }
  Register heritage = kNoRegister;
  std::uint32_t class_position = at;
  if (definition->heritage != nullptr) {
    heritage = temporary();
    into(definition->heritage, heritage);
    if (definition->heritage->kind == NodeKind::Member) {
      class_position = static_cast<const MemberNode*>(definition->heritage)->name_position;
    }
  }
  // The constructor goes by the class's name.
  Function* constructor = definition->constructor;
  constructor->name = definition->name;
  constructor->inferred_name = definition->inferred_name;
  const Register base = temporary(2);
  const Register prototype = base + 1;
  const std::uint32_t index = add_function(constructor);
  {
    const Temporaries inner(*this);
    const Register context = closure_context(at);
    emit(Opcode::CreateClass, class_position, {base, index, context, heritage});
  }
  for (const ClassMember* member : definition->members) define_member(member, base);
  if (definition->name_variable != nullptr) store(definition->name_variable, base, at);
  if (definition->instance_initializer != nullptr) {
    const Temporaries inner(*this);
    const Register initializer = temporary();
    make_method(definition->instance_initializer, initializer, prototype, at);
    emit(Opcode::SetFieldInitializer, at, {base, initializer});
  }
  if (definition->static_initializer != nullptr) {
    const Temporaries inner(*this);
    const Register window = temporary(2);
    make_method(definition->static_initializer, window, base, at);
    emit(Opcode::Move, at, {window + 1, base});
    emit(Opcode::Call, at, {window, window, 0});
  }
  emit(Opcode::Move, at, {to, base});
  scope_ = outer;
}

/// What happens to a member while the class is being made; the rest is up to the initialisers.
void FunctionCompiler::define_member(const ClassMember* member, Register constructor) {
  const Temporaries temporaries(*this);
  const std::uint32_t at = member->start;
  const Register home = member->is_static ? constructor : constructor + 1;
  if (member->syntax == MemberSyntax::StaticBlock) return;
  if (member->syntax == MemberSyntax::Field) {
    if (!member->computed) return;
    const Register key = temporary();
    into(member->key, key);
    emit(Opcode::ToPropertyKey, member->key->start, {key, key});
    return store(member->key_variable, key, at);
  }
  const CodeUnit kind = member->syntax == MemberSyntax::Getter   ? kDefineGetter
                        : member->syntax == MemberSyntax::Setter ? kDefineSetter
                                                                 : kDefineValue;
  const Register closure = temporary();
  if (member->private_name != nullptr) {
    make_method(member->function, closure, home, at);
    return store(member->key_variable, closure, at);
  }
  const Register key = temporary();
  into(member->key, key);
  if (member->computed) emit(Opcode::ToPropertyKey, member->key->start, {key, key});
  make_method(member->function, closure, home, at);
  if (member->function->inferred_name == nullptr) {
    emit(Opcode::SetFunctionName, at, {closure, key, kind});
  }
  emit(Opcode::DefineMethod, at, {home, key, closure, kind});
}

void FunctionCompiler::compile_initializer_body() {
  for (const ClassMember* member : function_->initializers) compile_initializer(member);
}

void FunctionCompiler::compile_initializer(const ClassMember* member) {
  const Temporaries temporaries(*this);
  const std::uint32_t at = member->start;
  if (member->syntax == MemberSyntax::StaticBlock) {
    const Register window = temporary(2);
    make_method(member->function, window, kThisRegister, at);
    emit(Opcode::Move, at, {window + 1, kThisRegister});
    return emit(Opcode::Call, at, {window, window, 0});
  }
  if (member->syntax != MemberSyntax::Field) {
    const PrivateKind kind = member->syntax == MemberSyntax::Getter   ? PrivateKind::Getter
                             : member->syntax == MemberSyntax::Setter ? PrivateKind::Setter
                                                                      : PrivateKind::Method;
    const Register key = any(member->private_name);
    const Register closure = any(member->key_reference);
    return emit(Opcode::DefinePrivate, at,
                {kThisRegister, key, closure, static_cast<CodeUnit>(kind)});
  }
  Register key = kNoRegister;
  if (member->private_name != nullptr) {
    key = any(member->private_name);
  } else if (member->computed) {
    key = any(member->key_reference);
  } else if (member->key->kind != NodeKind::String) {
    key = any(member->key);
  }
  const Register value = temporary();
  if (member->value == nullptr) {
    emit(Opcode::LoadUndefined, at, {value});
  } else if (key != kNoRegister && member->private_name == nullptr) {
    compile_function_value(member->value, value, key);
  } else {
    into(member->value, value);
  }
  if (member->private_name != nullptr) {
    return emit(Opcode::DefinePrivate, at,
                {kThisRegister, key, value, static_cast<CodeUnit>(PrivateKind::Field)});
  }
  if (key != kNoRegister) return emit(Opcode::DefineKeyed, at, {kThisRegister, key, value});
  emit(Opcode::DefineNamed, at,
       {kThisRegister, builder_.name(static_cast<const StringNode*>(member->key)->value), value});
}

}  // namespace heaplab::interp
