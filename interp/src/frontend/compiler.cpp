// SPDX-License-Identifier: MIT
// Entry points, function prologues, scopes and variables.
#include "heaplab/interp/compiler.h"

#include "compiler_impl.h"
#include "heaplab/interp/parser.h"

namespace heaplab::interp {

std::unique_ptr<FunctionTemplate> compile_function_body(
    std::shared_ptr<const Source> source, std::span<const std::u16string> parameters) {
  Program program;
  parse_function_body(source, parameters, program);
  analyze_scopes(program, source);
  CompilationState state{program, source, {}};
  return FunctionCompiler(state, program.function).compile();
}

std::unique_ptr<FunctionTemplate> compile_module(std::shared_ptr<const Source> source) {
  const std::u16string parameters[] = {u"exports", u"require", u"module", u"__filename",
                                       u"__dirname"};
  return compile_function_body(std::move(source), parameters);
}

std::unique_ptr<FunctionTemplate> compile_script(std::shared_ptr<const Source> source) {
  return compile_function_body(std::move(source), {});
}

namespace {

FunctionKind kind_of(const Function& function) {
  switch (function.syntax) {
    case FunctionSyntax::Normal:
      return FunctionKind::Normal;
    case FunctionSyntax::Arrow:
      return FunctionKind::Arrow;
    case FunctionSyntax::Method:
      return FunctionKind::Method;
    case FunctionSyntax::Getter:
      return FunctionKind::Getter;
    case FunctionSyntax::Setter:
      return FunctionKind::Setter;
    case FunctionSyntax::Constructor:
      return FunctionKind::ClassConstructor;
    case FunctionSyntax::DerivedConstructor:
      return FunctionKind::DerivedConstructor;
    case FunctionSyntax::Initializer:
      return FunctionKind::ClassInitializer;
  }
  return FunctionKind::Normal;
}

std::u16string name_of(const Function& function) {
  const Atom name = function.name != nullptr ? function.name : function.inferred_name;
  if (name == nullptr) return {};
  if (function.syntax == FunctionSyntax::Getter) return u"get " + name->text;
  if (function.syntax == FunctionSyntax::Setter) return u"set " + name->text;
  return name->text;
}

}  // namespace

FunctionCompiler::FunctionCompiler(CompilationState& state, Function* function)
    : state_(state),
      program_(state.program),
      atoms_(state.program.atoms),
      function_(function),
      result_(std::make_unique<FunctionTemplate>()),
      builder_(*result_, state.source) {}

void FunctionCompiler::check_depth(const NestingLimit::Level& level, const Node* node) const {
  if (!level.ok()) builder_.fail(kNestedTooDeeply, node->start);
}

std::unique_ptr<FunctionTemplate> FunctionCompiler::compile() {
  FunctionTemplate& t = *result_;
  t.source = state_.source;
  t.name = name_of(*function_);
  t.kind = kind_of(*function_);
  t.is_async = function_->is_async;
  t.is_generator = function_->is_generator;
  t.strict = function_->strict;
  t.uses_this = function_->uses_this;
  t.has_simple_parameters = function_->simple_parameters;
  t.start = function_->start;
  t.end = function_->end;
  t.position = function_->name_position;
  compile_prologue();
  if (function_->has_default_constructor_body) compile_default_constructor();
  compile_body();
  builder_.finish();
  return std::move(result_);
}

void FunctionCompiler::compile_prologue() {
  FunctionTemplate& t = *result_;
  builder_.allocate(kFirstParameterRegister);
  bool counts = true;  // parameters from the first default on do not count for `length`
  for (const Node* parameter : function_->parameters) {
    if (parameter->kind == NodeKind::RestPattern) break;
    builder_.allocate();
    ++t.parameter_count;
    if (parameter->kind == NodeKind::AssignPattern) counts = false;
    if (counts) ++t.length;
  }
  scope_ = function_->scope;
  const bool has_rest =
      !function_->parameters.empty() && function_->parameters.back()->kind == NodeKind::RestPattern;
  if (has_rest) t.rest_register = static_cast<CodeUnit>(builder_.allocate());
  if (function_->arguments_variable != nullptr) {
    t.arguments_register = static_cast<CodeUnit>(builder_.allocate());
  }
  const std::uint32_t position = function_->start;
  if (scope_->needs_context) create_context(scope_, position);
  bind_pseudo_variables();
  bind_parameters();
  enter_body_scope();
  if (function_->is_generator) emit(Opcode::InitialYield, function_->parameters_start);
  if (function_->syntax == FunctionSyntax::Constructor && function_->has_fields) {
    emit(Opcode::InitializeFields, function_->name_position, {kThisRegister, kCalleeRegister});
  }
}

/// this, arguments, new.target, the function itself: registers, copied to the context if captured.
void FunctionCompiler::bind_pseudo_variables() {
  const std::uint32_t position = function_->start;
  const auto bind = [&](Variable* variable, Register reg) {
    if (variable == nullptr) return;
    variable->reg = static_cast<CodeUnit>(reg);
    if (variable->captured) store(variable, reg, position);
  };
  bind(function_->this_variable, kThisRegister);
  bind(function_->active_function_variable, kCalleeRegister);
  bind(function_->arguments_variable, result_->arguments_register);
  if (Variable* own = function_->own_name_variable;
      own != nullptr && own->kind == VariableKind::FunctionName) {
    bind(own, kCalleeRegister);
  }
  if (Variable* target = function_->new_target_variable) {
    const Register reg = builder_.allocate();
    emit(Opcode::LoadNewTarget, position, {reg});
    bind(target, reg);
  }
}

void FunctionCompiler::bind_parameters() {
  // Plain names first: their arguments are there already.
  Register argument = kFirstParameterRegister;
  for (Node* parameter : function_->parameters) {
    const bool rest = parameter->kind == NodeKind::RestPattern;
    const Node* target = rest ? static_cast<UnaryNode*>(parameter)->operand : parameter;
    const Register from = rest ? result_->rest_register : argument++;
    if (target->kind == NodeKind::AssignPattern) {
      target = static_cast<const BinaryNode*>(target)->left;
    }
    if (target->kind != NodeKind::Identifier) continue;
    for (Variable* variable : scope_->variables) {
      const bool match = variable->kind == VariableKind::Parameter &&
                         variable->name == static_cast<const Identifier*>(target)->name;
      // One whose absence an earlier default could see keeps the argument apart until its turn.
      if (match && !variable->needs_hole) variable->reg = static_cast<CodeUnit>(from);
    }
  }
  for (Variable* variable : scope_->variables) {
    const bool declared = variable->kind == VariableKind::Parameter;
    if (variable->captured || variable->reg != kNoRegister ||
        variable->kind == VariableKind::FunctionName) {
      continue;
    }
    allocate_variable(variable, function_->start);
    if (declared && variable->needs_hole) {
      emit(Opcode::LoadHole, function_->parameters_start, {variable->reg});
    }
  }
  for (Variable* variable : scope_->variables) {
    if (variable->kind == VariableKind::Parameter && variable->captured && variable->needs_hole) {
      const Temporaries temporaries(*this);
      const Register hole = temporary();
      emit(Opcode::LoadHole, function_->parameters_start, {hole});
      store(variable, hole, function_->parameters_start);
    }
  }
  argument = kFirstParameterRegister;
  for (Node* parameter : function_->parameters) {
    if (parameter->kind == NodeKind::RestPattern) {
      bind_parameter(static_cast<UnaryNode*>(parameter)->operand, result_->rest_register);
    } else {
      bind_parameter(parameter, argument++);
    }
  }
}

void FunctionCompiler::bind_parameter(Node* parameter, Register argument) {
  const Temporaries temporaries(*this);
  const Node* target = parameter;
  if (parameter->kind == NodeKind::AssignPattern) {
    const auto* assign = static_cast<BinaryNode*>(parameter);
    compile_pattern_default(assign, argument);
    target = assign->left;
  }
  compile_pattern(target, argument, PatternUse::Declare, nullptr, u"undefined");
}

void FunctionCompiler::enter_body_scope() {
  if (function_->body_scope == nullptr) {
    instantiate_functions(scope_);
    return initialize_holes(scope_, function_->body_start);
  }
  Scope* body = function_->body_scope;
  enter_scope(body, function_->body_start);
  for (const Variable* variable : body->variables) {
    // A var named like a parameter starts with its value.
    if (variable->initial_value == nullptr || variable->kind != VariableKind::Var) continue;
    const Temporaries temporaries(*this);
    const Register value = temporary();
    load(variable->initial_value, value, function_->body_start, false);
    store(variable, value, function_->body_start);
  }
}

void FunctionCompiler::compile_body() {
  if (function_->syntax == FunctionSyntax::Initializer) compile_initializer_body();
  if (function_->expression_body != nullptr) {
    const Temporaries temporaries(*this);
    const Register value = any(function_->expression_body);
    emit(Opcode::Return, function_->expression_body->start, {value});
    return;
  }
  statements(function_->body);
  if (!builder_.reachable()) return;
  const std::uint32_t end =
      function_->syntax == FunctionSyntax::DerivedConstructor &&
              !function_->has_default_constructor_body
          ? function_->parameters_start
          : (function_->end > function_->start ? function_->end - 1 : function_->start);
  if (function_->syntax != FunctionSyntax::DerivedConstructor) {
    return emit(Opcode::ReturnUndefined, end);
  }
  const Temporaries temporaries(*this);
  const Register value = temporary();
  emit(Opcode::LoadUndefined, end, {value});
  finish_return(value, end);
}

/// constructor(...args) { super(...args); }, without running the array iterator.
void FunctionCompiler::compile_default_constructor() {
  if (function_->syntax != FunctionSyntax::DerivedConstructor) return;
  const std::uint32_t position = function_->name_position;
  const Register target = temporary();  // below the window: spreading overwrites what is above
  const Register window = temporary(3);
  result_->rest_register = static_cast<CodeUnit>(window + 2);
  emit(Opcode::LoadNewTarget, position, {target});
  emit(Opcode::Move, position, {window, kCalleeRegister});
  emit(Opcode::SuperCallSpread, position, {kThisRegister, window, target});
  if (function_->has_fields) {
    emit(Opcode::InitializeFields, position, {kThisRegister, kCalleeRegister});
  }
  emit(Opcode::Return, position, {kThisRegister});
}

// ---- Scopes

std::uint32_t FunctionCompiler::add_scope_info(const Scope* scope) {
  ScopeInfo info;
  info.function_name = result_->name;
  info.position = scope->position;
  for (Variable* variable : scope->variables) {
    if (!variable->captured) continue;
    variable->slot = static_cast<CodeUnit>(info.names.size());
    info.names.push_back(variable->name->text);
  }
  if (info.names.size() >= kNoIndex)
    builder_.fail("Function too large (variables)", scope->position);
  result_->scopes.push_back(std::move(info));
  const auto index = static_cast<std::uint32_t>(result_->scopes.size() - 1);
  context_info_[scope] = index;
  return index;
}

/// The innermost context around (and including) `scope`, or kNoRegister if there is none at all.
Register FunctionCompiler::enclosing_context(const Scope* scope, std::uint32_t position) {
  for (; scope != nullptr && scope->function == function_; scope = scope->outer) {
    if (scope->needs_context && scope->context_register != kNoRegister) {
      return scope->context_register;
    }
  }
  for (; scope != nullptr; scope = scope->outer) {
    if (!scope->needs_context) continue;
    const Register outer = temporary();
    emit(Opcode::LoadOuterContext, position, {outer});
    return outer;
  }
  return kNoRegister;
}

void FunctionCompiler::create_context(Scope* scope, std::uint32_t position) {
  const Register context = builder_.allocate();
  const Temporaries temporaries(*this);
  const Register parent = enclosing_context(scope->outer, position);
  emit(Opcode::CreateContext, position, {context, parent, add_scope_info(scope)});
  scope->context_register = static_cast<CodeUnit>(context);
}

/// Gives a variable a register; a `var` must start as undefined even where a temporary has been.
void FunctionCompiler::allocate_variable(Variable* variable, std::uint32_t position) {
  const bool fresh = builder_.is_fresh(builder_.top());
  variable->reg = static_cast<CodeUnit>(builder_.allocate());
  if (!fresh && variable->kind == VariableKind::Var) {
    emit(Opcode::LoadUndefined, position, {variable->reg});
  }
}

/// Makes `scope` the current one: registers, context, TDZ marks, function declarations.
void FunctionCompiler::enter_scope(Scope* scope, std::uint32_t position) {
  scope_ = scope;
  if (scope->needs_context) create_context(scope, position);
  for (Variable* variable : scope->variables) {
    if (!variable->captured) allocate_variable(variable, position);
  }
  initialize_holes(scope, position);
  instantiate_functions(scope);
}

void FunctionCompiler::initialize_holes(Scope* scope, std::uint32_t position) {
  const Temporaries temporaries(*this);
  Register hole = kNoRegister;
  for (const Variable* variable : scope->variables) {
    const bool marked = variable->is_lexical() && variable->needs_hole;
    if (!variable->captured && variable->reg != kNoRegister &&
        variable->kind != VariableKind::Hidden) {
      result_->register_names.push_back({variable->reg, variable->name->text});
    }
    if (!marked) continue;
    if (!variable->captured) {
      emit(Opcode::LoadHole, position, {variable->reg});
      continue;
    }
    if (hole == kNoRegister) {
      hole = temporary();
      emit(Opcode::LoadHole, position, {hole});
    }
    store(variable, hole, position);
  }
}

void FunctionCompiler::instantiate_functions(Scope* scope) {
  for (const FunctionNode* node : scope->functions) {
    const Temporaries temporaries(*this);
    const bool direct = !node->variable->captured;
    const Register closure = direct ? node->variable->reg : temporary();
    make_closure(node->function, closure, node->function->name_position);
    if (!direct) store(node->variable, closure, node->function->name_position);
  }
}

// ---- Variables

/// How many contexts lie between the running function's closure context and `target`'s.
std::uint32_t FunctionCompiler::context_depth(const Scope* target) const {
  std::uint32_t depth = 0;
  for (const Scope* s = function_->outer_scope; s != target; s = s->outer) {
    if (s->needs_context) ++depth;
  }
  return depth;
}

/// The register that is the variable, if it is one and needs no check.
std::optional<Register> FunctionCompiler::variable_register(const Identifier* reference) const {
  const Variable* variable = reference->variable;
  if (variable == nullptr || variable->captured || reference->needs_hole_check) return std::nullopt;
  return variable->reg;
}

void FunctionCompiler::load(const Variable* variable, Register to, std::uint32_t position,
                            bool check) {
  const Scope* scope = variable->scope;
  if (!variable->captured) {
    if (check) emit(Opcode::CheckHole, position, {variable->reg, builder_.name(variable->name)});
    if (to != variable->reg) emit(Opcode::Move, position, {to, variable->reg});
    return;
  }
  if (scope->function == function_) {
    if (!check) {
      return emit(Opcode::GetSlot, position, {to, scope->context_register, variable->slot});
    }
    return emit(Opcode::GetSlotChecked, position,
                {to, scope->context_register, variable->slot, builder_.name(variable->name)});
  }
  const std::uint32_t depth = context_depth(scope);
  if (!check) return emit(Opcode::GetOuter, position, {to, depth, variable->slot});
  emit(Opcode::GetOuterChecked, position,
       {to, depth, variable->slot, builder_.name(variable->name)});
}

void FunctionCompiler::store(const Variable* variable, Register value, std::uint32_t position) {
  const Scope* scope = variable->scope;
  if (!variable->captured) {
    if (value != variable->reg) emit(Opcode::Move, position, {variable->reg, value});
  } else if (scope->function == function_) {
    emit(Opcode::SetSlot, position, {scope->context_register, variable->slot, value});
  } else {
    emit(Opcode::SetOuter, position, {context_depth(scope), variable->slot, value});
  }
}

void FunctionCompiler::load_variable(const Identifier* reference, Register to) {
  if (reference->variable != nullptr) {
    const std::uint32_t at =
        reference->needs_hole_check ? load_position(reference->start) : reference->start;
    return load(reference->variable, to, at, reference->needs_hole_check);
  }
  // `undefined` cannot be redefined.
  if (reference->name->text == u"undefined") {
    return emit(Opcode::LoadUndefined, reference->start, {to});
  }
  emit(Opcode::GetGlobal, load_position(reference->start), {to, builder_.name(reference->name)});
}

void FunctionCompiler::check_initialized(const Identifier* reference, std::uint32_t position) {
  if (!reference->needs_hole_check) return;
  const Temporaries temporaries(*this);
  const Variable* variable = reference->variable;
  load(variable, variable->captured ? temporary() : variable->reg, position, true);
}

void FunctionCompiler::store_identifier(const Identifier* reference, Register value,
                                        std::uint32_t position, bool initialize) {
  const Variable* variable = reference->variable;
  if (variable == nullptr) {
    return emit(Opcode::SetGlobal, position, {builder_.name(reference->name), value});
  }
  if (!initialize) {
    check_initialized(reference, position);
    if (variable->kind == VariableKind::Const) {
      return emit(Opcode::ThrowConstAssign, position, {builder_.name(reference->name)});
    }
    if (variable->kind == VariableKind::FunctionName) {
      if (!function_->strict) return;  // silently keeps its value
      return emit(Opcode::ThrowConstAssign, position, {builder_.name(reference->name)});
    }
  }
  store(variable, value, position);
}

// ---- Functions inside

std::uint32_t FunctionCompiler::add_function(Function* function) {
  const NestingLimit::Level level(state_.nesting);
  if (!level.ok()) builder_.fail(kNestedTooDeeply, function->start);
  result_->functions.push_back(FunctionCompiler(state_, function).compile());
  return static_cast<std::uint32_t>(result_->functions.size() - 1);
}

void FunctionCompiler::make_closure(Function* function, Register to, std::uint32_t position) {
  const Temporaries temporaries(*this);
  const std::uint32_t index = add_function(function);
  const Register context = closure_context(position);
  emit(Opcode::MakeClosure, position, {to, index, context});
}

void FunctionCompiler::make_method(Function* function, Register to, Register home,
                                   std::uint32_t position) {
  const Temporaries temporaries(*this);
  const std::uint32_t index = add_function(function);
  const Register context = closure_context(position);
  emit(Opcode::MakeMethod, position, {to, index, context, home});
}

}  // namespace heaplab::interp
