// SPDX-License-Identifier: MIT
#include "live_objects.h"

#include <algorithm>

namespace heaplab::trace {
namespace {

bool code_less(const std::pair<std::uint64_t, ObjectId>& slot, std::uint64_t code) {
  return slot.first < code;
}

}  // namespace

ObjectId LiveObject::load(std::uint64_t code) const {
  const auto found = std::lower_bound(slots.begin(), slots.end(), code, code_less);
  return found != slots.end() && found->first == code ? found->second : 0;
}

void LiveObject::store(std::uint64_t code, ObjectId value) {
  if (slots.empty() || slots.back().first < code) {
    if (value != 0) slots.emplace_back(code, value);
    return;
  }
  const auto found = std::lower_bound(slots.begin(), slots.end(), code, code_less);
  if (found->first == code) {
    found->second = value;
  } else if (value != 0) {
    slots.emplace(found, code, value);
  }
}

void LiveObjects::on_allocation(const Allocation& a) {
  objects_.emplace(a.id, LiveObject{a.type, a.stack, a.bytes, a.clock, {}});
  if (has_roots_ && !a.adopted) roots_of_thread().fresh.push_back(a.id);
}

void LiveObjects::on_write(const PointerWrite& w) {
  if (LiveObject* host = find(w.host)) host->store(slot_code(w.slot), w.new_value);
  if (has_roots_ && w.old_value != 0) roots_of_thread().fresh.push_back(w.old_value);
}

void LiveObjects::on_initial_edges(ObjectId host, std::span<const InitialEdge> edges) {
  LiveObject* object = find(host);
  if (object == nullptr) return;
  for (const InitialEdge& edge : edges) object->store(slot_code(edge.slot), edge.value);
}

void LiveObjects::on_roots(const RootChange& change) {
  has_roots_ = true;
  LiveRoots& roots = roots_of_thread();
  for (const ObjectId id : change.removed) roots.set.erase(id);
  roots.set.insert(change.added.begin(), change.added.end());
  roots.fresh.clear();
}

}  // namespace heaplab::trace
