// SPDX-License-Identifier: MIT
#include "replay/slots.h"

#include <algorithm>
#include <cstddef>

#include "heaplab/support/error.h"

namespace heaplab::trace {
namespace {

/// Of all special objects together.
constexpr std::size_t most_special_slots = std::size_t{1} << 26;

/// Calls store(host, slot) for each slot that is ever given a reference.
template <class Pass>
class SlotPass : public RecordingVisitor {
 public:
  explicit SlotPass(const std::function<void(std::uint64_t)>& progress) : progress_(progress) {}
  void on_write(const PointerWrite& write) override {
    if (write.new_value != 0) self().store(write.host, write.slot);
  }
  void on_initial_edges(ObjectId host, std::span<const InitialEdge> edges) override {
    for (const InitialEdge& edge : edges) self().store(host, edge.slot);
  }
  void on_block(std::uint64_t offset) override {
    if (progress_) progress_(offset);
  }

 private:
  Pass& self() { return static_cast<Pass&>(*this); }
  const std::function<void(std::uint64_t)>& progress_;
};

/// The highest slot numbers of each object, and who is special.
class CountingPass : public SlotPass<CountingPass> {
 public:
  CountingPass(IdTable<ObjectFacts>& table, SpecialSlots& special,
               const std::function<void(std::uint64_t)>& progress)
      : SlotPass(progress), table_(table), special_(special) {
    table_.resize(1);
    capacities_.resize(1);
  }

  void on_allocation(const Allocation& a) override {
    table_.resize(a.id + 1);
    capacities_.resize(a.id + 1);
    const std::uint64_t room = a.bytes < sizeof(Object) ? 0 : a.bytes - sizeof(Object);
    capacities_[a.id] =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(room / sizeof(RefBits), ~0u));
  }

  void on_block(std::uint64_t offset) override {
    SlotPass::on_block(offset);
    table_.on_block();
    capacities_.on_block();
  }

  void store(ObjectId host, const Slot& slot) {
    ObjectFacts& facts = table_[host];
    if (slot.is_weak || slot.is_value) {
      facts.is_special = true;
      special_.counts(host).has_pairs |= slot.is_value;
      return;
    }
    if (slot.in_elements) {
      if (slot.index < facts.elements_or_handle) return;
      if (slot.index < store_offset_mask) facts.elements_or_handle = slot.index + 1;
    } else {
      if (slot.index < facts.fixed) return;
      if (slot.index < ShapeLayout::most_fixed_slots) {
        facts.fixed = static_cast<std::uint16_t>(slot.index + 1);
      }
    }
    const bool is_absurd =
        slot.index >= (slot.in_elements ? store_offset_mask : ShapeLayout::most_fixed_slots);
    const std::uint64_t slots = std::uint64_t{facts.fixed} + facts.elements_or_handle;
    if (!is_absurd && slots <= capacities_[host]) return;
    facts.is_special = true;
    special_.counts(host);
  }

 private:
  IdTable<ObjectFacts>& table_;
  SpecialSlots& special_;
  IdTable<std::uint32_t> capacities_;  ///< slots that an object's bytes have room for
};

/// Numbers the slots of special objects.
class SpecialPass : public SlotPass<SpecialPass> {
 public:
  SpecialPass(const RecordingSource& source, IdTable<ObjectFacts>& table, SpecialSlots& special,
              const std::function<void(std::uint64_t)>& progress)
      : SlotPass(progress), source_(source), table_(table), special_(special) {}

  void on_block(std::uint64_t offset) override {
    SlotPass::on_block(offset);
    table_.on_block();
  }

  void store(ObjectId host, const Slot& slot) {
    if (!table_[host].is_special) return;
    special_.place(host, slot);
    if (special_.size() > most_special_slots) {
      throw InputError(source_.path(), "too many slots of tables of weak references to replay");
    }
  }

 private:
  const RecordingSource& source_;
  IdTable<ObjectFacts>& table_;
  SpecialSlots& special_;
};

}  // namespace

SpecialSlots::Place SpecialSlots::place(ObjectId host, const Slot& slot) {
  Counts& counts = counts_[host];
  Place place;
  const bool in_pair = counts.has_pairs && (slot.is_value || slot.is_weak);
  place.kind = in_pair ? StoreKind::pair : slot.is_weak ? StoreKind::weak : StoreKind::strong;
  place.is_value = slot.is_value;
  const std::uint64_t number = (std::uint64_t{slot.index} << 3) | (slot.in_elements ? 4u : 0u) |
                               static_cast<std::uint32_t>(place.kind);
  std::uint32_t& count = place.kind == StoreKind::pair   ? counts.pairs
                         : place.kind == StoreKind::weak ? counts.weak
                                                         : counts.strong;
  const auto [found, is_new] = indices_.try_emplace({host, number}, count);
  if (is_new) ++count;
  place.index = found->second;
  return place;
}

void find_slots(RecordingSource& source, IdTable<ObjectFacts>& table, SpecialSlots& special,
                const std::function<void(std::uint64_t)>& progress) {
  CountingPass count(table, special, progress);
  source.read(count);
  if (special.empty()) return;
  SpecialPass number(source, table, special, progress);
  source.read(number);
}

}  // namespace heaplab::trace
