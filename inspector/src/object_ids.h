// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>

#include "heaplab/heap/heap.h"
#include "heaplab/support/big_array.h"

namespace heaplab::inspector {

/// The ids that objects had in the last snapshot. Follows them as they move and forgets the dead.
///
/// Objects have odd ids, as in V8: 1 the root, 3 "(GC roots)", then everything else as it is met;
/// an object's backing store has the even number behind it. Ids are never used again.
class ObjectIds : private WeakRootProvider {
 public:
  explicit ObjectIds(Heap& heap) : heap_(heap) {}
  ~ObjectIds() override;
  ObjectIds(const ObjectIds&) = delete;
  ObjectIds& operator=(const ObjectIds&) = delete;

  /// Calls visit(object, id) for each object that has an id and is still alive.
  template <typename Visit>
  void for_each(Visit&& visit) const {
    for (std::size_t i = 0; i < objects_.size(); ++i) {
      if (objects_[i] != 0) visit(decompress(objects_[i]), ids_[i]);
    }
  }
  /// Objects and ids, side by side, take the place of what was known. They stay as they are until
  /// the next collection.
  void replace(BigArray<RefBits> objects, BigArray<std::uint32_t> ids);
  const BigArray<RefBits>& objects() const { return objects_; }
  const BigArray<std::uint32_t>& ids() const { return ids_; }

  /// Throws std::length_error when 2^31 were given.
  std::uint32_t next();
  /// The id of something that is no object and never goes away.
  std::uint32_t of_key(const std::string& key);

 private:
  void process_weak_roots(const Liveness& liveness) override;
  void process_all(const Liveness& liveness);
  void process_young(const Liveness& liveness);
  void find_young();

  Heap& heap_;
  bool listed_ = false;  ///< with the heap, as a table of weak references
  BigArray<RefBits> objects_;
  BigArray<std::uint32_t> ids_;
  BigArray<std::uint32_t> young_;  ///< numbers of entries whose object may be in the young space
  std::unordered_map<std::string, std::uint32_t> keys_;
  std::uint32_t next_ = 5;
};

}  // namespace heaplab::inspector
