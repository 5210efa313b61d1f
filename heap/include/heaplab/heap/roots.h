// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "heaplab/heap/object.h"

// Roots: how code outside the heap holds on to objects that move.
//
// Rule: between two safepoints (any call that may collect: its documentation says so) a plain T* is
// fine; across one, hold the object in a root. Four kinds, from cheapest to most flexible:
//   RootFrame<N>   N roots on the native stack; entering is three stores, leaving is one
//   HandleScope    any number of Handle<T>, freed together
//   Global<T>      one root of any lifetime
//   RootProvider   a structure of your own (a VM stack, a table) that can enumerate its slots

namespace heaplab {

class Heap;

/// Receives root slots and may update them.
class RootVisitor {
 public:
  virtual ~RootVisitor() = default;
  /// A root that is a plain pointer; may be null.
  virtual void object(Object** slot) = 0;
  /// A run of words, each a reference or not.
  virtual void words(std::uint64_t* begin, std::uint64_t* end) = 0;

  /// True for tools that want names: call name() before the root(s) it names. Costs nothing
  /// otherwise, if guarded by this.
  bool wants_names() const { return wants_names_; }
  virtual void name(std::string_view) {}

 protected:
  bool wants_names_ = false;
};

/// Enumerates roots the heap does not know. Register with Heap::add_root_provider.
class RootProvider {
 public:
  virtual ~RootProvider() = default;
  virtual void visit_roots(RootVisitor& visitor) = 0;
  /// What tools call this group of roots, as in "(Stack roots)".
  virtual std::string_view roots_name() const = 0;
};

/// Tells what became of an object in the collection that is about to end.
class Liveness {
 public:
  virtual ~Liveness() = default;
  /// The object's address after this collection, or null if it is dead.
  virtual Object* survivor(Object* object) const = 0;
  /// True if the collection decided about young objects only: old ones all survive.
  virtual bool minor() const = 0;
};

/// A table outside the heap that refers to objects without keeping them (an intern table).
class WeakRootProvider {
 public:
  virtual ~WeakRootProvider() = default;
  /// Replace every reference by its survivor, drop the dead. May not allocate on the heap.
  virtual void process_weak_roots(const Liveness& liveness) = 0;
};

/// Non-template part of RootFrame: one link of the heap's frame list.
struct RootFrameLink {
  RootFrameLink* previous;
  std::size_t count;
  // count Object* follow
  Object** slots() { return reinterpret_cast<Object**>(this + 1); }
};
static_assert(sizeof(RootFrameLink) == 16);

/// N roots in the enclosing C++ block. Frames must be left in the reverse order they were entered
/// (automatic with local variables). All roots start null.
template <std::size_t N>
class RootFrame {
 public:
  explicit RootFrame(Heap& heap);
  ~RootFrame();
  RootFrame(const RootFrame&) = delete;
  RootFrame& operator=(const RootFrame&) = delete;

  Object*& operator[](std::size_t index) { return slots_[index]; }
  template <class T>
  T* get(std::size_t index) const {
    return static_cast<T*>(slots_[index]);
  }

 private:
  RootFrameLink link_;
  Object* slots_[N] = {};
  Heap& heap_;
};

/// A root in a HandleScope: copy it freely, read the current address with get() or ->.
template <class T = Object>
class Handle {
 public:
  Handle() = default;
  explicit Handle(Object** slot) : slot_(slot) {}
  template <class U>
  requires std::is_base_of_v<T, U> Handle(Handle<U> other)
      : slot_(other.slot()) {}  // NOLINT(google-explicit-constructor)

  T* get() const { return static_cast<T*>(*slot_); }
  T* operator->() const { return get(); }
  T& operator*() const { return *get(); }
  explicit operator bool() const { return slot_ && *slot_; }
  void set(T* object) { *slot_ = object; }
  Object** slot() const { return slot_; }

 private:
  Object** slot_ = nullptr;
};

/// The heap's stack of handle slots: chunks of fixed size, so that slots never move.
class HandleStack {
 public:
  static constexpr std::size_t chunk_slots = 1022;
  HandleStack();
  ~HandleStack();
  HandleStack(const HandleStack&) = delete;
  HandleStack& operator=(const HandleStack&) = delete;

  Object** push(Object* object) {
    if (top_ == end_) [[unlikely]] {
      next_chunk();
    }
    *top_ = object;
    return top_++;
  }
  struct Mark {
    std::size_t chunk;
    Object** top;
  };
  Mark mark() const { return {chunk_, top_}; }
  void release(Mark mark);
  void visit(RootVisitor& visitor);
  /// Slots in use.
  std::size_t size() const;

 private:
  using Chunk = std::array<Object*, chunk_slots>;
  void next_chunk();

  Object** top_ = nullptr;
  Object** end_ = nullptr;
  std::size_t chunk_ = 0;
  std::vector<Chunk*> chunks_;
};

/// Frees all handles made since its construction.
class HandleScope {
 public:
  explicit HandleScope(Heap& heap);
  ~HandleScope();
  HandleScope(const HandleScope&) = delete;
  HandleScope& operator=(const HandleScope&) = delete;

  template <class T>
  Handle<T> handle(T* object) {
    return Handle<T>(stack_.push(object));
  }

 private:
  HandleStack& stack_;
  HandleStack::Mark mark_;
};

/// A root of any lifetime. Neither copyable nor movable: it is linked into the heap's list.
class GlobalBase {
 public:
  GlobalBase(const GlobalBase&) = delete;
  GlobalBase& operator=(const GlobalBase&) = delete;

 protected:
  GlobalBase(Heap& heap, Object* object);
  ~GlobalBase();
  Object* object_;

 private:
  friend class Heap;
  Heap& heap_;
  GlobalBase* previous_;
  GlobalBase* next_;
};

template <class T = Object>
class Global : public GlobalBase {
 public:
  explicit Global(Heap& heap, T* object = nullptr) : GlobalBase(heap, object) {}
  T* get() const { return static_cast<T*>(object_); }
  T* operator->() const { return get(); }
  void set(T* object) { object_ = object; }
};

}  // namespace heaplab
