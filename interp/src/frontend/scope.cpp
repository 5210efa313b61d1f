// SPDX-License-Identifier: MIT
#include "heaplab/interp/scope.h"

#include <algorithm>
#include <limits>

#include "nesting_guard.h"

namespace heaplab::interp {

Program::Program() = default;
Program::~Program() = default;

namespace {

constexpr std::uint32_t kNever = std::numeric_limits<std::uint32_t>::max();

class ScopeAnalyzer {
 public:
  ScopeAnalyzer(Program& program, const std::shared_ptr<const Source>& source)
      : program_(program), atoms_(program.atoms), source_(source) {}

  void run() { visit_function(program_.function, nullptr); }

 private:
  /// Opens a scope for as long as it lives.
  class ScopeGuard {
   public:
    ScopeGuard(ScopeAnalyzer& analyzer, ScopeKind kind, std::uint32_t position)
        : analyzer_(analyzer), scope_(analyzer.make_scope(kind, position)) {
      analyzer_.scope_ = scope_;
    }
    ~ScopeGuard() {
      for (auto v = scope_->variables.rbegin(); v != scope_->variables.rend(); ++v) {
        if ((*v)->name->binding == *v) (*v)->name->binding = (*v)->shadowed;
        if ((*v)->captured) scope_->needs_context = true;
      }
      analyzer_.scope_ = scope_->outer;
    }
    ScopeGuard(const ScopeGuard&) = delete;
    ScopeGuard& operator=(const ScopeGuard&) = delete;
    Scope* get() const { return scope_; }
    /// The scope, or nullptr if it declares nothing.
    Scope* used() const { return scope_->variables.empty() ? nullptr : scope_; }

   private:
    ScopeAnalyzer& analyzer_;
    Scope* scope_;
  };

  Scope* make_scope(ScopeKind kind, std::uint32_t position) {
    program_.scopes.push_back(std::make_unique<Scope>());
    Scope* scope = program_.scopes.back().get();
    scope->kind = kind;
    scope->function = function_;
    scope->outer = scope_;
    scope->position = position;
    return scope;
  }

  [[noreturn]] void fail(const std::string& message, std::uint32_t start, std::uint32_t end) const {
    throw SyntaxError(message, source_, start, end);
  }
  [[noreturn]] void fail_redeclared(Atom name, std::uint32_t position) const {
    fail("Identifier '" + utf16_to_utf8(name->text) + "' has already been declared", position,
         position + static_cast<std::uint32_t>(name->text.size()));
  }
  /// At the later of the two, as if the text were read from the front.
  [[noreturn]] void fail_redeclared(const Variable& existing, std::uint32_t position) const {
    fail_redeclared(existing.name, std::max(existing.declared_at, position));
  }
  void check_depth(const NestingLimit::Level& level, std::uint32_t position) const {
    if (!level.ok()) fail(kNestedTooDeeply, position, position + 1);
  }

  // ---- Declarations
  Variable* add_variable(Scope* scope, Atom name, VariableKind kind, std::uint32_t init_position) {
    auto* variable = program_.arena.make<Variable>(name, kind, scope, init_position);
    variable->shadowed = name->binding;
    name->binding = variable;
    scope->variables.push_back(variable);
    return variable;
  }

  /// A variable no name refers to.
  Variable* add_hidden(Scope* scope, Atom name) {
    auto* variable = program_.arena.make<Variable>(name, VariableKind::Hidden, scope, 0u);
    variable->shadowed = name->binding;  // the guard finds it unbound and leaves the name alone
    scope->variables.push_back(variable);
    return variable;
  }

  Variable* own_binding(Atom name) const {
    return name->binding != nullptr && name->binding->scope == scope_ ? name->binding : nullptr;
  }

  Variable* declare_lexical(Atom name, VariableKind kind, std::uint32_t position,
                            std::uint32_t init_position) {
    Variable* existing = own_binding(name);
    if (existing != nullptr && existing->kind == VariableKind::FunctionName) {
      existing->kind = kind;
      existing->init_position = init_position;
      return existing;
    }
    const bool parameter = scope_->kind == ScopeKind::Body && name->binding != nullptr &&
                           name->binding->scope == scope_->outer &&
                           name->binding->kind == VariableKind::Parameter;
    if (existing != nullptr) fail_redeclared(*existing, position);
    if (parameter) fail_redeclared(name, position);
    Variable* variable = add_variable(scope_, name, kind, init_position);
    variable->declared_at = position;
    return variable;
  }

