// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "heaplab/heap/heap.h"
#include "heaplab/heap/side_bitmap.h"
#include "heaplab/heap/visit.h"

// The live heap as a labelled graph, for tools: heap captures and recordings walk it here, with the
// same enumeration of slots that the collectors use. Nothing is allocated on the heap and nothing
// moves, so a walk may start wherever an allocation may: the roots are exact there.

namespace heaplab {

/// Which slot of `object` the address is.
/// \pre `slot` points at a slot that visit.h enumerates.
inline SlotPosition slot_position(const TypeLayout& layout, const Object* object,
                                  const void* slot) {
  const std::size_t offset = address_of(slot) - address_of(object);
  SlotPosition position;
  if (layout.is_variable() && offset >= layout.fixed_bytes) {
    const std::size_t element = offset - layout.fixed_bytes;
    position.in_elements = true;
    position.index = static_cast<std::uint32_t>(element >> layout.element_shift);
    position.is_value = layout.elements == ElementKind::ephemeron_words && (element & 8) != 0;
    return position;
  }
  for (unsigned i = 0; i < layout.run_count; ++i) {
    const SlotRun& run = layout.runs[i];
    const bool small = run.kind == SlotKind::ref || run.kind == SlotKind::weak_ref;
    const std::size_t bytes = small ? sizeof(RefBits) : sizeof(std::uint64_t);
    if (offset >= run.offset && offset < run.offset + run.count * bytes) {
      position.index += static_cast<std::uint32_t>((offset - run.offset) / bytes);
      return position;
    }
    position.index += run.count;
  }
  assert(false && "slot_position: no slot of this object is at this address");
  return position;
}

/// The label that the type gives the slot, or the default that TypeDescriptor promises.
inline EdgeLabel label_of(const Heap& heap, const Object& object, SlotPosition position) {
  const TypeDescriptor& type = heap.type_of(object);
  if (type.edge_label != nullptr) return type.edge_label(object, position);
  if (position.in_elements) return {EdgeKind::element, position.index, {}};
  return {EdgeKind::internal, 0, "field " + std::to_string(position.index)};
}

/// Walks all reachable objects, breadth first. A sink has
///   void root(std::string_view group, std::string_view name, Object* target)
///   void node(Object* object)                  once per object, followed by all of its edges:
///   void edge(Object* host, SlotPosition position, Object* target, bool weak)
///   void ephemeron(Object* table, Object* key, Object* value)   at any time; the value is (or
///                                                               will be) a node, the key also
/// Weak edges may lead to objects that are no nodes. It may have
///   void prefetch(Object* object)              this one comes soon
template <class Sink>
class LiveGraphWalk {
 public:
  LiveGraphWalk(Heap& heap, Sink& sink) : heap_(heap), sink_(sink) {
    seen_.reserve(cage_base, cage_bytes);
  }

  void run() {
    Roots roots(*this);
    heap_.visit_roots(roots, [](RootVisitor& visitor, std::string_view group) {
      static_cast<Roots&>(visitor).start_group(group);
    });
    while (!queue_.empty()) {
      Object* object = queue_.front();
      queue_.pop_front();
      if (queue_.size() > prefetch_distance) prefetch(queue_[prefetch_distance]);
      sink_.node(object);
      Slots slots{*this, object, heap_.layout(object->type_id())};
      visit_slots(object, slots.layout, slots);
      release_values_of(object);
    }
  }

 private:
  static constexpr std::size_t prefetch_distance = 8;

  struct Waiting {
    Object* table;
    Object* value;
  };

  class Roots : public RootVisitor {
   public:
    explicit Roots(LiveGraphWalk& walk) : walk_(walk) { wants_names_ = true; }
    void start_group(std::string_view group) {
      group_ = group;
      name_.clear();
    }
    void name(std::string_view text) override { name_ = text; }
    void object(Object** slot) override { reach(*slot); }
    void words(std::uint64_t* begin, std::uint64_t* end) override {
      for (; begin != end; ++begin) {
        if (Word::is_reference(*begin)) reach(Word(*begin).object());
      }
    }

   private:
    void reach(Object* target) {
      if (target == nullptr) return;
      walk_.sink_.root(group_, name_, target);
      walk_.push(target);
    }
    LiveGraphWalk& walk_;
    std::string group_;
    std::string name_;
  };

  struct Slots {
    LiveGraphWalk& walk;
    Object* object;
    const TypeLayout& layout;

    void ref(RefBits* slot) { follow(slot, decompress(*slot), false); }
    void word(std::uint64_t* slot) {
      if (Word::is_reference(*slot)) follow(slot, Word(*slot).object(), false);
    }
    void weak_part(Object*) { visit_weak_slots(object, layout, *this); }
    void weak_ref(RefBits* slot) { follow(slot, decompress(*slot), true); }
    void weak_word(std::uint64_t* slot) {
      if (Word::is_reference(*slot)) follow(slot, Word(*slot).object(), true);
    }
    void ephemeron(std::uint64_t* key, std::uint64_t* value) {
      if (!Word::is_reference(*key)) {  // a key that cannot die keeps its value like a plain slot
        word(value);
        return;
      }
      Object* key_object = Word(*key).object();
      walk.sink_.edge(object, slot_position(layout, object, key), key_object, true);
      if (!Word::is_reference(*value)) return;
      walk.add_ephemeron(object, key_object, Word(*value).object());
    }

   private:
    void follow(const void* slot, Object* target, bool weak) {
      if (target == nullptr) return;
      walk.sink_.edge(object, slot_position(layout, object, slot), target, weak);
      if (!weak) walk.push(target);
    }
  };

  void prefetch(Object* object) {
    __builtin_prefetch(object);
    if constexpr (requires { sink_.prefetch(object); }) sink_.prefetch(object);
  }
  void push(Object* object) {
    if (seen_.test_and_set(object)) queue_.push_back(object);
  }

  void add_ephemeron(Object* table, Object* key, Object* value) {
    if (!seen_.test(key)) {
      waiting_[key].push_back({table, value});
      return;
    }
    sink_.ephemeron(table, key, value);
    push(value);
  }
  /// The key turned out to be alive.
  void release_values_of(Object* key) {
    if (waiting_.empty()) return;
    const auto found = waiting_.find(key);
    if (found == waiting_.end()) return;
    for (const Waiting& entry : found->second) {
      sink_.ephemeron(entry.table, key, entry.value);
      push(entry.value);
    }
    waiting_.erase(found);
  }

  Heap& heap_;
  Sink& sink_;
  SideBitmap seen_;
  std::deque<Object*> queue_;
  std::unordered_map<Object*, std::vector<Waiting>> waiting_;
};

template <class Sink>
void walk_live_graph(Heap& heap, Sink& sink) {
  LiveGraphWalk<Sink>(heap, sink).run();
}

}  // namespace heaplab
