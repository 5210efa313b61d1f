// SPDX-License-Identifier: MIT
// Code generation for one function; inner functions get a FunctionCompiler each.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "bytecode_builder.h"
#include "heaplab/interp/ast.h"
#include "heaplab/interp/scope.h"
#include "nesting_guard.h"

namespace heaplab::interp {

/// What all functions of one compilation share.
struct CompilationState {
  Program& program;
  std::shared_ptr<const Source> source;
  NestingLimit nesting;
};

/// Renders an expression the way V8's error messages do.
std::u16string render_call_site(const Node* node);

/// Where V8 says an expression is: a property at its name, a call at what it calls.
std::uint32_t report_position(const Node* node);

class FunctionCompiler {
 public:
  FunctionCompiler(CompilationState& state, Function* function);
  std::unique_ptr<FunctionTemplate> compile();

 private:
  /// Gives the temporaries allocated in a block of C++ back at its end.
  class Temporaries {
   public:
    explicit Temporaries(FunctionCompiler& compiler)
        : builder_(compiler.builder_), top_(builder_.top()) {}
    ~Temporaries() { builder_.release_to(top_); }
    Temporaries(const Temporaries&) = delete;
    Temporaries& operator=(const Temporaries&) = delete;

   private:
    BytecodeBuilder& builder_;
    Register top_;
  };

  /// What `break`, `continue`, `return` and (through handlers) exceptions leave on their way out.
  enum class ControlKind { Loop, Switch, Block, Iterator, AsyncIterator, Finally };
  enum class JumpKind { Break, Continue, Return };
  struct Completion {  ///< A jump that a finally block has interrupted.
    JumpKind kind;
    std::size_t target;  ///< Index of the control to break or continue.
  };
  struct Control {
    ControlKind kind;
    std::vector<Atom> labels;
    CodeLabel* break_label = nullptr;
    CodeLabel* continue_label = nullptr;
    Register iterator = 0;               ///< Iterator, AsyncIterator: the record.
    CodeLabel* finally_label = nullptr;  ///< Finally: its code,
    Register completion = 0;             ///< why it runs, and the value of a return or exception
                                         ///< in the register after.
    std::vector<Completion> pending;
  };
  static constexpr std::int64_t kCompletionNormal = 0;
  static constexpr std::int64_t kCompletionThrow = 1;
  static constexpr std::int64_t kCompletionFirstJump = 2;

  void emit(Opcode op, std::uint32_t position, std::initializer_list<std::int64_t> operands = {}) {
    builder_.emit(op, position, operands);
  }
  void jump(CodeLabel& label, std::uint32_t position) {
    if (builder_.reachable()) builder_.emit_jump(Opcode::Jump, position, {}, label);
  }
  Register temporary(std::uint32_t count = 1) { return builder_.allocate(count); }
  void check_depth(const NestingLimit::Level& level, const Node* node) const;

  // compiler.cpp: functions and variables
  void compile_prologue();
  void bind_pseudo_variables();
  void bind_parameters();
  void bind_parameter(Node* parameter, Register argument);
  void enter_body_scope();
  void compile_body();
  void compile_default_constructor();
  void enter_scope(Scope* scope, std::uint32_t position);
  void allocate_variable(Variable* variable, std::uint32_t position);
  void create_context(Scope* scope, std::uint32_t position);
  void instantiate_functions(Scope* scope);
  void initialize_holes(Scope* scope, std::uint32_t position);
  std::uint32_t add_scope_info(const Scope* scope);
  Register enclosing_context(const Scope* scope, std::uint32_t position);
  Register closure_context(std::uint32_t position) { return enclosing_context(scope_, position); }
  std::uint32_t context_depth(const Scope* target) const;
  std::optional<Register> variable_register(const Identifier* reference) const;
  void load_variable(const Identifier* reference, Register to);
  void load(const Variable* variable, Register to, std::uint32_t position, bool check);
  void store(const Variable* variable, Register value, std::uint32_t position);
  void store_identifier(const Identifier* reference, Register value, std::uint32_t position,
                        bool initialize);
  void check_initialized(const Identifier* reference, std::uint32_t position);
  std::uint32_t add_function(Function* function);
  void make_closure(Function* function, Register to, std::uint32_t position);
  void make_method(Function* function, Register to, Register home, std::uint32_t position);