  /// var and function at the top of a function: may repeat each other and parameters.
  Variable* declare_var(Atom name, VariableKind kind, std::uint32_t position) {
    Variable* existing = own_binding(name);
    if (existing == nullptr) {
      Variable* outer = name->binding;
      Variable* variable = add_variable(scope_, name, kind, 0);
      variable->declared_at = position;
      const bool parameter = scope_->kind == ScopeKind::Body && outer != nullptr &&
                             outer->scope == scope_->outer &&
                             outer->kind != VariableKind::FunctionName;
      if (parameter) {
        variable->initial_value = outer;
        outer->referenced = true;
      }
      return variable;
    }
    if (existing->is_lexical()) fail_redeclared(*existing, position);
    if (existing->kind == VariableKind::FunctionName) existing->kind = kind;
    return existing;
  }

  void declare_names(const Node* pattern, VariableKind kind, std::uint32_t init_position) {
    for_each_name(pattern, [&](const Identifier* name) {
      declare_lexical(name->name, kind, name->start, init_position);
    });
  }

  template <class Visitor>
  void for_each_name(const Node* pattern, const Visitor& visit) {
    switch (pattern->kind) {
      case NodeKind::Identifier:
        visit(static_cast<const Identifier*>(pattern));
        return;
      case NodeKind::AssignPattern:
        return for_each_name(static_cast<const BinaryNode*>(pattern)->left, visit);
      case NodeKind::RestPattern:
        return for_each_name(static_cast<const UnaryNode*>(pattern)->operand, visit);
      case NodeKind::Property:
        return for_each_name(static_cast<const Property*>(pattern)->value, visit);
      default:
        for (const Node* item : static_cast<const ListNode*>(pattern)->items) {
          if (item != nullptr) for_each_name(item, visit);
        }
    }
  }

  /// let, const, class and (in blocks) function declarations of a statement list.
  void declare_statements(List<Node*> statements, bool function_level) {
    for (Node* statement : statements) {
      switch (statement->kind) {
        case NodeKind::VariableDeclaration:
          declare_variables(static_cast<VariableDeclaration*>(statement));
          break;
        case NodeKind::ClassDeclaration: {
          auto* node = static_cast<ClassNode*>(statement);
          node->variable = declare_lexical(node->definition->name, VariableKind::Class,
                                           node->definition->name_position, node->end);
          break;
        }
        case NodeKind::Labeled:
        case NodeKind::FunctionDeclaration:
          declare_function(statement, function_level);
          break;
        default:
          break;
      }
    }
  }

  void declare_variables(const VariableDeclaration* declaration) {
    if (declaration->declaration_kind == DeclarationKind::Var) return;
    const bool is_const = declaration->declaration_kind == DeclarationKind::Const;
    for (const Declarator& d : declaration->declarators) {
      const std::uint32_t end = d.init != nullptr ? d.init->end : d.target->end;
      declare_names(d.target, is_const ? VariableKind::Const : VariableKind::Let, end);
    }
  }

  void declare_function(Node* statement, bool function_level) {
    while (statement->kind == NodeKind::Labeled) {
      statement = static_cast<LabeledNode*>(statement)->body;
    }
    if (statement->kind != NodeKind::FunctionDeclaration) return;
    auto* node = static_cast<FunctionNode*>(statement);
    const Function& function = *node->function;
    if (function_level) {
      node->variable = declare_var(function.name, VariableKind::Function, function.name_position);
    } else {
      Variable* existing = own_binding(function.name);
      const bool repeat = existing != nullptr && existing->plain_function && !function_->strict &&
                          !function.is_async && !function.is_generator;
      node->variable = repeat ? existing
                              : declare_lexical(function.name, VariableKind::Function,
                                                function.name_position, 0);
    }
    node->variable->plain_function = !function.is_async && !function.is_generator;
    scope_->functions.push_back(node);
  }

