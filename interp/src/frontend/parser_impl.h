// SPDX-License-Identifier: MIT
// The recursive-descent parser. Patterns that look like expressions until a `=` or `=>` shows up
// (`[a, b] = c`, `({a}) => a`) are parsed as expressions and then reinterpreted.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "heaplab/interp/ast.h"
#include "heaplab/interp/lexer.h"
#include "nesting_guard.h"

namespace heaplab::interp {

class Parser {
 public:
  Parser(std::shared_ptr<const Source> source, Program& program);
  void parse(std::span<const std::u16string> parameters);

 private:
  enum class LabelKind { Block, Loop };
  struct Label {
    Atom name;
    LabelKind kind;
  };
  /// What the grammar needs to know about the function being parsed.
  struct FunctionState {
    Function* function;
    FunctionState* outer;
    bool strict = false;
    bool in_async = false;
    bool in_generator = false;
    bool in_parameters = false;
    bool in_static_block = false;
    bool forbid_arguments = false;
    bool allow_super_property = false;
    bool allow_super_call = false;
    bool allow_new_target = true;
    bool allow_return = true;
    int loop_depth = 0;
    int switch_depth = 0;
    int block_depth = 0;
    std::vector<Label> labels;
    std::vector<VarDeclared> vars;
    std::vector<FunctionNode*> block_functions;
  };
  enum class AllowIn { Yes, No };
  enum class StatementContext { List, Single, Labeled };
  enum class BindingUse { Var, Lexical, Parameter };

  // parser.cpp: tokens and errors
  void advance();
  Token peek();
  bool is(TokenKind kind) const { return token_.kind == kind; }
  bool is_word(Atom atom) const {
    return is(TokenKind::Identifier) && token_.atom == atom && !token_.escaped;
  }
  bool accept(TokenKind kind);
  void expect(TokenKind kind);
  void expect_semicolon();
  bool at_statement_end() const;
  [[noreturn]] void fail(const std::string& message, std::uint32_t start, std::uint32_t end) const;
  [[noreturn]] void fail_at(const std::string& message, const Node* node) const;
  [[noreturn]] void fail_token(const std::string& message) const;
  [[noreturn]] void fail_unexpected(const Token& token) const;
  [[noreturn]] void fail_unexpected() const { fail_unexpected(token_); }
  [[noreturn]] void unsupported(const std::string& construct, std::uint32_t start,
                                std::uint32_t end) const;
  void check_depth(const NestingLimit::Level& level) const;
  Node node(NodeKind kind, std::uint32_t start) const;
  template <class T, class... Args>
  T* make(NodeKind kind, std::uint32_t start, Args... args) {
    return arena_.make<T>(node(kind, start), args...);
  }

  // parser_statements.cpp
  Node* parse_statement(StatementContext context);
  Node* parse_declaration_or_statement();
  std::vector<Node*> parse_statement_list();
  Block* parse_block();
  Node* parse_variable_statement();
  VariableDeclaration* parse_variable_declarations(AllowIn in, bool for_head);
  bool at_let_declaration();
  Node* parse_if();
  Node* parse_for();
  Node* parse_for_each(std::uint32_t start, Node* target, bool of, bool is_await);
  Node* parse_for_rest(std::uint32_t start, Node* init);
  Node* parse_loop_body();
  Node* parse_while();
  Node* parse_do();
  Node* parse_switch();
  Node* parse_try();
  Node* parse_return();
  Node* parse_throw();
  Node* parse_jump(NodeKind kind);
  Node* parse_labeled(StatementContext context);
  Node* parse_expression_statement();
  Node* parse_embedded_statement();
  [[noreturn]] void fail_unsupported_statement();

