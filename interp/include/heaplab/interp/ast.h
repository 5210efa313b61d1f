// SPDX-License-Identifier: MIT
// The syntax tree. Nodes live in an arena, are trivially destructible, and are told apart by
// `kind`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "heaplab/interp/token.h"

namespace heaplab::interp {

/// Memory freed all at once when the compilation ends.
class Arena {
 public:
  template <class T, class... Args>
  T* make(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (allocate(sizeof(T), alignof(T))) T{std::forward<Args>(args)...};
  }
  template <class T>
  std::span<T> copy(const std::vector<T>& items) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (items.empty()) return {};
    T* to = static_cast<T*>(allocate(sizeof(T) * items.size(), alignof(T)));
    std::uninitialized_copy(items.begin(), items.end(), to);
    return {to, items.size()};
  }

 private:
  void* allocate(std::size_t size, std::size_t alignment);

  static constexpr std::size_t kBlockSize = 64 * 1024;
  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::byte* cursor_ = nullptr;
  std::byte* limit_ = nullptr;
};

template <class T>
using List = std::span<T>;

struct Scope;
struct Function;
struct Class;

enum class NodeKind : std::uint8_t {
  // Expressions
  Number,
  String,
  Template,
  TaggedTemplate,
  RegExp,
  Null,
  True,
  False,
  This,
  NewTarget,
  Identifier,
  Array,
  Object,
  Property,
  FunctionExpression,
  ClassExpression,
  Unary,
  Update,
  Binary,
  Logical,
  PrivateIn,
  Assign,
  Conditional,
  Call,
  New,
  SuperCall,
  Member,
  Index,
  PrivateMember,
  SuperMember,
  SuperIndex,
  OptionalChain,
  Sequence,
  Spread,
  Yield,
  YieldStar,
  Await,
  // Only in patterns (with Identifier and the member kinds as leaves)
  ArrayPattern,
  ObjectPattern,
  AssignPattern,
  RestPattern,
  // Statements
  VariableDeclaration,
  FunctionDeclaration,
  ClassDeclaration,
  ExpressionStatement,
  Block,
  If,
  For,
  ForIn,
  ForOf,
  While,
  DoWhile,
  Return,
  Break,
  Continue,
  Throw,
  Try,
  Switch,
  Labeled,
  Empty,
  Debugger,
};

/// What an operator node does; the token that spells it.
using Operator = TokenKind;

struct Node {
  NodeKind kind;
  bool parenthesized = false;
  std::uint32_t start = 0;
  std::uint32_t end = 0;
};