  /// A `var` may not hoist over a block's `let` of the same name; it may over a catch parameter.
  void check_var_hoisting(const Node* target) {
    for_each_name(target, [&](const Identifier* name) {
      for (Variable* v = name->name->binding; v != nullptr; v = v->shadowed) {
        if (v->scope->function != function_) break;
        if (v->scope->kind == ScopeKind::Function || v->scope->kind == ScopeKind::Body) break;
        if (v->is_lexical() || v->kind == VariableKind::Function) {
          fail_redeclared(*v, name->start);
        }
      }
    });
  }

  // ---- References
  Function* this_function() const {
    Function* f = function_;
    while (f->syntax == FunctionSyntax::Arrow) f = f->outer;
    return f;
  }

  void use(Identifier* reference, Variable* variable) {
    reference->variable = variable;
    variable->referenced = true;
    if (variable->scope->function != function_) variable->captured = true;
  }

  void resolve(Identifier* reference) {
    const Atom name = reference->name;
    if (name == atoms_.active_function) {
      return resolve_hidden(reference, &Function::active_function_variable);
    }
    Variable* variable = name->binding;
    if (name == atoms_.arguments) {
      const Function* owner = this_function();
      if (variable == nullptr || variable->scope->function->depth < owner->depth) {
        return resolve_hidden(reference, &Function::arguments_variable);
      }
    }
    if (variable == nullptr) {
      if (!name->text.empty() && name->text[0] == '#') {
        fail("Private field '" + utf16_to_utf8(name->text) +
                 "' must be declared in an enclosing class",
             reference->start, reference->end);
      }
      return;
    }
    use(reference, variable);
    if (may_be_uninitialized(*variable, reference->start)) {
      reference->needs_hole_check = true;
      variable->needs_hole = true;
    }
  }

  /// Code runs in source order within one instance of a scope, and a closure cannot run before it
  /// is made: so an access after the initialiser's end, or from a closure made after it, is safe.
  bool may_be_uninitialized(const Variable& variable, std::uint32_t position) const {
    if (!variable.is_lexical() && variable.kind != VariableKind::Parameter) return false;
    if (variable.scope->kind == ScopeKind::Switch) return true;
    for (const Function* f = function_; f != variable.scope->function; f = f->outer) {
      position = f->creation_position;
    }
    return position < variable.init_position;
  }

  void resolve_hidden(Identifier* reference, Variable* Function::*member) {
    Function* owner = this_function();
    if (owner->*member == nullptr) owner->*member = add_hidden(owner->scope, reference->name);
    use(reference, owner->*member);
  }

  void resolve_this(Identifier* reference) {
    this_function()->uses_this = true;
    resolve_hidden(reference, &Function::this_variable);
  }

  void resolve_super(Identifier* this_reference, Identifier* function_reference) {
    resolve_this(this_reference);
    resolve(function_reference);
  }

  // ---- Functions and classes
  void visit_function(Function* function, Variable* self) {
    const NestingLimit::Level level(nesting_);
    check_depth(level, function->start);
    static_cast<void>(self);
    function->outer = function_;
    function->outer_scope = scope_;
    function->depth = function_ != nullptr ? function_->depth + 1 : 0;
    if (function->creation_position == 0) function->creation_position = function->start;
    Function* const outer = std::exchange(function_, function);
    {
      ScopeGuard scope(*this, ScopeKind::Function, function->start);
      function->scope = scope.get();
      visit_function_inside(function);
    }
    function_ = outer;
  }

  void visit_function_inside(Function* function) {
    if (function->is_expression && function->name != nullptr) {
      function->own_name_variable =
          add_variable(scope_, function->name, VariableKind::FunctionName, 0);
    }
    declare_parameters(function);
    for (Node* parameter : function->parameters) visit_pattern(parameter);
    // `this` in a derived constructor is bound by super(), wherever that is called.
    if (function->syntax == FunctionSyntax::DerivedConstructor) {
      function->uses_this = true;
      function->this_variable = add_hidden(scope_, atoms_.this_);
    }
    for (ClassMember* member : function->initializers) visit_initializer(member);
    if (function->expression_body != nullptr) return visit(function->expression_body);
    if (!function->has_parameter_expressions) return visit_body(function);
    ScopeGuard body(*this, ScopeKind::Body, function->body_start);
    function->body_scope = body.get();
    visit_body(function);
  }

