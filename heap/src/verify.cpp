// SPDX-License-Identifier: MIT
#include "heaplab/heap/verify.h"

#include <fmt/format.h>

#include <algorithm>

#include "heaplab/heap/visit.h"

namespace heaplab {
namespace {

constexpr std::size_t max_findings = 20;

// Address -> position in the walk. Open addressing: the walk is the verifier's whole cost.
class OrdinalMap {
 public:
  OrdinalMap() : slots_(1u << 12) {}

  /// The ordinal of `key`, which is `fresh` if it was not there yet.
  std::uint32_t find_or_insert(RefBits key, std::uint32_t fresh) {
    if ((count_ + 1) * 2 > slots_.size()) grow();
    Slot& slot = probe(key);
    if (slot.key == 0) {
      slot = {key, fresh};
      ++count_;
    }
    return slot.ordinal;
  }
  bool contains(RefBits key) { return probe(key).key == key; }

 private:
  struct Slot {
    RefBits key = 0;
    std::uint32_t ordinal = 0;
  };
  Slot& probe(RefBits key) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = (key * 0x9E3779B97F4A7C15u >> 20) & mask;
    while (slots_[i].key != 0 && slots_[i].key != key) i = (i + 1) & mask;
    return slots_[i];
  }
  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.key) probe(slot.key) = slot;
    }
  }
  std::vector<Slot> slots_;
  std::size_t count_ = 0;
};

class Verifier final : public RootVisitor {
 public:
  Verifier(Heap& heap, VerifyMoment moment)
      : heap_(heap), memory_(heap.collector().memory()), moment_(moment) {}

  VerifyResult run() {
    heap_.visit_roots(*this);
    walk();
    result_.digest.objects = order_.size();
    check_overlaps();
    check_weak_slots();
    return std::move(result_);
  }

  void object(Object** slot) override {
    host_ = nullptr;
    mix(reach(address_of(*slot), slot));
  }
  void words(std::uint64_t* begin, std::uint64_t* end) override {
    host_ = nullptr;
    for (; begin != end; ++begin) {
      if (Word::is_reference(*begin)) mix(reach(*begin, begin));
    }
  }

  void ref(RefBits* slot) {
    Object* target = decompress(*slot);
    if (target && heap_.is_young(target) && !heap_.is_young(host_) &&
        !heap_.remembered().contains_ref(slot)) {
      report_missing(slot, target);
    }
    mix(reach(address_of(target), slot));
  }
  void word(std::uint64_t* slot) {
    if (!Word::is_reference(*slot)) return mix(*slot);
    Object* target = Word(*slot).object();
    if (heap_.is_young(target) && !heap_.is_young(host_) &&
        !heap_.remembered().contains_word(slot)) {
      report_missing(slot, target);
    }
    mix(reach(*slot, slot));
  }
  void weak_part(Object* object) {
    weak_hosts_.push_back(object);
    if (layout_of(object).elements == ElementKind::ephemeron_words) tables_.push_back(object);
  }

 private:
  struct Extent {
    std::uintptr_t start;
    std::uintptr_t end;
  };

  struct EphemeronStep {
    Verifier& verifier;
    void weak_ref(RefBits*) {}
    void weak_word(std::uint64_t*) {}
    void ephemeron(std::uint64_t* key, std::uint64_t* value) {
      if (!Word::is_reference(*value)) return;
      // A key that is no reference cannot die.
      if (!Word::is_reference(*key) || verifier.ordinals_.contains(compress(Word(*key).object()))) {
        verifier.reach(*value, value);
      }
    }
  };

  struct WeakCheck {
    Verifier& verifier;
    void weak_ref(RefBits* slot) {
      if (*slot) verifier.check_weak(address_of(decompress(*slot)), slot);
    }
    void weak_word(std::uint64_t* slot) {
      if (Word::is_reference(*slot)) verifier.check_weak(*slot, slot);
    }
    void ephemeron(std::uint64_t* key, std::uint64_t*) { weak_word(key); }
  };

  const TypeLayout& layout_of(const Object* object) const {
    return heap_.layout(object->type_id());
  }

  void walk() {
    for (;;) {
      for (; next_ < order_.size(); ++next_) scan(order_[next_]);
      const std::size_t before = order_.size();
      EphemeronStep step{*this};
      for (std::size_t i = 0; i < tables_.size(); ++i) {
        host_ = tables_[i];
        visit_weak_slots(host_, layout_of(host_), step);
      }
      if (order_.size() == before) return;
    }
  }

  void scan(Object* object) {
    host_ = object;
    const TypeLayout& layout = layout_of(object);
    mix(object->type_id());
    mix(object->length());
    if (layout.elements >= ElementKind::bytes && layout.elements <= ElementKind::bytes8) {
      mix_bytes(object->bytes() + layout.fixed_bytes,
                std::size_t{object->length()} << layout.element_shift);
    }
    mix_raw_fields(object, layout);
    visit_slots(object, layout, *this);
  }

  // The bytes of the fixed part that no slot run covers.
  void mix_raw_fields(Object* object, const TypeLayout& layout) {
    std::size_t position = sizeof(Object);
    for (unsigned i = 0; i < layout.run_count; ++i) {
      const SlotRun& run = layout.runs[i];
      const bool narrow = run.kind == SlotKind::ref || run.kind == SlotKind::weak_ref;
      mix_bytes(object->bytes() + position, run.offset - position);
      position = run.offset + run.count * (narrow ? sizeof(RefBits) : sizeof(Word));
    }
    mix_bytes(object->bytes() + position, layout.fixed_bytes - position);
  }

