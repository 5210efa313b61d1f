// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "heaplab/heap/roots.h"
#include "heaplab/interp/string.h"

namespace heaplab::interp {

/// A symbol, or a private name (#x): a key that equals only itself.
class Symbol : public Object {
 public:
  enum Flag : unsigned { private_flag = 0, registered_flag = 1 };

  bool is_private() const { return flag(private_flag); }

  std::uint32_t not_a_shape_ = 0;
  std::uint32_t hash_ = 0;
  Word description_;  ///< a String or undefined
};

inline Symbol* Value::as_symbol() const {
  assert(is_symbol() && "not a symbol");
  return static_cast<Symbol*>(as_reference());
}

/// May collect. `description` is a string or undefined.
Symbol* new_symbol(Runtime& runtime, Value description);
Symbol* new_private_name(Runtime& runtime, String* description);

/// What a property is found by: an array index (0 .. 2^32-2), an atom, or a symbol. An atom that
/// spells an array index is never used as a key: the index is (see to_property_key).
class PropertyKey {
 public:
  static constexpr std::uint32_t max_index = 0xffff'fffeu;

  PropertyKey() = default;
  explicit PropertyKey(const String* atom) : bits_(address_of(atom)) {
    assert(atom->is_atom() && "property names must be atoms");
  }
  explicit PropertyKey(const Symbol* symbol) : bits_(address_of(symbol)) {}
  static PropertyKey index(std::uint32_t index) { return PropertyKey(Value::int_tag | index); }
  /// From Value form (see to_value): for keys kept in rooted slots.
  static PropertyKey from_value(Value value) { return PropertyKey(value.bits()); }

  bool is_index() const { return bits_ >= Value::int_tag; }
  bool is_symbol() const { return !is_index() && has_type(object(), HeapType::Symbol); }
  bool is_string() const { return !is_index() && !is_symbol(); }
  bool is_private() const { return is_symbol() && symbol()->is_private(); }
  std::uint32_t index() const { return static_cast<std::uint32_t>(bits_); }
  Object* object() const { return reinterpret_cast<Object*>(bits_); }
  String* atom() const { return static_cast<String*>(object()); }
  Symbol* symbol() const { return static_cast<Symbol*>(object()); }
  bool is(const Object* atom_or_symbol) const { return bits_ == address_of(atom_or_symbol); }
  std::uint32_t hash() const {
    // Atoms and symbols both keep their hash at the same place.
    return is_index() ? index() * 0x9e3779b1u : static_cast<const String*>(object())->hash_;
  }
  /// A Value that can sit in a rooted slot. Not a script value: indices above 2^31-1 look negative.
  Value to_rootable() const { return Value(bits_); }

  friend bool operator==(PropertyKey, PropertyKey) = default;

 private:
  explicit PropertyKey(std::uint64_t bits) : bits_(bits) {}
  std::uint64_t bits_ = 0;
};

/// The intern table. Weak: an atom nobody uses dies.
class AtomTable : public WeakRootProvider {
 public:
  explicit AtomTable(Runtime& runtime);
  ~AtomTable() override;

  /// The atom with these characters. May collect.
  String* intern(String* string);
  String* intern(std::u16string_view text);
  String* intern_latin1(std::string_view text);
  /// The atom if there is one already, else null. Never collects. \pre string is flat
  String* find(String* string);

  std::size_t size() const { return used_; }
  void process_weak_roots(const Liveness& liveness) override;

 private:
  struct Entry {
    std::uint32_t hash = 0;
    RefBits atom = 0;  ///< 0: empty, 1: deleted
  };
  template <class Equal>
  String* lookup(std::uint32_t hash, Equal&& equals) const;
  String* insert(String* atom);
  void place(Entry entry);
  void grow();
  void process_young(const Liveness& liveness);
  void process_all(const Liveness& liveness);
  Entry* entry_of(std::uint32_t hash, RefBits atom);

  Runtime& runtime_;
  std::vector<Entry> entries_;
  std::size_t used_ = 0;      ///< live entries
  std::size_t occupied_ = 0;  ///< live and deleted
  std::vector<Entry> young_;  ///< entries whose atom may still be in the young space
};

/// The names of atoms.def. Roots; never null after the Runtime is made.
struct CommonAtoms {
#define ATOM(name) String* name = nullptr;
#define ATOM_TEXT(name, text) String* name = nullptr;
#define SYMBOL(name, text) Symbol* name = nullptr;
#include "heaplab/interp/atoms.def"
#undef ATOM
#undef ATOM_TEXT
#undef SYMBOL
};

}  // namespace heaplab::interp