  void declare_parameters(Function* function) {
    for (const Node* parameter : function->parameters) {
      const std::uint32_t init = function->has_parameter_expressions ? parameter->end : 0;
      for_each_name(parameter, [&](const Identifier* name) {
        Variable* existing = own_binding(name->name);
        if (existing != nullptr && existing->kind == VariableKind::FunctionName) {
          existing->kind = VariableKind::Parameter;
          existing->init_position = init;
        } else if (existing == nullptr) {
          add_variable(scope_, name->name, VariableKind::Parameter, init);
        }
      });
    }
  }

  void visit_body(Function* function) {
    for (const VarDeclared& var : function->vars) {
      declare_var(var.name, VariableKind::Var, var.position);
    }
    declare_statements(function->body, true);
    for (FunctionNode* node : function->block_functions) hoist_block_function(node);
    visit_statements(function->body);
  }

  /// Annex B: a sloppy function in a block is also a `var` of the function, unless that would
  /// clash with a parameter or a lexical name.
  void hoist_block_function(FunctionNode* node) {
    const Atom name = node->function->name;
    Variable* existing = own_binding(name);
    const bool clash =
        (existing != nullptr &&
         (existing->is_lexical() || existing->kind == VariableKind::Parameter)) ||
        (scope_->kind == ScopeKind::Body && name->binding != nullptr &&
         name->binding->scope == scope_->outer && name->binding->kind == VariableKind::Parameter);
    if (!clash) node->var_variable = declare_var(name, VariableKind::Var, node->start);
  }

  /// Between the block and the function no `let` of that name may intervene.
  void check_block_function(FunctionNode* node) {
    if (node->var_variable == nullptr) return;
    for (Variable* v = node->function->name->binding; v != nullptr && v != node->var_variable;
         v = v->shadowed) {
      if (v != node->variable && v->is_lexical()) node->var_variable = nullptr;
      if (node->var_variable == nullptr) return;
    }
  }

  void visit_class(Class* definition) {
    const NestingLimit::Level level(nesting_);
    check_depth(level, definition->start);
    ScopeGuard scope(*this, ScopeKind::Class, definition->start);
    definition->scope = scope.get();
    if (definition->name != nullptr) {
      definition->name_variable =
          add_variable(scope_, definition->name, VariableKind::Const, kNever);
    }
    for (ClassMember* member : definition->members) {
      if (member->private_name != nullptr && own_binding(member->private_name->name) == nullptr) {
        add_variable(scope_, member->private_name->name, VariableKind::Private, 0);
      }
    }
    // The class's own name is not initialised while its heritage and computed keys run.
    if (definition->heritage != nullptr) visit(definition->heritage);
    for (ClassMember* member : definition->members) {
      if (member->computed) visit(member->key);
    }
    if (definition->name_variable != nullptr) definition->name_variable->init_position = 0;
    for (ClassMember* member : definition->members) visit_member(member);
    visit_function(definition->constructor, nullptr);
    if (definition->instance_initializer != nullptr) {
      visit_function(definition->instance_initializer, nullptr);
    }
    if (definition->static_initializer != nullptr) {
      visit_function(definition->static_initializer, nullptr);
    }
  }

  void visit_member(ClassMember* member) {
    const bool is_private = member->private_name != nullptr;
    if (member->syntax == MemberSyntax::Field) {
      if (member->computed) {
        member->key_variable =
            add_hidden(scope_, atoms_.intern(std::string_view("(computed key)")));
      }
      return;  // its value belongs to the initialiser function
    }
    if (member->syntax == MemberSyntax::StaticBlock) return;
    visit_function(member->function, nullptr);
    if (is_private) member->key_variable = add_hidden(scope_, member->private_name->name);
  }

  /// Inside an initialiser function: what defines one member.
  void visit_initializer(ClassMember* member) {
    if (member->private_name != nullptr) resolve(member->private_name);
    if (member->key_variable != nullptr) {
      member->key_reference = program_.arena.make<Identifier>(
          Node{NodeKind::Identifier, false, member->start, member->start},
          member->key_variable->name);
      use(member->key_reference, member->key_variable);
    }
    function_->uses_this = true;
    if (member->value != nullptr) visit(member->value);
    if (member->syntax == MemberSyntax::StaticBlock) visit_function(member->function, nullptr);
  }

  // ---- Statements
  void visit_statements(List<Node*> statements) {
    for (Node* statement : statements) visit(statement);
  }