  void mix(std::uint64_t value) {
    result_.digest.hash = (result_.digest.hash ^ value) * 0x9E3779B97F4A7C15u;
    result_.digest.hash ^= result_.digest.hash >> 29;
  }
  void mix_bytes(const std::byte* bytes, std::size_t count) {
    for (; count >= 8; bytes += 8, count -= 8) {
      std::uint64_t chunk;
      std::memcpy(&chunk, bytes, 8);
      mix(chunk);
    }
    for (std::size_t i = 0; i < count; ++i) mix(static_cast<std::uint64_t>(bytes[i]));
  }

  // Follows one reference: returns the target's position in the walk, 0 for null and bad ones.
  std::uint64_t reach(std::uintptr_t address, const void* slot) {
    if (address == 0 || !check_address(address, slot)) return 0;
    auto* target = reinterpret_cast<Object*>(address);
    const auto fresh = static_cast<std::uint32_t>(order_.size() + 1);
    const std::uint32_t ordinal = ordinals_.find_or_insert(compress(target), fresh);
    if (ordinal == fresh && check_header(target, slot)) {
      order_.push_back(target);
      const std::size_t bytes = layout_of(target).object_bytes(*target);
      result_.digest.bytes += bytes;
      extents_.push_back({address, address + bytes});
    }
    return ordinal;
  }

  bool check_address(std::uintptr_t address, const void* slot) {
    if (address % granule_bytes != 0) {
      return report(Damage::misaligned_reference, slot, address, "is not 8-aligned");
    }
    if (address - memory_.base() >= memory_.bytes()) {
      return report(Damage::wild_reference, slot, address, "is outside the heap");
    }
    return true;
  }

  bool check_header(const Object* target, const void* slot) {
    const std::uintptr_t address = address_of(target);
    if (target->is_forwarded()) {
      return report(Damage::forwarded_object, slot, address, "has moved or been freed");
    }
    if (target->type_id() >= heap_.type_count()) {
      return report(Damage::unknown_type, slot, address, "has a type that was never registered");
    }
    const std::size_t bytes = layout_of(target).object_bytes(*target);
    if (bytes > memory_.base() + memory_.bytes() - address) {
      return report(Damage::bad_size, slot, address, "reaches past the heap's end");
    }
    const bool crosses = (address >> block_shift) != ((address + bytes - 1) >> block_shift);
    if (crosses && (bytes <= large_object_bytes || address % block_bytes != 0)) {
      return report(Damage::bad_size, slot, address, "crosses its block's end");
    }
    return true;
  }

  void check_overlaps() {
    std::sort(extents_.begin(), extents_.end(),
              [](const Extent& a, const Extent& b) { return a.start < b.start; });
    host_ = nullptr;
    for (std::size_t i = 1; i < extents_.size(); ++i) {
      if (extents_[i].start < extents_[i - 1].end) {
        report(Damage::overlap, nullptr, extents_[i].start, "overlaps the object before it");
      }
    }
  }

  void check_weak_slots() {
    WeakCheck check{*this};
    for (Object* host : weak_hosts_) {
      host_ = host;
      visit_weak_slots(host, layout_of(host), check);
    }
  }
  void check_weak(std::uintptr_t address, const void* slot) {
    if (address % granule_bytes != 0 || address - memory_.base() >= memory_.bytes()) {
      report(Damage::dangling_weak, slot, address, "is no object (weak)");
      return;
    }
    auto* target = reinterpret_cast<Object*>(address);
    if (target->is_forwarded() || target->type_id() >= heap_.type_count()) {
      report(Damage::dangling_weak, slot, address, "is no object (weak)");
    } else if (moment_ == VerifyMoment::after_major && !ordinals_.contains(compress(target))) {
      report(Damage::unmarked_weak, slot, address, "is unreachable, its weak slot not cleared");
    }
  }

  void report_missing(const void* slot, Object* target) {
    report(Damage::missing_remembered, slot, address_of(target),
           "is young and the old slot is not remembered");
  }

  bool report(Damage damage, const void* slot, std::uintptr_t address, std::string_view what) {
    if (result_.findings.size() == max_findings) return false;
    const std::string host =
        host_ ? fmt::format("{} at {:#x}", heap_.type_of(*host_).name, address_of(host_))
              : std::string("a root");
    result_.findings.push_back(
        {damage, fmt::format("{}: {} (slot {:#x}) refers to {:#x}, which {}", to_string(damage),
                             host, address_of(slot), address, what)});
    return false;
  }

  Heap& heap_;
  const HeapMemory& memory_;
  VerifyMoment moment_;
  VerifyResult result_;
  OrdinalMap ordinals_;
  std::vector<Object*> order_;
  std::size_t next_ = 0;
  std::vector<Object*> weak_hosts_;
  std::vector<Object*> tables_;
  std::vector<Extent> extents_;
  Object* host_ = nullptr;
};

}  // namespace

std::string_view to_string(Damage damage) {
  switch (damage) {
    case Damage::misaligned_reference:
      return "misaligned reference";
    case Damage::wild_reference:
      return "wild reference";
    case Damage::forwarded_object:
      return "reference to a moved or freed object";
    case Damage::unknown_type:
      return "unknown type";
    case Damage::bad_size:
      return "bad size";
    case Damage::overlap:
      return "overlapping objects";
    case Damage::missing_remembered:
      return "missing from the remembered set";
    case Damage::dangling_weak:
      return "dangling weak reference";
    case Damage::unmarked_weak:
      return "weak reference to an unreachable object";
    case Damage::content_changed:
      return "contents changed by a collection";
  }
  return "unknown damage";
}

VerifyResult verify_heap(Heap& heap, VerifyMoment moment) { return Verifier(heap, moment).run(); }

}  // namespace heaplab