  // compiler_expressions.cpp
  void into(const Node* node, Register to);
  Register any(const Node* node);
  Register any_before(const Node* node, std::uint32_t start, std::uint32_t end);
  void effect(const Node* node);
  void load_number(double value, Register to, std::uint32_t position);
  void compile_template(const TemplateNode* node, Register to);
  void compile_array(const ListNode* node, Register to);
  void append_elements(List<Node*> items, Register array, std::uint32_t spread_position);
  void compile_object(const ListNode* node, Register to);
  void compile_property(const Property* property, Register object);
  std::uint32_t object_hint(const ListNode* node);
  void compile_function_value(const Node* value, Register to, Register key);
  void compile_unary(const UnaryNode* node, Register to);
  void compile_delete(const Node* target, Register to, std::uint32_t position);
  void compile_binary(const BinaryNode* node, Register to);
  bool compile_binary_immediate(const BinaryNode* node, Register left, Register to);
  void compile_logical(const BinaryNode* node, Register to);
  void compile_member(const MemberNode* node, Register to);
  void compile_index(const IndexNode* node, Register to);
  void compile_private_member(const PrivateMemberNode* node, Register to);
  void compile_super_member(const Node* node, Register to);
  void compile_this(const Identifier* node, Register to);
  void chain_check(bool optional, Register object, std::uint32_t position);
  void compile_optional_chain(const UnaryNode* node, Register to);
  bool derived_this(const Identifier* node) const;

  // compiler_assignments.cpp
  struct Target {
    const Node* node = nullptr;
    Register object = 0;    ///< Members: the object (super: the function),
    Register key = 0;       ///< the key or private name, if it is computed,
    Register receiver = 0;  ///< and super's this.
  };
  /// \see writes_last in compiler_assignments.cpp
  static bool can_write_to_variable(const Node* value);
  Target prepare_target(const Node* node, std::uint32_t rest_start, std::uint32_t rest_end);
  void load_target(const Target& target, Register to);
  void store_target(const Target& target, Register value, std::uint32_t position);
  void compile_assign(const BinaryNode* node, Register to, bool need_value);
  void compile_plain_assign(const BinaryNode* node, Register to, bool need_value);
  void compile_compound_assign(const BinaryNode* node, Register to, bool need_value);
  void compile_logical_assign(const BinaryNode* node, Register to);
  void compile_update(const UpdateNode* node, Register to, bool need_value);
  void arithmetic(Operator op, Register to, Register left, Register right, std::uint32_t position);

  // compiler_calls.cpp
  void compile_call(const CallNode* node, Register to);
  bool compile_callee(const Node* callee, Register base);
  void compile_new(const CallNode* node, Register to);
  void compile_super_call(const CallNode* node, Register to);
  void compile_arguments(List<Node*> arguments, Register base, std::uint32_t position,
                         bool& spread);
  void compile_tagged_template(const TaggedTemplateNode* node, Register to);

  // compiler_conditions.cpp
  void jump_if(const Node* node, bool sense, CodeLabel& target);
  bool jump_if_comparison(const BinaryNode* node, bool sense, CodeLabel& target);

  // compiler_patterns.cpp
  enum class PatternUse { Declare, Assign };
  void compile_pattern(const Node* pattern, Register value, PatternUse use, const Node* source,
                       std::u16string_view source_text);
  void compile_array_pattern(const ListNode* pattern, Register value, PatternUse use,
                             const Node* source);
  void compile_array_elements(const ListNode* pattern, Register iterator, PatternUse use);
  void compile_object_pattern(const ListNode* pattern, Register value, PatternUse use,
                              const Node* source, std::u16string_view source_text);
  void compile_object_rest(const UnaryNode* rest, Register value, Register keys,
                           std::uint32_t count, PatternUse use);
  void compile_pattern_default(const BinaryNode* element, Register value);
  void store_pattern_target(const Node* target, Register value, PatternUse use);

