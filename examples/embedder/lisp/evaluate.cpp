// SPDX-License-Identifier: MIT
#include "evaluate.h"

#include <array>
#include <string>

#include "print.h"

namespace lisp {

namespace {

// A builtin gets its evaluated arguments as a list. Only `cons` makes an object, and it is the last
// thing it does, so none of them needs a Local.
using Builtin = Word (*)(Values& values, Word arguments);

Word first(const Values& values, Word arguments) { return values.head(arguments); }
Word second(const Values& values, Word arguments) { return values.head(values.tail(arguments)); }

template <class Operation>
Word compute(const Values& values, Word arguments, Operation operation) {
  return operation(to_integer(first(values, arguments)), to_integer(second(values, arguments)));
}

Word truth(bool value) { return value ? integer(1) : nil; }

Word multiply(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) throw Error("the number is too large");
  return integer(product);
}

struct NamedBuiltin {
  const char* name;
  Builtin run;
};

constexpr std::array<NamedBuiltin, 9> builtins{{
    {"+", [](Values& v,
             Word a) { return compute(v, a, [](auto x, auto y) { return integer(x + y); }); }},
    {"-", [](Values& v,
             Word a) { return compute(v, a, [](auto x, auto y) { return integer(x - y); }); }},
    {"*", [](Values& v, Word a) { return compute(v, a, multiply); }},
    {"<",
     [](Values& v, Word a) { return compute(v, a, [](auto x, auto y) { return truth(x < y); }); }},
    {"=", [](Values& v, Word a) { return truth(first(v, a) == second(v, a)); }},
    {"cons", [](Values& v, Word a) { return v.cons(first(v, a), second(v, a)); }},
    {"car", [](Values& v, Word a) { return v.head(first(v, a)); }},
    {"cdr", [](Values& v, Word a) { return v.tail(first(v, a)); }},
    {"null?", [](Values& v, Word a) { return truth(is_nil(first(v, a))); }},
}};

}  // namespace

Evaluator::Evaluator(Values& values)
    : values_(values), stack_(values.stack()), globals_(values.stack(), nil) {
  for (std::size_t i = 0; i < builtins.size(); ++i) {
    define(values_.symbol(builtins[i].name), builtin(i));
  }
}

Word Evaluator::evaluate(Word expression) { return evaluate(expression, nil, 0); }

Word Evaluator::evaluate(Word start, Word start_environment, int depth) {
  if (depth > max_depth) throw Error("the program recurses too deeply");
  Local expression(stack_, start);
  Local environment(stack_, start_environment);
  while (step(expression, environment, depth) == Step::tail_call) {
  }
  return expression.get();
}

// Replaces `expression` by its value, or by the expression that has the same value.
Evaluator::Step Evaluator::step(Local& expression, Local& environment, int depth) {
  const Word now = expression.get();
  if (values_.is_symbol(now)) {
    expression.set(values_.tail(binding_of(now, environment.get())));
    return Step::done;
  }
  if (!values_.is_pair(now)) return Step::done;
  const Word head = values_.head(now);
  if (values_.is_symbol(head)) {
    const std::string name(values_.to_symbol(head)->name());
    return special_form(name, expression, environment, depth);
  }
  return call(expression, environment, depth);
}

