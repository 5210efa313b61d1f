// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "heaplab/heap/object.h"

// What a language tells the heap about its objects.
//
// A TypeDescriptor says, as data, where an object's outgoing slots are. That one description serves
// evacuation, marking, the verifier, snapshots and recordings (visit.h has the only enumeration).
// Labels for people (property names, variable names) are asked for separately and only by tools.

namespace heaplab {

/// What one slot is.
enum class SlotKind : std::uint8_t {
  ref,        ///< Ref<T>, 4 bytes, strong
  word,       ///< Word, 8 bytes, strong if it is a reference
  weak_ref,   ///< Ref<T>, set to null when its referent dies
  weak_word,  ///< Word, set to Word::cleared() when its referent dies
};

/// What the variable-length part of an object is made of.
enum class ElementKind : std::uint8_t {
  none,            ///< fixed size; the header's upper half is the language's payload
  bytes,           ///< raw data, length() bytes
  bytes2,          ///< raw data, length() 2-byte units
  bytes4,          ///< raw data, length() 4-byte units
  bytes8,          ///< raw data, length() 8-byte units
  refs,            ///< length() strong Ref slots
  words,           ///< length() strong Word slots
  weak_refs,       ///< length() weak Ref slots
  weak_words,      ///< length() weak Word slots
  ephemeron_words  ///< length() pairs (key Word, value Word): the value is alive while the table
                   ///< and the key are (Hayes 1997); a dead key clears both words; a key that
                   ///< is no reference cannot die
};

/// A run of adjacent slots of one kind in the fixed part of an object.
struct SlotRun {
  std::uint16_t offset = 0;  ///< bytes from the object's start
  std::uint16_t count = 0;   ///< slots
  SlotKind kind = SlotKind::ref;
};

/// The kind of an edge, named as in V8's heap snapshots.
enum class EdgeKind : std::uint8_t { context, element, property, internal, hidden, shortcut, weak };

/// An edge's name: a number for element and hidden edges, otherwise a string.
struct EdgeLabel {
  EdgeKind kind = EdgeKind::internal;
  std::uint32_t index = 0;
  std::string name;
};

/// Where one slot is, as visit.h numbers them.
struct SlotPosition {
  bool in_elements = false;  ///< in the variable part?
  std::uint32_t index = 0;   ///< element index (pair index for ephemerons); in the fixed part the
                             ///< running number of the slot over all runs
  bool is_value = false;     ///< the value half of an ephemeron pair
};

class Heap;

/// Everything the heap knows about a type. Registered once per heap with Heap::register_type;
/// immutable afterwards.
struct TypeDescriptor {
  static constexpr std::size_t max_runs = 4;

  std::string name;                ///< for people: "Node", "Array"
  std::uint32_t fixed_bytes = 0;   ///< header + fields, a multiple of 8, where elements start
  std::vector<SlotRun> runs = {};  ///< at most max_runs, not overlapping
  ElementKind elements = ElementKind::none;
  /// The heap lists such an object in take_cleared() after a collection cleared one of its weak
  /// slots or ephemerons.
  bool notify_cleared = false;

  /// \name For tools only (never called during a collection; must not allocate on the heap)
  /// @{
  /// The label of a slot; null: "field 0", "[3]".
  EdgeLabel (*edge_label)(const Object& object, SlotPosition position) = nullptr;
  /// What to call this object: a class name, a function's name, a string's text; null: `name`.
  std::string (*object_name)(const Object& object) = nullptr;
  /// V8's node type for snapshots ("object", "closure", "string", "array", "hidden", …).
  std::string_view node_type = "object";
  /// Off-heap bytes the object owns (array buffers); null: none.
  std::uint64_t (*external_bytes)(const Object& object) = nullptr;
  /// @}
};

/// The part of a descriptor that collectors read for every object: 32 bytes, two per cache line.
struct TypeLayout {
  std::uint32_t fixed_bytes = 0;
  ElementKind elements = ElementKind::none;
  std::uint8_t element_shift = 0;  ///< log2 of an element's bytes
  std::uint8_t run_count = 0;
  bool has_weak = false;  ///< any weak slot or ephemeron
  SlotRun runs[TypeDescriptor::max_runs];

  /// Is there any slot to visit?
  bool has_slots() const {
    return run_count != 0 || has_weak || elements == ElementKind::refs ||
           elements == ElementKind::words;
  }
  bool is_variable() const { return elements != ElementKind::none; }

  /// Bytes an object with this header takes, a multiple of 8.
  std::size_t object_bytes(std::uint32_t length) const {
    if (elements == ElementKind::none) return fixed_bytes;
    const std::size_t bytes = fixed_bytes + (std::size_t{length} << element_shift) + 7;
    const std::size_t rounded = bytes & ~std::size_t{7};
    return rounded < minimum_object_bytes ? minimum_object_bytes : rounded;
  }
  std::size_t object_bytes(const Object& object) const { return object_bytes(object.length()); }
};
static_assert(sizeof(SlotRun) == 6);
static_assert(sizeof(TypeLayout) == 32);

/// Checks a descriptor (alignment, overlap, limits) and flattens it.
/// Throws std::invalid_argument naming the type and what is wrong.
TypeLayout make_layout(const TypeDescriptor& descriptor);

}  // namespace heaplab