  // compiler_statements.cpp
  void statement(const Node* node);
  void statements(List<Node*> list);
  void compile_block(const Block* block);
  void compile_variables(const VariableDeclaration* declaration);
  void compile_class_declaration(const ClassNode* node);
  void compile_function_statement(const FunctionNode* node);
  void compile_if(const ConditionalNode* node);
  void compile_return(const UnaryNode* node);
  void compile_throw(const UnaryNode* node);
  void compile_labeled(const LabeledNode* node);
  void compile_switch(const SwitchNode* node);
  bool compile_jump_table(const SwitchNode* node, Register value, std::vector<CodeLabel>& cases,
                          CodeLabel& otherwise);
  void compile_try(const TryNode* node);
  void compile_catch(const TryNode* node);
  void compile_try_catch(const TryNode* node);

  // compiler_loops.cpp
  void compile_for(const ForNode* node);
  void compile_while(const LoopNode* node);
  void compile_do(const LoopNode* node);
  void compile_for_in(const ForEachNode* node);
  void compile_for_of(const ForEachNode* node);
  void compile_for_await(const ForEachNode* node);
  void compile_iterable(const ForEachNode* node, Register to);
  Register each_value(const ForEachNode* node);
  void compile_each_body(const ForEachNode* node, Register value);
  Control& push_loop(CodeLabel& break_label, CodeLabel& continue_label);

  // compiler_control.cpp
  Control& push_control(ControlKind kind);
  void compile_jump(const JumpNode* node);
  void leave_to(JumpKind kind, std::size_t target, Register value, std::uint32_t position);
  void close_iterator(const Control& control, std::uint32_t position);
  void close_async_iterator(Register iterator, std::uint32_t position, bool check);
  void emit_return(Register value, std::uint32_t position);
  void finish_return(Register value, std::uint32_t position);
  void compile_finally(const TryNode* node, std::size_t control_index, CodeLabel& finally_label);
  void compile_yield(const UnaryNode* node, Register to);
  void emit_yield(Opcode op, Register to, Register value, std::uint32_t position);
  void compile_yield_star(const UnaryNode* node, Register to);

  // compiler_classes.cpp
  void compile_class(Class* definition, Register to);
  void define_member(const ClassMember* member, Register constructor);
  void compile_initializer_body();
  void compile_initializer(const ClassMember* member);

  CompilationState& state_;
  Program& program_;
  SourceNames& atoms_;
  Function* function_;
  std::unique_ptr<FunctionTemplate> result_;
  BytecodeBuilder builder_;
  Scope* scope_ = nullptr;
  std::vector<Control> controls_;
  std::unordered_map<const Scope*, std::uint32_t> context_info_;  ///< Index in `scopes`.
  std::vector<Atom> pending_labels_;  ///< Labels of the statement about to be compiled.
  /// V8 reports an error in a statement's very first load at the statement itself.
  void begin_statement(std::uint32_t position) {
    statement_pc_ = builder_.pc();
    statement_position_ = position;
  }
  void statement_has_begun() { statement_pc_ = kNoPc; }
  std::uint32_t load_position(std::uint32_t position) const {
    return builder_.pc() == statement_pc_ ? statement_position_ : position;
  }
  static constexpr std::uint32_t kNoPc = 0xFFFFFFFF;
  std::uint32_t statement_pc_ = kNoPc;
  std::uint32_t statement_position_ = 0;
  CodeLabel* chain_exit_ = nullptr;  ///< Where `?.` goes when it finds nothing.
};

}  // namespace heaplab::interp