  void visit_block(Block* block) {
    ScopeGuard scope(*this, ScopeKind::Block, block->start);
    declare_statements(block->statements, false);
    visit_statements(block->statements);
    block->scope = scope.used();
  }

  void visit_for(ForNode* loop) {
    ScopeGuard scope(*this, ScopeKind::Loop, loop->start);
    if (loop->init != nullptr && loop->init->kind == NodeKind::VariableDeclaration) {
      declare_variables(static_cast<VariableDeclaration*>(loop->init));
    }
    if (loop->init != nullptr) visit(loop->init);
    if (loop->test != nullptr) visit(loop->test);
    if (loop->update != nullptr) visit(loop->update);
    visit(loop->body);
    loop->scope = scope.used();
  }

  void visit_for_each(ForEachNode* loop) {
    const VariableDeclaration* declaration = loop->target->kind == NodeKind::VariableDeclaration
                                                 ? static_cast<VariableDeclaration*>(loop->target)
                                                 : nullptr;
    const bool lexical =
        declaration != nullptr && declaration->declaration_kind != DeclarationKind::Var;
    const VariableKind kind = lexical && declaration->declaration_kind == DeclarationKind::Const
                                  ? VariableKind::Const
                                  : VariableKind::Let;
    {
      ScopeGuard scope(*this, ScopeKind::Block, loop->start);
      if (lexical) declare_names(declaration->declarators[0].target, kind, kNever);
      visit(loop->iterable);
      for (const Variable* v : scope.get()->variables) {
        if (v->referenced) loop->iterable_scope = scope.get();
      }
    }
    ScopeGuard scope(*this, ScopeKind::Loop, loop->start);
    if (lexical) declare_names(declaration->declarators[0].target, kind, loop->iterable->start);
    if (declaration != nullptr) {
      if (!lexical) check_var_hoisting(declaration->declarators[0].target);
      visit_pattern(declaration->declarators[0].target);
    } else {
      visit_assignment_target(loop->target);
    }
    visit(loop->body);
    loop->scope = scope.used();
  }

  void visit_try(TryNode* node) {
    visit_block(node->block);
    if (node->handler != nullptr) {
      ScopeGuard scope(*this, ScopeKind::Catch, node->handler->start);
      if (node->parameter != nullptr) {
        const bool simple = node->parameter->kind == NodeKind::Identifier;
        declare_names(node->parameter, simple ? VariableKind::Catch : VariableKind::Let,
                      node->parameter->end);
        visit_pattern(node->parameter);
        check_catch_body(*node);
      }
      visit_block(node->handler);
      node->parameter_scope = scope.used();
    }
    if (node->finalizer != nullptr) visit_block(node->finalizer);
  }

  /// `catch (e) { let e; }` is an error.
  void check_catch_body(const TryNode& node) {
    const auto check = [&](Atom name, std::uint32_t position) {
      if (own_binding(name) != nullptr) fail_redeclared(name, position);
    };
    for (const Node* statement : node.handler->statements) {
      if (statement->kind == NodeKind::VariableDeclaration) {
        const auto* declaration = static_cast<const VariableDeclaration*>(statement);
        if (declaration->declaration_kind == DeclarationKind::Var) continue;
        for (const Declarator& d : declaration->declarators) {
          for_each_name(d.target, [&](const Identifier* n) { check(n->name, n->start); });
        }
      } else if (statement->kind == NodeKind::FunctionDeclaration) {
        const Function* f = static_cast<const FunctionNode*>(statement)->function;
        check(f->name, f->name_position);
      }
    }
  }

  void visit_switch(SwitchNode* node) {
    visit(node->value);
    ScopeGuard scope(*this, ScopeKind::Switch, node->start);
    for (const SwitchCase& c : node->cases) declare_statements(c.statements, false);
    for (const SwitchCase& c : node->cases) {
      if (c.test != nullptr) visit(c.test);
      visit_statements(c.statements);
    }
    node->scope = scope.used();
  }

  void visit_declaration(VariableDeclaration* declaration) {
    const bool is_var = declaration->declaration_kind == DeclarationKind::Var;
    for (const Declarator& d : declaration->declarators) {
      if (is_var) check_var_hoisting(d.target);
      visit_pattern(d.target);
      if (d.init != nullptr) visit(d.init);
    }
  }

