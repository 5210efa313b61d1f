// SPDX-License-Identifier: MIT
// random-slot churn on a heaplab heap.
#include "../common/workload.h"
#include "bench_heap.h"

namespace {

using heaplab::Heap;
using heaplab::Ref;
using heaplab::TypeId;

struct Item : heaplab::Object {
  std::uint64_t id;
  std::uint64_t value;

  std::uint32_t contents() const { return static_cast<std::uint32_t>(id ^ value); }
};
static_assert(sizeof(Item) == 24);

struct Slots : heaplab::Object {
  Ref<Item>* begin() { return reinterpret_cast<Ref<Item>*>(this + 1); }
  Ref<Item>* end() { return begin() + length(); }
};

Item* make_item(Heap& heap, TypeId type, std::int64_t id, std::uint64_t random) {
  auto* item = heap.allocate<Item>(type);
  item->id = static_cast<std::uint64_t>(id);
  item->value = random & 0xFFFFFFFF;
  return item;
}

}  // namespace

int main(int argc, char** argv) {
  bench::BenchHeap bench_heap(argc, argv);
  const auto size = bench::ChurnSize::from(argc, argv);
  Heap& heap = *bench_heap;
  const TypeId item_type = heap.register_type({.name = "Item", .fixed_bytes = sizeof(Item)});
  const TypeId slots_type = heap.register_type(
      {.name = "Slots", .fixed_bytes = sizeof(Slots), .elements = heaplab::ElementKind::refs});
  bench::Random random;
  bench::Checksum checksum;

  const heaplab::Global<Slots> slots(
      heap, heap.allocate_array<Slots>(slots_type, static_cast<std::uint32_t>(size.slots())));
  for (std::int64_t i = 0; i < size.slots(); ++i) {
    Item* item = make_item(heap, item_type, i, random.next());
    heap.write(slots.get(), slots->begin()[i], item);
  }

  for (std::int64_t i = 0; i < size.replacements; ++i) {
    const std::uint64_t bits = random.next();
    Item* replacement = make_item(heap, item_type, size.slots() + i, bits);
    Ref<Item>& slot = slots->begin()[size.slot_of(bits)];
    checksum.add(slot->contents());
    heap.write(slots.get(), slot, replacement);
  }

  for (const Ref<Item>& slot : *slots.get()) checksum.add(slot->contents());
  bench::print_checksum(checksum.value());
}