Evaluator::Step Evaluator::special_form(std::string_view name, Local& expression,
                                        Local& environment, int depth) {
  const Word now = expression.get();
  if (name == "quote") {
    expression.set(nth(now, 1));
    return Step::done;
  }
  if (name == "if") {
    const bool yes = !is_nil(evaluate(nth(now, 1), environment.get(), depth + 1));
    expression.set(nth(expression.get(), yes ? 2 : 3));
    return Step::tail_call;
  }
  if (name == "lambda") {
    expression.set(values_.lambda(nth(now, 1), nth(now, 2), environment.get()));
    return Step::done;
  }
  if (name == "define") {
    const Word value = evaluate(nth(now, 2), environment.get(), depth + 1);
    define(nth(expression.get(), 1), value);
    expression.set(nil);
    return Step::done;
  }
  if (name == "set!") {
    const Word value = evaluate(nth(now, 2), environment.get(), depth + 1);
    values_.set_tail(binding_of(nth(expression.get(), 1), environment.get()), value);
    expression.set(value);
    return Step::done;
  }
  if (name == "begin") {
    Local rest(stack_, values_.tail(now));
    for (; values_.is_pair(values_.tail(rest.get())); rest.set(values_.tail(rest.get()))) {
      evaluate(values_.head(rest.get()), environment.get(), depth + 1);
    }
    expression.set(values_.head(rest.get()));
    return Step::tail_call;
  }
  return call(expression, environment, depth);
}

Evaluator::Step Evaluator::call(Local& expression, Local& environment, int depth) {
  const Local function(stack_,
                       evaluate(values_.head(expression.get()), environment.get(), depth + 1));
  const Local arguments(
      stack_, evaluate_arguments(values_.tail(expression.get()), environment.get(), depth + 1));
  if (is_builtin(function.get())) {
    expression.set(builtins[builtin_index(function.get())].run(values_, arguments.get()));
    return Step::done;
  }
  if (!values_.is_lambda(function.get())) {
    throw Error("not a procedure: " + to_text(values_, function.get()));
  }
  const Lambda* lambda = values_.to_lambda(function.get());
  environment.set(bind(lambda->parameters, arguments.get(), lambda->environment));
  expression.set(values_.to_lambda(function.get())->body);  // read again: it may have moved
  return Step::tail_call;
}

Word Evaluator::evaluate_arguments(Word arguments, Word environment, int depth) {
  Local rest(stack_, arguments);
  const Local kept_environment(stack_, environment);
  Local first_pair(stack_, nil);
  Local last_pair(stack_, nil);
  for (; values_.is_pair(rest.get()); rest.set(values_.tail(rest.get()))) {
    const Word value = evaluate(values_.head(rest.get()), kept_environment.get(), depth);
    const Word pair = values_.cons(value, nil);
    if (is_nil(first_pair.get())) {
      first_pair.set(pair);
    } else {
      values_.set_tail(last_pair.get(), pair);
    }
    last_pair.set(pair);
  }
  return first_pair.get();
}

// The environment with each parameter bound to its argument in front.
Word Evaluator::bind(Word parameters, Word arguments, Word environment) {
  Local parameter(stack_, parameters);
  Local argument(stack_, arguments);
  Local result(stack_, environment);
  while (values_.is_pair(parameter.get()) && values_.is_pair(argument.get())) {
    const Word binding = values_.cons(values_.head(parameter.get()), values_.head(argument.get()));
    result.set(values_.cons(binding, result.get()));
    parameter.set(values_.tail(parameter.get()));
    argument.set(values_.tail(argument.get()));
  }
  if (!is_nil(parameter.get())) throw Error("too few arguments");
  if (!is_nil(argument.get())) throw Error("too many arguments");
  return result.get();
}

void Evaluator::define(Word symbol, Word value) {
  if (!values_.is_symbol(symbol)) throw Error("define needs a name");
  const Word binding = values_.cons(symbol, value);
  globals_.set(values_.cons(binding, globals_.get()));
}

Word Evaluator::binding_of(Word symbol, Word environment) const {
  for (const Word start : {environment, globals_.get()}) {
    for (Word list = start; values_.is_pair(list); list = values_.tail(list)) {
      if (values_.head(values_.head(list)) == symbol) return values_.head(list);
    }
  }
  throw Error("unknown name: " + to_text(values_, symbol));
}

Word Evaluator::nth(Word list, int index) const {
  for (; index > 0 && values_.is_pair(list); --index) list = values_.tail(list);
  return values_.is_pair(list) ? values_.head(list) : nil;
}

}  // namespace lisp