struct NumberNode : Node {
  double value;
};
struct StringNode : Node {
  Atom value;
};
struct TemplatePart {
  Atom cooked;  ///< nullptr: an invalid escape (tagged templates only).
  Atom raw;
};
struct TemplateNode : Node {  // Template
  List<TemplatePart> parts;   ///< One more than expressions.
  List<Node*> expressions;
};
struct TaggedTemplateNode : Node {
  Node* tag;
  TemplateNode* quasi;
};
struct RegExpNode : Node {
  Atom pattern;
  Atom flags;
};
struct Identifier : Node {
  Atom name;
  // Filled by scope analysis:
  Variable* variable = nullptr;  ///< nullptr: a global.
  bool needs_hole_check = false;
};
struct ListNode : Node {  // Array, ArrayPattern (nullptr: a hole), Sequence, Object, ObjectPattern
  List<Node*> items;
  bool trailing_comma = false;  ///< Array: a spread followed by a comma cannot be a rest pattern.
};
enum class PropertyKind : std::uint8_t { Value, Shorthand, Method, Getter, Setter, Prototype };
struct Property : Node {  // in Object and ObjectPattern, beside Spread / RestPattern
  PropertyKind property_kind;
  bool computed;
  Node* key;    ///< StringNode or NumberNode unless computed.
  Node* value;  ///< Pattern: the target, possibly an AssignPattern.
};
struct FunctionNode : Node {  // FunctionExpression (arrows and methods too), FunctionDeclaration
  Function* function;
  Variable* variable = nullptr;  ///< Declaration: the binding.
  Variable* var_variable =
      nullptr;  ///< Declaration in a sloppy block: the hoisted `var` (Annex B).
};
struct ClassNode : Node {
  Class* definition;
  Variable* variable = nullptr;  ///< Declaration: the outer binding.
};
struct UnaryNode : Node {  // Unary, Spread, RestPattern, Yield (may be nullptr), YieldStar, Await,
                           // OptionalChain, ExpressionStatement, Return (may be nullptr), Throw
  Operator op = Operator::EndOfInput;
  Node* operand;
};
struct UpdateNode : Node {
  Operator op;
  bool prefix;
  Node* target;
};
struct BinaryNode : Node {  // Binary, Logical, Assign, AssignPattern (op is Assign)
  Operator op;
  std::uint32_t op_position;
  Node* left;
  Node* right;
};
struct PrivateInNode : Node {
  Identifier* name;
  Node* right;
};
struct ConditionalNode : Node {  // Conditional, If (otherwise may be nullptr)
  Node* test;
  Node* then;
  Node* otherwise;
};
struct CallNode : Node {  // Call, New, SuperCall (callee is nullptr)
  Node* callee;
  List<Node*> arguments;
  bool optional = false;                     ///< callee?.(...)
  std::uint32_t position = 0;                ///< Where V8 reports the call.
  Identifier* this_reference = nullptr;      ///< SuperCall
  Identifier* function_reference = nullptr;  ///< SuperCall
  Identifier* new_target = nullptr;          ///< SuperCall
};
struct MemberNode : Node {  // Member, SuperMember (object is nullptr)
  Node* object;
  Atom name;
  std::uint32_t name_position;
  bool optional = false;
  Identifier* this_reference = nullptr;      ///< SuperMember
  Identifier* function_reference = nullptr;  ///< SuperMember
};
struct IndexNode : Node {  // Index, SuperIndex (object is nullptr)
  Node* object;
  Node* key;
  bool optional = false;
  std::uint32_t bracket = 0;                 ///< Where V8 reports it.
  Identifier* this_reference = nullptr;      ///< SuperIndex
  Identifier* function_reference = nullptr;  ///< SuperIndex
};
struct PrivateMemberNode : Node {
  Node* object;
  Identifier* name;
  bool optional = false;
};

enum class DeclarationKind : std::uint8_t { Var, Let, Const };
struct Declarator {
  Node* target;
  Node* init;  ///< May be nullptr.
};
struct VariableDeclaration : Node {
  DeclarationKind declaration_kind;
  List<Declarator> declarators;
};
struct Block : Node {
  List<Node*> statements;
  Scope* scope = nullptr;  ///< nullptr: declares nothing.
};
struct LoopNode : Node {  // While, DoWhile
  Node* test;
  Node* body;
};
struct ForNode : Node {
  Node* init;  ///< Any of the three may be nullptr.
  Node* test;
  Node* update;
  Node* body;
  Scope* scope = nullptr;
};
struct ForEachNode : Node {  // ForIn, ForOf
  Node* target;              ///< VariableDeclaration (one declarator) or an assignment target.
  Node* iterable;
  Node* body;
  bool is_await = false;
  Scope* scope = nullptr;           ///< Holds the declaration, one instance per iteration.
  Scope* iterable_scope = nullptr;  ///< The same names, never initialised, around `iterable`.
};
struct JumpNode : Node {  // Break, Continue
  Atom label;             ///< May be nullptr.
};
struct TryNode : Node {
  Block* block;
  Node* parameter;   ///< May be nullptr.
  Block* handler;    ///< May be nullptr.
  Block* finalizer;  ///< May be nullptr.
  Scope* parameter_scope = nullptr;
};
struct SwitchCase {
  Node* test;  ///< nullptr: default.
  List<Node*> statements;
};
struct SwitchNode : Node {
  Node* value;
  List<SwitchCase> cases;
  Scope* scope = nullptr;
};
struct LabeledNode : Node {
  Atom label;
  Node* body;
};

/// A `var` found in a function body, however deep in blocks.
struct VarDeclared {
  Atom name;
  std::uint32_t position;
};

