// SPDX-License-Identifier: MIT
// Which variable each name means, which variables closures capture (those live in heap contexts,
// the others in registers), and which accesses must check that a `let` was initialised.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "heaplab/interp/ast.h"
#include "heaplab/interp/bytecode.h"
#include "heaplab/interp/source.h"

namespace heaplab::interp {

enum class VariableKind : std::uint8_t {
  Var,
  Function,  ///< Declared by a function declaration.
  Parameter,
  Let,
  Const,
  Class,
  Catch,         ///< catch (name)
  FunctionName,  ///< A function expression's own name.
  Hidden,        ///< this, arguments, new.target, computed field keys ...
  Private,       ///< #name
};

struct Variable {
  Atom name;
  VariableKind kind;
  Scope* scope;
  std::uint32_t init_position;  ///< From here on in the source it is initialised.
  std::uint32_t declared_at = 0;
  bool plain_function = false;  ///< Function: neither async nor a generator.
  bool captured = false;        ///< Used by an inner function: lives in the scope's context.
  bool needs_hole = false;      ///< Some access must see whether it was initialised.
  bool referenced = false;
  Variable* shadowed = nullptr;  ///< Analysis: what the name meant outside.
  CodeUnit reg = kNoRegister;
  CodeUnit slot = kNoIndex;
  Variable* initial_value = nullptr;  ///< A `var` of a body scope named like a parameter.

  bool is_lexical() const {
    return kind == VariableKind::Let || kind == VariableKind::Const || kind == VariableKind::Class;
  }
};

enum class ScopeKind : std::uint8_t { Function, Body, Block, Switch, Loop, Catch, Class };

struct Scope {
  ScopeKind kind;
  Function* function;
  Scope* outer;
  std::uint32_t position;
  std::vector<Variable*> variables;
  std::vector<FunctionNode*> functions;  ///< Declarations to instantiate on entry.
  bool needs_context = false;
  CodeUnit context_register = kNoRegister;  ///< Code generation: where its context is.
};

/// Fills the scope and variable fields of the tree. Throws SyntaxError for redeclarations and
/// undeclared private names.
void analyze_scopes(Program& program, const std::shared_ptr<const Source>& source);

}  // namespace heaplab::interp
