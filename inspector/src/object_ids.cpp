// SPDX-License-Identifier: MIT
#include "object_ids.h"

#include <stdexcept>

namespace heaplab::inspector {

ObjectIds::~ObjectIds() {
  if (listed_) heap_.remove_weak_root_provider(this);
}

void ObjectIds::replace(BigArray<RefBits> objects, BigArray<std::uint32_t> ids) {
  objects_ = std::move(objects);
  ids_ = std::move(ids);
  if (!listed_) heap_.add_weak_root_provider(this);
  listed_ = true;
  find_young();
}

std::uint32_t ObjectIds::next() {
  if (next_ > 0xffff'fff0u) throw std::length_error("too many objects for a heap snapshot");
  return std::exchange(next_, next_ + 2);
}

std::uint32_t ObjectIds::of_key(const std::string& key) {
  const auto found = keys_.find(key);
  if (found != keys_.end()) return found->second;
  return keys_.emplace(key, next()).first->second;
}

void ObjectIds::process_weak_roots(const Liveness& liveness) {
  if (liveness.minor()) {
    process_young(liveness);
  } else {
    process_all(liveness);
  }
}

void ObjectIds::process_all(const Liveness& liveness) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < objects_.size(); ++i) {
    Object* object = decompress(objects_[i]);
    if (object != nullptr) object = liveness.survivor(object);
    if (object == nullptr) continue;
    objects_[kept] = compress(object);
    ids_[kept++] = ids_[i];
  }
  objects_.resize(kept);
  ids_.resize(kept);
  find_young();
}

/// Only what is young can have moved or died. The dead leave a null behind until the next major
/// collection.
void ObjectIds::process_young(const Liveness& liveness) {
  std::size_t kept = 0;
  for (const std::uint32_t entry : young_) {
    Object* object = liveness.survivor(decompress(objects_[entry]));
    objects_[entry] = compress(object);
    if (object != nullptr && heap_.is_young(object)) young_[kept++] = entry;
  }
  young_.resize(kept);
}

void ObjectIds::find_young() {
  young_.resize(0);
  for (std::size_t i = 0; i < objects_.size(); ++i) {
    const Object* object = decompress(objects_[i]);
    if (object != nullptr && heap_.is_young(object)) {
      young_.push_back(static_cast<std::uint32_t>(i));
    }
  }
}

}  // namespace heaplab::inspector
