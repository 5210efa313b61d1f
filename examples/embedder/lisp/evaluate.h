// SPDX-License-Identifier: MIT
#pragma once

#include "values.h"

namespace lisp {

/// Runs expressions: quote, if, define, lambda, begin, set!, and calls. Tail calls need no stack.
class Evaluator {
 public:
  explicit Evaluator(Values& values);

  /// The value of an expression in the global environment. May collect. Throws Error.
  Word evaluate(Word expression);

 private:
  static constexpr int max_depth = 2000;

  /// What one step of evaluation leaves: a value, or an expression to go on with (a tail call).
  enum class Step { done, tail_call };

  Word evaluate(Word expression, Word environment, int depth);
  Step step(Local& expression, Local& environment, int depth);
  Step special_form(std::string_view name, Local& expression, Local& environment, int depth);
  Step call(Local& expression, Local& environment, int depth);
  Word evaluate_arguments(Word arguments, Word environment, int depth);
  Word bind(Word parameters, Word arguments, Word environment);
  void define(Word symbol, Word value);
  /// The (symbol . value) pair that `symbol` means here. Never collects.
  Word binding_of(Word symbol, Word environment) const;
  Word nth(Word list, int index) const;

  Values& values_;
  ValueStack& stack_;
  Local globals_;  ///< a list of (symbol . value), as every environment is
};

}  // namespace lisp
