// SPDX-License-Identifier: MIT
#include "values.h"

#include <cstring>
#include <iterator>

namespace lisp {

namespace {

using heaplab::ElementKind;
using heaplab::SlotKind;

// All three types in the words the heap understands: where the references are.
constexpr std::uint16_t fields_start = sizeof(Object);

TypeId register_struct(Heap& heap, const char* name, std::size_t bytes, std::uint16_t words) {
  return heap.register_type(
      {.name = name,
       .fixed_bytes = static_cast<std::uint32_t>(bytes),
       .runs = {{.offset = fields_start, .count = words, .kind = SlotKind::word}}});
}

}  // namespace

Word integer(std::int64_t value) {
  constexpr std::int64_t limit = std::int64_t{1} << 47;
  if (value < -limit || value >= limit) throw Error("the number is too large");
  return Word(integer_tag | (static_cast<std::uint64_t>(value) & ~tag_mask));
}

std::int64_t to_integer(Word word) {
  if (!is_integer(word)) throw Error("a number was expected");
  return static_cast<std::int64_t>(word.bits() << 16) >> 16;  // restores the sign
}

void SymbolTable::process_weak_roots(const heaplab::Liveness& liveness) {
  for (auto entry = symbols_.begin(); entry != symbols_.end();) {
    entry->second = liveness.survivor(entry->second);
    entry = entry->second == nullptr ? symbols_.erase(entry) : std::next(entry);
  }
}

Symbol* SymbolTable::find(const std::string& name) const {
  const auto found = symbols_.find(name);
  return found == symbols_.end() ? nullptr : static_cast<Symbol*>(found->second);
}

Values::Values(Heap& heap)
    : heap_(heap),
      pair_type_(register_struct(heap, "Pair", sizeof(Pair), 2)),
      lambda_type_(register_struct(heap, "Lambda", sizeof(Lambda), 3)),
      symbol_type_(heap.register_type(
          {.name = "Symbol", .fixed_bytes = sizeof(Object), .elements = ElementKind::bytes})) {
  heap_.add_root_provider(&stack_);
  heap_.add_weak_root_provider(&symbols_);
}

Values::~Values() {
  heap_.remove_weak_root_provider(&symbols_);
  heap_.remove_root_provider(&stack_);
}

Word Values::cons(Word head, Word tail) {
  const Local kept_head(stack_, head);
  const Local kept_tail(stack_, tail);
  Pair* pair = heap_.allocate<Pair>(pair_type_);  // head and tail may be stale from here on
  heap_.write(pair, pair->head, kept_head.get());
  heap_.write(pair, pair->tail, kept_tail.get());
  return Word(pair);
}

Word Values::lambda(Word parameters, Word body, Word environment) {
  const Local kept_parameters(stack_, parameters);
  const Local kept_body(stack_, body);
  const Local kept_environment(stack_, environment);
  Lambda* lambda = heap_.allocate<Lambda>(lambda_type_);
  heap_.write(lambda, lambda->parameters, kept_parameters.get());
  heap_.write(lambda, lambda->body, kept_body.get());
  heap_.write(lambda, lambda->environment, kept_environment.get());
  return Word(lambda);
}

Word Values::symbol(const std::string& name) {
  if (Symbol* known = symbols_.find(name)) return Word(known);
  auto* made =
      static_cast<Symbol*>(heap_.allocate(symbol_type_, static_cast<std::uint32_t>(name.size())));
  std::memcpy(made + 1, name.data(), name.size());
  symbols_.add(name, made);
  return Word(made);
}

void Values::set_tail(Word pair, Word value) {
  Pair* object = to_pair(pair);
  heap_.write(object, object->tail, value);
}

Pair* Values::to_pair(Word word) const {
  if (!is_pair(word)) throw Error("a pair was expected");
  return static_cast<Pair*>(word.object());
}

}  // namespace lisp