  // parser_expressions.cpp
  Node* parse_expression(AllowIn in = AllowIn::Yes);
  Node* parse_assignment(AllowIn in = AllowIn::Yes);
  Node* parse_maybe_pattern(AllowIn in = AllowIn::Yes);
  Node* parse_assignment_tail(Node* left, AllowIn in);
  Node* parse_conditional(AllowIn in);
  Node* parse_binary(int min_precedence, AllowIn in);
  Node* parse_unary();
  Node* parse_prefix_update();
  Node* parse_postfix();
  Node* parse_await();
  Node* parse_yield(AllowIn in);
  Node* parse_left_hand_side();
  Node* parse_member_tail(Node* object, bool in_new);
  Node* parse_optional_link(Node* object);
  Node* parse_dot(Node* object, bool optional, bool at_dot);
  Node* parse_index(Node* object, bool optional);
  Node* parse_call(Node* callee, bool optional);
  Node* parse_new();
  Node* parse_super();
  List<Node*> parse_arguments();
  Node* parse_private_in();
  void check_simple_target(Node* target, const char* message);
  void check_no_cover_error();

  // parser_primary.cpp
  Node* parse_primary();
  Node* parse_identifier_expression();
  Node* parse_async_expression();
  Node* parse_parenthesized();
  Node* parse_array();
  Node* parse_object();
  Node* parse_property(bool& has_proto);
  Node* parse_property_key(bool& computed);
  Node* parse_template();
  TemplateNode* parse_template_literal(bool tagged);
  Node* parse_regexp();
  void check_regexp(const Token& token);
  Node* parse_import();
  Identifier* make_identifier(const Token& token);
  Node* string_node(Atom value, std::uint32_t start, std::uint32_t end);

  // parser_patterns.cpp
  Node* parse_binding_target(BindingUse use);
  Node* parse_binding_element(BindingUse use);
  Node* parse_array_binding(BindingUse use);
  Node* parse_object_binding(BindingUse use);
  Identifier* parse_binding_identifier(BindingUse use);
  Node* reinterpret(Node* node, bool binding);
  Node* reinterpret_element(Node* node, bool binding);
  void reinterpret_property(Node* item, bool binding);
  void check_identifier(const Token& token) const;
  void check_binding_name(Atom name, std::uint32_t start, std::uint32_t end) const;
  void collect_names(const Node* pattern, std::vector<const Identifier*>& names) const;
  bool has_expressions(const Node* pattern) const;
  void name_anonymous(Node* value, Atom name) const;

  // parser_functions.cpp
  Node* parse_function(bool declaration);
  FunctionNode* parse_function_declaration(StatementContext context);
  Node* parse_arrow(std::uint32_t start, std::vector<Node*> parameters, bool is_async);
  Function* parse_method(FunctionSyntax syntax, bool is_async, bool is_generator,
                         std::uint32_t start);
  void parse_parameters(FunctionState& state);
  void parse_function_body(FunctionState& state);
  void finish_parameters(FunctionState& state);
  void check_parameters(const FunctionState& state);
  void check_accessor_parameters(const Function& function);
  bool parse_directives(std::vector<Node*>& statements);
  FunctionState enter(Function* function, FunctionSyntax syntax);

  // parser_classes.cpp
  Class* parse_class(bool declaration);
  ClassMember* parse_class_member(Class* definition);
  ClassMember* parse_static_block();
  void parse_member_name(ClassMember& member);
  void parse_field(ClassMember& member);
  void check_member(const ClassMember& member, bool is_async, bool is_generator) const;
  void add_constructor(Class* definition, ClassMember& member, bool is_async, bool is_generator);
  void check_private_names(const std::vector<ClassMember*>& members) const;
  void finish_class(Class* definition, std::vector<ClassMember*>& members);
  Function* make_initializer(std::vector<ClassMember*> members, const Class& definition);

  std::shared_ptr<const Source> source_;
  Program& program_;
  Arena& arena_;
  SourceNames& atoms_;
  Lexer lexer_;
  Token token_;
  Token previous_;
  FunctionState* state_ = nullptr;
  NestingLimit nesting_;
  /// `{a = 1}` was seen as an expression, or two __proto__: errors unless it becomes a pattern.
  struct CoverError {
    std::uint32_t start;
    const char* message;
  };
  std::optional<CoverError> cover_error_;
  /// An arrow function may start only here (the start of an assignment expression).
  std::uint32_t arrow_start_ = 0xFFFFFFFF;
  /// Where the latest await / yield expression began: they may not be arrow parameters.
  std::optional<std::uint32_t> last_await_or_yield_;
};

bool is_bare_arrow(const Node* node);

}  // namespace heaplab::interp