  /// A declaration binds its names, so their own occurrence needs no check.
  void visit_pattern(Node* pattern) {
    switch (pattern->kind) {
      case NodeKind::Identifier: {
        auto* name = static_cast<Identifier*>(pattern);
        const bool declared =
            name->name->binding != nullptr && name->name->binding->init_position >= name->start;
        if (!declared) return resolve(name);
        return use(name, name->name->binding);
      }
      case NodeKind::AssignPattern: {
        auto* assign = static_cast<BinaryNode*>(pattern);
        visit_pattern(assign->left);
        return visit(assign->right);
      }
      case NodeKind::RestPattern:
        return visit_pattern(static_cast<UnaryNode*>(pattern)->operand);
      case NodeKind::Property: {
        auto* property = static_cast<Property*>(pattern);
        if (property->computed) visit(property->key);
        return visit_pattern(property->value);
      }
      case NodeKind::ArrayPattern:
      case NodeKind::ObjectPattern:
        for (Node* item : static_cast<ListNode*>(pattern)->items) {
          if (item != nullptr) visit_pattern(item);
        }
        return;
      default:
        return visit(pattern);
    }
  }

  // ---- Everything
  void visit(Node* node);
  void visit_expression_parts(Node*& node);
  void visit_assignment_target(Node* target);

