// SPDX-License-Identifier: MIT
#include "heaplab/interp/atom.h"

#include <cstring>

#include "heaplab/interp/runtime.h"

// Interning marks a flat string as the atom in place; ropes and slices get a flat copy. The table
// is open addressing over (hash, 32-bit reference). A young atom moves at most twice before it is
// old, so minor collections look only at the atoms interned lately (young_), not at the table.

namespace heaplab::interp {
namespace {

constexpr RefBits deleted_entry = 1;
constexpr std::size_t initial_capacity = 1024;

bool spells_index(const String* string) {
  const std::uint32_t length = string->length();
  if (length == 0 || length > 10) return false;
  const FlatChars chars = flat_chars(string);
  if (chars[0] == u'0') return length == 1;
  std::uint64_t value = 0;
  for (std::uint32_t i = 0; i < length; ++i) {
    if (chars[i] < u'0' || chars[i] > u'9') return false;
    value = value * 10 + (chars[i] - u'0');
  }
  return value <= PropertyKey::max_index;
}

String* string_at(RefBits bits) { return static_cast<String*>(decompress(bits)); }

bool same_chars(const String* atom, std::u16string_view text) {
  if (atom->length() != text.size()) return false;
  const FlatChars chars = flat_chars(atom);
  for (std::uint32_t i = 0; i < chars.length(); ++i) {
    if (chars[i] != text[i]) return false;
  }
  return true;
}

bool same_chars(const String* atom, std::string_view text) {
  if (atom->length() != text.size() || !atom->is_seq8()) return false;
  return std::memcmp(static_cast<const SeqString8*>(atom)->chars(), text.data(), text.size()) == 0;
}

}  // namespace

AtomTable::AtomTable(Runtime& runtime) : runtime_(runtime), entries_(initial_capacity) {
  runtime.heap().add_weak_root_provider(this);
}

AtomTable::~AtomTable() { runtime_.heap().remove_weak_root_provider(this); }

template <class Equal>
String* AtomTable::lookup(std::uint32_t hash, Equal&& equals) const {
  const std::size_t mask = entries_.size() - 1;
  for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
    const Entry& entry = entries_[i];
    if (entry.atom == 0) return nullptr;
    if (entry.hash == hash && entry.atom != deleted_entry && equals(string_at(entry.atom))) {
      return string_at(entry.atom);
    }
  }
}

void AtomTable::place(Entry entry) {
  const std::size_t mask = entries_.size() - 1;
  std::size_t i = entry.hash & mask;
  while (entries_[i].atom != 0) i = (i + 1) & mask;
  entries_[i] = entry;
}

void AtomTable::grow() {
  std::vector<Entry> old(used_ * 4 < entries_.size() ? entries_.size() : entries_.size() * 2);
  old.swap(entries_);
  for (const Entry& entry : old) {
    if (entry.atom != 0 && entry.atom != deleted_entry) place(entry);
  }
  occupied_ = used_;
}

String* AtomTable::insert(String* atom) {
  assert((atom->is_seq8() || atom->is_seq16()) && "atoms are sequential strings");
  hash_of(atom);
  atom->set_flag(String::atom_flag, true);
  if (spells_index(atom)) atom->set_flag(String::index_flag, true);
  if ((occupied_ + 1) * 2 > entries_.size()) grow();
  const Entry entry{atom->hash_, compress(atom)};
  place(entry);
  ++used_;
  ++occupied_;
  young_.push_back(entry);
  return atom;
}

String* AtomTable::find(String* string) {
  if (string->is_atom()) return string;
  return lookup(hash_of(string), [string](String* atom) { return equal(atom, string); });
}

String* AtomTable::intern(String* string) {
  if (string->is_atom()) return string;
  string = flatten(runtime_, string);
  if (string->is_atom()) return string;
  if (String* known = find(string)) return known;
  if (!has_type(string, HeapType::SliceString)) return insert(string);
  // A slice would keep its parent alive and is no sequential string: copy.
  if (flat_chars(string).is_latin1()) {
    const auto chars = flat_chars(string).latin1();
    return intern_latin1(std::string(chars.begin(), chars.end()));
  }
  return intern(std::u16string(flat_chars(string).utf16()));
}

String* AtomTable::intern(std::u16string_view text) {
  String* known = lookup(hash_utf16(text), [text](String* atom) { return same_chars(atom, text); });
  if (known) return known;
  String* string = new_string(runtime_, text);
  return string->is_atom() ? string : insert(string);
}

String* AtomTable::intern_latin1(std::string_view text) {
  String* known =
      lookup(hash_latin1(text), [text](String* atom) { return same_chars(atom, text); });
  if (known) return known;
  const auto length = static_cast<std::uint32_t>(text.size());
  SeqString8* string = new_seq_string8(runtime_, length);
  if (length > 0) std::memcpy(string->chars(), text.data(), length);
  return insert(string);
}

AtomTable::Entry* AtomTable::entry_of(std::uint32_t hash, RefBits atom) {
  const std::size_t mask = entries_.size() - 1;
  for (std::size_t i = hash & mask; entries_[i].atom != 0; i = (i + 1) & mask) {
    if (entries_[i].atom == atom) return &entries_[i];
  }
  return nullptr;
}

void AtomTable::process_weak_roots(const Liveness& liveness) {
  if (liveness.minor()) {
    process_young(liveness);
  } else {
    process_all(liveness);
  }
}

void AtomTable::process_young(const Liveness& liveness) {
  std::size_t kept = 0;
  for (Entry young : young_) {
    // Look the entry up first: the young list may hold an address that was reused since.
    Entry* entry = entry_of(young.hash, young.atom);
    if (!entry) continue;
    const Object* survivor = liveness.survivor(decompress(young.atom));
    if (!survivor) {
      entry->atom = deleted_entry;
      --used_;
      continue;
    }
    const RefBits now = compress(survivor);
    if (now == young.atom) continue;  // it did not move: it is old
    entry->atom = now;
    young_[kept++] = {young.hash, now};
  }
  young_.resize(kept);
}

void AtomTable::process_all(const Liveness& liveness) {
  for (Entry& entry : entries_) {
    if (entry.atom == 0 || entry.atom == deleted_entry) continue;
    const Object* survivor = liveness.survivor(decompress(entry.atom));
    if (survivor) {
      entry.atom = compress(survivor);
    } else {
      entry.atom = deleted_entry;
      --used_;
    }
  }
  // Some survivors may still be young: keep watching all those that were.
  std::size_t kept = 0;
  for (const Entry young : young_) {
    if (const Object* survivor = liveness.survivor(decompress(young.atom))) {
      young_[kept++] = {young.hash, compress(survivor)};
    }
  }
  young_.resize(kept);
}

}  // namespace heaplab::interp
