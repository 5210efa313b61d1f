// SPDX-License-Identifier: MIT
#include "root_set.h"

namespace heaplab::trace {

void RootSet::change(ObjectId& known, ObjectId id) {
  if (known != 0 && --members_[known].slots == 0) candidates_.push_back(known);
  if (id != 0 && members_[id].slots++ == 0) candidates_.push_back(id);
  known = id;
}

RootChange RootSet::look(std::size_t slots) {
  for (std::size_t i = slots; i < slots_.size(); ++i) change(slots_[i], 0);
  slots_.resize(slots, 0);
  removed_.clear();
  added_.clear();
  for (const ObjectId id : candidates_) {
    const auto found = members_.find(id);
    if (found == members_.end()) continue;  // a candidate twice
    Member& member = found->second;
    if (member.slots != 0) {
      if (!member.announced) added_.push_back(id);
      member.announced = true;
    } else {
      if (member.announced) removed_.push_back(id);
      members_.erase(found);
    }
  }
  candidates_.clear();
  return {removed_, added_};
}

}  // namespace heaplab::trace
