// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <type_traits>

// What an object, a reference and a slot are.
//
// Every heap of the process lives in one low address range, the cage: below 32 GiB, so that a
// reference fits in 32 bits (address / 8) and decoding it is one shift that x86 folds into the
// addressing mode. Address-sanitised builds cannot use low addresses (its shadow is there); they
// put the cage at a fixed high base instead. Nothing outside this file knows the difference.
//
//   object   = 8-byte header, then fields and/or elements; 8-aligned, at least 16 bytes
//   header   = [63..32] length or payload   [31..21] flags   [20..1] type id   [0] 1
//              (bit 0 clear: the object has moved and the word is its forwarding address)
//   Ref<T>   = 4-byte slot: 0 is null, otherwise address / 8
//   Word     = 8-byte slot: a reference or 64 bits of anything else (see below)

namespace heaplab {

#if defined(__SANITIZE_ADDRESS__)
#define HEAPLAB_HIGH_CAGE 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HEAPLAB_HIGH_CAGE 1
#endif
#endif

#ifdef HEAPLAB_HIGH_CAGE
inline constexpr std::uintptr_t cage_base = std::uintptr_t{0x2000} << 32;
#else
inline constexpr std::uintptr_t cage_base = 0;
#endif
inline constexpr std::uintptr_t cage_bytes = std::uintptr_t{1} << 35;

inline constexpr std::size_t granule_bytes = 8;
inline constexpr std::size_t minimum_object_bytes = 16;

using TypeId = std::uint32_t;
inline constexpr TypeId max_types = 1u << 20;

/// The common start of every heap object. Derive your object structs from it and add only
/// trivially copyable fields: the collector moves objects with memcpy.
class Object {
 public:
  static constexpr std::uint64_t header_tag = 1;
  static constexpr unsigned type_shift = 1;
  static constexpr std::uint64_t type_mask = max_types - 1;
  static constexpr unsigned flags_shift = 21;
  /// Flags 0-7 belong to the language; the rest to the heap.
  static constexpr std::uint64_t weak_remembered_flag = std::uint64_t{1} << 29;
  static constexpr unsigned length_shift = 32;

  static constexpr std::uint64_t make_header(TypeId type, std::uint32_t length_or_payload) {
    return (std::uint64_t{length_or_payload} << length_shift) |
           (std::uint64_t{type} << type_shift) | header_tag;
  }

  std::uint64_t header() const { return header_; }
  void set_header(std::uint64_t header) { header_ = header; }

  TypeId type_id() const { return static_cast<TypeId>((header_ >> type_shift) & type_mask); }
  /// Element count of a variable-length object.
  std::uint32_t length() const { return static_cast<std::uint32_t>(header_ >> length_shift); }
  /// 32 bits that belong to the language, in objects of fixed size.
  std::uint32_t payload() const { return length(); }
  void set_payload(std::uint32_t payload) {
    header_ = (header_ & 0xffff'ffffu) | (std::uint64_t{payload} << length_shift);
  }

  /// One of eight flags (0..7) that belong to the language; kept when the object moves.
  bool flag(unsigned index) const { return (header_ >> (flags_shift + index)) & 1; }
  void set_flag(unsigned index, bool value) {
    assert(index < 8 && "only flags 0..7 belong to the language");
    const std::uint64_t bit = std::uint64_t{1} << (flags_shift + index);
    header_ = value ? header_ | bit : header_ & ~bit;
  }

  bool is_forwarded() const { return (header_ & header_tag) == 0; }
  Object* forwarding_address() const {
    return reinterpret_cast<Object*>(static_cast<std::uintptr_t>(header_));
  }
  void forward_to(Object* target) { header_ = reinterpret_cast<std::uintptr_t>(target); }

  std::byte* bytes() { return reinterpret_cast<std::byte*>(this); }
  const std::byte* bytes() const { return reinterpret_cast<const std::byte*>(this); }

 private:
  std::uint64_t header_;
};
static_assert(sizeof(Object) == 8);
static_assert(std::is_trivially_copyable_v<Object>);

inline std::uintptr_t address_of(const void* object) {
  return reinterpret_cast<std::uintptr_t>(object);
}

/// The 32-bit form of a reference. 0 is null.
using RefBits = std::uint32_t;

inline RefBits compress(const void* object) {
  if constexpr (cage_base == 0) {
    return static_cast<RefBits>(address_of(object) >> 3);
  } else {
    return object ? static_cast<RefBits>((address_of(object) - cage_base) >> 3) : 0;
  }
}
inline Object* decompress(RefBits bits) {
  if constexpr (cage_base == 0) {
    return reinterpret_cast<Object*>(std::uintptr_t{bits} << 3);
  } else {
    return bits ? reinterpret_cast<Object*>(cage_base + (std::uintptr_t{bits} << 3)) : nullptr;
  }
}

/// A 4-byte reference field of a heap object. Reading is free of bookkeeping; storing into an
/// object goes through Heap::write (the write barrier), so there is no assignment operator.
template <class T = Object>
class Ref {
 public:
  T* get() const { return static_cast<T*>(decompress(bits_)); }
  T* operator->() const { return get(); }
  explicit operator bool() const { return bits_ != 0; }
  RefBits bits() const { return bits_; }
  /// Stores without a barrier. Only by the collector, or for an object that Heap::allocate (not
  /// allocate_old) made since the last safepoint and that is not large.
  void init(T* object) { bits_ = compress(object); }
  void set_bits(RefBits bits) { bits_ = bits; }

 private:
  RefBits bits_ = 0;
};
static_assert(sizeof(Ref<>) == 4);

/// An 8-byte tagged field. It holds a reference exactly when it is non-zero and its upper 16 bits
/// are zero; then it is the object's address. Everything else is the language's own: NaN-boxed
/// doubles, small integers, booleans. 0 is the empty word.
class Word {
 public:
  constexpr Word() = default;
  constexpr explicit Word(std::uint64_t bits) : bits_(bits) {}
  explicit Word(const Object* object) : bits_(address_of(object)) {}

  constexpr std::uint64_t bits() const { return bits_; }
  constexpr bool is_reference() const { return is_reference(bits_); }
  static constexpr bool is_reference(std::uint64_t bits) {
    return bits - 1 < (std::uint64_t{1} << 48) - 1;
  }
  Object* object() const { return reinterpret_cast<Object*>(static_cast<std::uintptr_t>(bits_)); }
  /// What the collector leaves in a weak or ephemeron word whose referent died. Never a reference.
  static constexpr Word cleared() { return Word(std::uint64_t{1} << 48 | 0x12); }

  friend constexpr bool operator==(Word, Word) = default;

 private:
  std::uint64_t bits_ = 0;
};
static_assert(sizeof(Word) == 8);

}  // namespace heaplab
