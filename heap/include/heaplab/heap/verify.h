// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heaplab/heap/heap.h"

// The verifier: a second opinion on the heap. It starts from the roots, follows the same slots as
// every collector (visit.h) with its own visited set, and believes no mark bit, free list, block
// table or age of the collector it checks. Ephemerons are followed to a fixpoint.

namespace heaplab {

/// One kind of damage, for tests that cause it on purpose.
enum class Damage : std::uint8_t {
  misaligned_reference,  ///< a slot holds an address that is no multiple of 8
  wild_reference,        ///< a reference outside the heap's memory
  forwarded_object,      ///< a reference to an object that has moved away
  unknown_type,          ///< a header with a type that was never registered
  bad_size,              ///< an object that reaches past its memory
  overlap,               ///< two objects share memory
  missing_remembered,    ///< an old object refers to a young one, and the remembered set lacks it
  dangling_weak,         ///< a weak slot or ephemeron key refers to something that is no object
  unmarked_weak,         ///< after a collection, a weak slot refers to an unreachable object
  content_changed        ///< a collection changed the reachable graph or its contents
};
std::string_view to_string(Damage damage);

struct Finding {
  Damage damage;
  std::string message;  ///< which object, which slot, what is wrong
};

/// What a heap's reachable graph looks like: equal before and after every collection.
struct HeapDigest {
  std::uint64_t objects = 0;
  std::uint64_t bytes = 0;
  std::uint64_t hash = 0;  ///< over types, contents and the graph's shape, not over addresses
  friend bool operator==(const HeapDigest&, const HeapDigest&) = default;
};

struct VerifyResult {
  std::vector<Finding> findings;  ///< empty if sound; at most 20
  HeapDigest digest;
};

enum class VerifyMoment : std::uint8_t { any, after_major };

/// Walks everything reachable. Does not collect, allocates off-heap only.
VerifyResult verify_heap(Heap& heap, VerifyMoment moment = VerifyMoment::any);

}  // namespace heaplab
