// SPDX-License-Identifier: MIT
#include "heaps.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace heaplab::leakcheck {
namespace {

template <class Item>
void append(std::vector<Item>& to, std::vector<Item>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

std::string heap_name(const trace::Tables& tables, HeapId heap) {
  const std::string& name = tables.text(heap);
  return name.empty() ? "main" : name;
}

void add_heap(Report& all, Report heap, const std::string& name) {
  for (Leak& leak : heap.leaks) leak.heap = name;
  for (Grown& grown : heap.grew_but_not_leaking) grown.heap = name;
  for (Remark& remark : heap.remarks) remark.what += " (heap " + name + ")";
  append(all.leaks, heap.leaks);
  append(all.grew_but_not_leaking, heap.grew_but_not_leaking);
  append(all.inputs, heap.inputs);
  append(all.remarks, heap.remarks);
  all.program = heap.program;
  if (!heap.order.empty()) all.order = heap.order;
  if (!heap.note.empty()) {
    all.note += fmt::format("{}heap {}: {}", all.note.empty() ? "" : "; ", name, heap.note);
  }
  all.complete = all.complete && heap.complete;
  all.rounds = all.rounds == 0 ? heap.rounds : std::min(all.rounds, heap.rounds);
  all.collections += heap.collections;
  all.profiles += heap.profiles;
  all.seconds = std::max(all.seconds, heap.seconds);
  all.live_bytes += heap.live_bytes;
}

void sort_leaks(Report& report) {
  std::stable_sort(report.leaks.begin(), report.leaks.end(), [](const Leak& a, const Leak& b) {
    return a.retained_bytes > b.retained_bytes;
  });
}

}  // namespace heaplab::leakcheck
