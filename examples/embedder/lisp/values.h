// SPDX-License-Identifier: MIT
#pragma once

#include <heaplab/heap/heap.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

// What values of this Lisp are, where they live, and how C++ code holds on to them.
//
//   nil      the empty word                          no object
//   integer  48 bits in a tagged word                no object
//   builtin  an index in a tagged word               no object
//   pair     two words                               object, 24 bytes
//   lambda   parameters, body, environment           object, 32 bytes
//   symbol   its name                                object of variable length, unique per name

namespace lisp {

using heaplab::Heap;
using heaplab::Object;
using heaplab::TypeId;
using heaplab::Word;

/// A program is wrong. The message is for its author.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Pair : Object {
  Word head;
  Word tail;
};

struct Lambda : Object {
  Word parameters;
  Word body;
  Word environment;
};

struct Symbol : Object {
  std::string_view name() const {
    return {reinterpret_cast<const char*>(this + 1), length()};  // elements follow the header
  }
};

/// \name Words that are no references: their upper 16 bits are not zero.
/// @{
inline constexpr std::uint64_t integer_tag = 0xFFFEULL << 48;
inline constexpr std::uint64_t builtin_tag = 0xFFFDULL << 48;
inline constexpr std::uint64_t tag_mask = 0xFFFFULL << 48;

inline constexpr Word nil{};
Word integer(std::int64_t value);  ///< Throws Error when 48 bits are too few.
inline Word builtin(std::size_t index) { return Word(builtin_tag | index); }
inline bool is_nil(Word word) { return word == nil; }
inline bool is_integer(Word word) { return (word.bits() & tag_mask) == integer_tag; }
inline bool is_builtin(Word word) { return (word.bits() & tag_mask) == builtin_tag; }
std::int64_t to_integer(Word word);  ///< Throws Error when it is none.
inline std::size_t builtin_index(Word word) { return word.bits() & ~tag_mask; }
/// @}

/// The interpreter's own stack of values. Being a root provider, it is how the collector finds
/// values that C++ code is working with, and how that code finds them again after they moved.
class ValueStack : public heaplab::RootProvider {
 public:
  void visit_roots(heaplab::RootVisitor& visitor) override {
    visitor.words(words_.data(), words_.data() + words_.size());
  }
  std::string_view roots_name() const override { return "(Lisp stack)"; }

 private:
  friend class Local;
  std::vector<std::uint64_t> words_;
};

/// One value on the stack for as long as the C++ variable lives. Every function below that may
/// collect takes and returns plain words: what its caller needs afterwards, it keeps in a Local.
class Local {
 public:
  Local(ValueStack& stack, Word value) : stack_(stack), index_(stack.words_.size()) {
    stack_.words_.push_back(value.bits());
  }
  ~Local() { stack_.words_.pop_back(); }
  Local(const Local&) = delete;
  Local& operator=(const Local&) = delete;

  Word get() const { return Word(stack_.words_[index_]); }
  void set(Word value) { stack_.words_[index_] = value.bits(); }

 private:
  ValueStack& stack_;
  std::size_t index_;
};

/// Every symbol by name. It does not keep symbols alive: those nobody mentions any more go.
class SymbolTable : public heaplab::WeakRootProvider {
 public:
  void process_weak_roots(const heaplab::Liveness& liveness) override;
  Symbol* find(const std::string& name) const;
  void add(const std::string& name, Symbol* symbol) { symbols_[name] = symbol; }

 private:
  std::unordered_map<std::string, Object*> symbols_;
};

/// The values of one heap: makes them, tells them apart, changes them.
class Values {
 public:
  explicit Values(Heap& heap);
  ~Values();
  Values(const Values&) = delete;
  Values& operator=(const Values&) = delete;

  ValueStack& stack() { return stack_; }

  /// \name These may collect.
  /// @{
  Word cons(Word head, Word tail);
  Word lambda(Word parameters, Word body, Word environment);
  Word symbol(const std::string& name);
  /// @}

  bool is_pair(Word word) const { return has_type(word, pair_type_); }
  bool is_lambda(Word word) const { return has_type(word, lambda_type_); }
  bool is_symbol(Word word) const { return has_type(word, symbol_type_); }

  /// \name Parts of a pair. They throw Error when the word is no pair.
  /// @{
  Word head(Word pair) const { return to_pair(pair)->head; }
  Word tail(Word pair) const { return to_pair(pair)->tail; }
  void set_tail(Word pair, Word value);
  /// @}
  const Lambda* to_lambda(Word word) const { return static_cast<const Lambda*>(word.object()); }
  const Symbol* to_symbol(Word word) const { return static_cast<const Symbol*>(word.object()); }

 private:
  bool has_type(Word word, TypeId type) const {
    return word.is_reference() && word.object()->type_id() == type;
  }
  Pair* to_pair(Word word) const;

  Heap& heap_;
  ValueStack stack_;
  SymbolTable symbols_;
  TypeId pair_type_;
  TypeId lambda_type_;
  TypeId symbol_type_;
};

}  // namespace lisp