  Program& program_;
  SourceNames& atoms_;
  const std::shared_ptr<const Source>& source_;
  NestingLimit nesting_;
  Function* function_ = nullptr;
  Scope* scope_ = nullptr;
};

/// Assignment patterns refer to variables, they declare none.
void ScopeAnalyzer::visit_assignment_target(Node* target) {
  switch (target->kind) {
    case NodeKind::AssignPattern: {
      auto* assign = static_cast<BinaryNode*>(target);
      visit_assignment_target(assign->left);
      return visit(assign->right);
    }
    case NodeKind::RestPattern:
      return visit_assignment_target(static_cast<UnaryNode*>(target)->operand);
    case NodeKind::Property: {
      auto* property = static_cast<Property*>(target);
      if (property->computed) visit(property->key);
      return visit_assignment_target(property->value);
    }
    case NodeKind::ArrayPattern:
    case NodeKind::ObjectPattern:
      for (Node* item : static_cast<ListNode*>(target)->items) {
        if (item != nullptr) visit_assignment_target(item);
      }
      return;
    default:
      return visit(target);
  }
}

/// Visits a node; `node` becomes the next node of a long left- or right-leaning chain, or nullptr.
void ScopeAnalyzer::visit_expression_parts(Node*& node) {
  Node* const n = std::exchange(node, nullptr);
  switch (n->kind) {
    case NodeKind::Number:
    case NodeKind::String:
    case NodeKind::RegExp:
    case NodeKind::Null:
    case NodeKind::True:
    case NodeKind::False:
    case NodeKind::Break:
    case NodeKind::Continue:
    case NodeKind::Empty:
    case NodeKind::Debugger:
      return;
    case NodeKind::Template:
      for (Node* e : static_cast<TemplateNode*>(n)->expressions) visit(e);
      return;
    case NodeKind::TaggedTemplate: {
      auto* tagged = static_cast<TaggedTemplateNode*>(n);
      visit(tagged->quasi);
      node = tagged->tag;
      return;
    }
    case NodeKind::This:
      return resolve_this(static_cast<Identifier*>(n));
    case NodeKind::NewTarget:
      return resolve_hidden(static_cast<Identifier*>(n), &Function::new_target_variable);
    case NodeKind::Identifier:
      return resolve(static_cast<Identifier*>(n));
    case NodeKind::Array:
    case NodeKind::Object:
    case NodeKind::Sequence:
      for (Node* item : static_cast<ListNode*>(n)->items) {
        if (item != nullptr) visit(item);
      }
      return;
    case NodeKind::Property: {
      auto* property = static_cast<Property*>(n);
      if (property->computed) visit(property->key);
      node = property->value;
      return;
    }
    case NodeKind::FunctionExpression:
      return visit_function(static_cast<FunctionNode*>(n)->function, nullptr);
    case NodeKind::FunctionDeclaration: {
      auto* declaration = static_cast<FunctionNode*>(n);
      check_block_function(declaration);
      // Hoisted: the closure exists from the start of its scope.
      declaration->function->creation_position = std::max(scope_->position, 1u);
      return visit_function(declaration->function, declaration->variable);
    }
    case NodeKind::ClassExpression:
    case NodeKind::ClassDeclaration:
      return visit_class(static_cast<ClassNode*>(n)->definition);
    case NodeKind::Unary:
    case NodeKind::Spread:
    case NodeKind::Yield:
    case NodeKind::YieldStar:
    case NodeKind::Await:
    case NodeKind::OptionalChain:
    case NodeKind::ExpressionStatement:
    case NodeKind::Return:
    case NodeKind::Throw:
      node = static_cast<UnaryNode*>(n)->operand;
      return;
    case NodeKind::Update:
      node = static_cast<UpdateNode*>(n)->target;
      return;
    case NodeKind::Binary:
    case NodeKind::Logical: {
      auto* binary = static_cast<BinaryNode*>(n);
      visit(binary->right);
      node = binary->left;
      return;
    }
    case NodeKind::Assign: {
      auto* assign = static_cast<BinaryNode*>(n);
      visit_assignment_target(assign->left);
      node = assign->right;
      return;
    }
    case NodeKind::PrivateIn: {
      auto* in = static_cast<PrivateInNode*>(n);
      resolve(in->name);
      node = in->right;
      return;
    }
    case NodeKind::Conditional:
    case NodeKind::If: {
      auto* conditional = static_cast<ConditionalNode*>(n);
      visit(conditional->test);
      visit(conditional->then);
      node = conditional->otherwise;
      return;
    }
    case NodeKind::Call:
    case NodeKind::New:
    case NodeKind::SuperCall: {
      auto* call = static_cast<CallNode*>(n);
      for (Node* argument : call->arguments) visit(argument);
      if (n->kind == NodeKind::SuperCall) {
        resolve_super(call->this_reference, call->function_reference);
        resolve_hidden(call->new_target, &Function::new_target_variable);
      }
      node = call->callee;
      return;
    }
    case NodeKind::Member:
      node = static_cast<MemberNode*>(n)->object;
      return;
    case NodeKind::SuperMember: {
      auto* member = static_cast<MemberNode*>(n);
      return resolve_super(member->this_reference, member->function_reference);
    }
    case NodeKind::SuperIndex: {
      auto* index = static_cast<IndexNode*>(n);
      resolve_super(index->this_reference, index->function_reference);
      node = index->key;
      return;
    }
    case NodeKind::Index: {
      auto* index = static_cast<IndexNode*>(n);
      visit(index->key);
      node = index->object;
      return;
    }
    case NodeKind::PrivateMember: {
      auto* member = static_cast<PrivateMemberNode*>(n);
      resolve(member->name);
      node = member->object;
      return;
    }
    case NodeKind::VariableDeclaration:
      return visit_declaration(static_cast<VariableDeclaration*>(n));
    case NodeKind::Block:
      return visit_block(static_cast<Block*>(n));
    case NodeKind::For:
      return visit_for(static_cast<ForNode*>(n));
    case NodeKind::ForIn:
    case NodeKind::ForOf:
      return visit_for_each(static_cast<ForEachNode*>(n));
    case NodeKind::While:
    case NodeKind::DoWhile:
      visit(static_cast<LoopNode*>(n)->test);
      node = static_cast<LoopNode*>(n)->body;
      return;
    case NodeKind::Try:
      return visit_try(static_cast<TryNode*>(n));
    case NodeKind::Switch:
      return visit_switch(static_cast<SwitchNode*>(n));
    case NodeKind::Labeled:
      node = static_cast<LabeledNode*>(n)->body;
      return;
    case NodeKind::ArrayPattern:
    case NodeKind::ObjectPattern:
    case NodeKind::AssignPattern:
    case NodeKind::RestPattern:
      return visit_assignment_target(n);
  }
}

void ScopeAnalyzer::visit(Node* node) {
  const NestingLimit::Level level(nesting_);
  check_depth(level, node->start);
  while (node != nullptr) visit_expression_parts(node);
}

}  // namespace

void analyze_scopes(Program& program, const std::shared_ptr<const Source>& source) {
  ScopeAnalyzer(program, source).run();
}

}  // namespace heaplab::interp