enum class FunctionSyntax : std::uint8_t {
  Normal,
  Arrow,
  Method,
  Getter,
  Setter,
  Constructor,
  DerivedConstructor,
  Initializer,  ///< Synthetic: field initialisers or static blocks of a class.
};

struct ClassMember;

struct Function {
  Atom name = nullptr;  ///< May be nullptr: anonymous, maybe named by its place (inferred_name).
  Atom inferred_name = nullptr;
  FunctionSyntax syntax = FunctionSyntax::Normal;
  bool is_async = false;
  bool is_generator = false;
  bool is_expression = false;  ///< Its name is visible only inside.
  bool strict = false;
  bool simple_parameters = true;
  bool has_parameter_expressions = false;
  bool has_default_constructor_body = false;  ///< Derived: constructor(...args){super(...args)}
  bool has_fields = false;                    ///< Base constructor whose class has instance fields.
  std::uint32_t start = 0;
  std::uint32_t end = 0;
  std::uint32_t name_position = 0;
  std::uint32_t parameters_start = 0;
  std::uint32_t body_start = 0;
  List<Node*> parameters;           ///< Patterns, AssignPatterns, last maybe a RestPattern.
  List<Node*> body;                 ///< Statements.
  Node* expression_body = nullptr;  ///< Arrow with an expression.
  List<ClassMember*> initializers;  ///< Syntax Initializer: what to run, in order.
  List<VarDeclared> vars;
  List<FunctionNode*> block_functions;  ///< Sloppy function declarations inside blocks.

  // Filled by scope analysis:
  Function* outer = nullptr;
  int depth = 0;
  Scope* outer_scope = nullptr;         ///< Where the closure is made.
  std::uint32_t creation_position = 0;  ///< From where on in the source the closure may exist.
  Scope* scope = nullptr;               ///< Parameters; and the body's variables unless body_scope.
  Scope* body_scope = nullptr;          ///< Separate when parameters contain expressions.
  Variable* this_variable = nullptr;
  Variable* new_target_variable = nullptr;
  Variable* arguments_variable = nullptr;
  Variable* active_function_variable = nullptr;
  Variable* own_name_variable = nullptr;
  bool uses_this = false;
};

enum class MemberSyntax : std::uint8_t { Method, Getter, Setter, Field, StaticBlock };
struct ClassMember {
  MemberSyntax syntax;
  bool is_static;
  bool computed;
  Node* key;                 ///< StringNode, NumberNode, any expression if computed; nullptr for
                             ///< private members and static blocks.
  Identifier* private_name;  ///< nullptr: a public member.
  Node* value;               ///< Field initialiser (may be nullptr).
  Function* function;        ///< Method, accessor, static block.
  std::uint32_t start;
  std::uint32_t end;
  Variable* key_variable =
      nullptr;  ///< Computed field key / private method, kept in the class scope.
  Identifier* key_reference = nullptr;  ///< Reads key_variable from the initialiser function.
};

struct Class {
  Atom name = nullptr;
  Atom inferred_name = nullptr;
  std::uint32_t start = 0;
  std::uint32_t end = 0;
  std::uint32_t name_position = 0;
  Node* heritage = nullptr;
  Function* constructor = nullptr;           ///< Synthesised if the class has none.
  List<ClassMember*> members;                ///< Without the constructor.
  Function* instance_initializer = nullptr;  ///< nullptr: no instance fields or private methods.
  Function* static_initializer = nullptr;
  Scope* scope = nullptr;  ///< The class's own name, private names, computed field keys.
  Variable* name_variable = nullptr;
};

/// Everything the parser produced for one source.
struct Program {
  Arena arena;
  SourceNames atoms;
  Function* function = nullptr;
  std::vector<std::uint32_t> assignments;  ///< Where assignments start, sorted.
  std::vector<std::unique_ptr<Scope>> scopes;

  Program();
  ~Program();

  /// Whether evaluating source range [start, end) may assign to some variable.
  bool has_assignment(std::uint32_t start, std::uint32_t end) const;
};

}  // namespace heaplab::interp
