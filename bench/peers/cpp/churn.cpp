// SPDX-License-Identifier: MIT
// random-slot churn over the memory manager named by MEMORY_HEADER.
#include MEMORY_HEADER

#include "../../common/workload.h"

namespace {

// 24 bytes, as the managed systems need: one word that says what it is, and two of contents.
struct Item {
  static constexpr bool kHoldsReferences = false;
  uint64_t type;
  uint64_t id;
  uint64_t value;
};
static_assert(sizeof(Item) == 24);

Item* make_item(int64_t id, uint64_t random) {
  return memory::make<Item>(uint64_t{1}, static_cast<uint64_t>(id), random & 0xFFFFFFFF);
}

uint32_t contents(const Item* item) { return static_cast<uint32_t>(item->id ^ item->value); }

}  // namespace

int main(int argc, char** argv) {
  const auto size = bench::ChurnSize::from(argc, argv);
  memory::start();
  bench::Random random;
  bench::Checksum checksum;

  Item** slots = memory::make_array<Item*>(static_cast<size_t>(size.slots()));
  for (int64_t i = 0; i < size.slots(); ++i) slots[i] = make_item(i, random.next());

  for (int64_t i = 0; i < size.replacements; ++i) {
    const uint64_t bits = random.next();
    Item*& slot = slots[size.slot_of(bits)];
    Item* replacement = make_item(size.slots() + i, bits);
    checksum.add(contents(slot));
    memory::release(slot);
    slot = replacement;
  }

  for (int64_t i = 0; i < size.slots(); ++i) checksum.add(contents(slots[i]));
  bench::print_checksum(checksum.value());
  memory::finish();
}
