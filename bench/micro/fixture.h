// SPDX-License-Identifier: MIT
// Types and heaps that the micro-benchmarks share.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <ctime>
#include <memory>
#include <string>

#include "heaplab/gc/make_heap.h"
#include "heaplab/heap/heap.h"

namespace bench {

using heaplab::CollectionKind;
using heaplab::Global;
using heaplab::Heap;
using heaplab::HeapOptions;
using heaplab::MiB;
using heaplab::Object;
using heaplab::Ref;
using heaplab::RootFrame;
using heaplab::TypeId;

struct Node : Object {
  Ref<Node> left;
  Ref<Node> right;
};

template <std::size_t Bytes>
struct Blob : Object {
  std::byte contents[Bytes - sizeof(Object)];
};

struct Refs : Object {
  Ref<Object>* begin() { return reinterpret_cast<Ref<Object>*>(this + 1); }
};

/// A heap with the types above. Sizes are fixed, so that iterations are alike.
struct Fixture {
  explicit Fixture(const std::string& plan = "generational", std::size_t semi_space = 8 * MiB)
      : heap(heaplab::gc::make_heap(options(plan, semi_space))) {
    node = heap->register_type(
        {.name = "Node", .fixed_bytes = sizeof(Node), .runs = {{8, 2, heaplab::SlotKind::ref}}});
    refs = heap->register_type(
        {.name = "Refs", .fixed_bytes = sizeof(Refs), .elements = heaplab::ElementKind::refs});
    bytes = heap->register_type(
        {.name = "Bytes", .fixed_bytes = sizeof(Object), .elements = heaplab::ElementKind::bytes});
  }

  template <std::size_t Bytes>
  TypeId blob_type() {
    return heap->register_type({.name = "Blob", .fixed_bytes = sizeof(Blob<Bytes>)});
  }

  static HeapOptions options(const std::string& plan, std::size_t semi_space) {
    HeapOptions made;
    made.plan = plan;
    made.initial_semi_space_bytes = semi_space;
    made.max_semi_space_bytes = semi_space;
    made.max_old_space_bytes = 1024 * MiB;
    return made;
  }

  std::unique_ptr<Heap> heap;
  TypeId node;
  TypeId refs;
  TypeId bytes;
};

/// A full binary tree, built bottom-up.
inline Node* make_tree(Fixture& fixture, int depth) {
  if (depth == 0) return fixture.heap->allocate<Node>(fixture.node);
  RootFrame<2> children(*fixture.heap);
  children[0] = make_tree(fixture, depth - 1);
  children[1] = make_tree(fixture, depth - 1);
  auto* parent = fixture.heap->allocate<Node>(fixture.node);
  parent->left.init(children.get<Node>(0));
  parent->right.init(children.get<Node>(1));
  return parent;
}

inline double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// Seconds of CPU that `work` takes, for benchmarks whose set-up must not count. Not wall time: a
/// single collection is easily hit by another program's turn.
template <class Work>
double seconds_of(Work&& work) {
  const double start = cpu_seconds();
  work();
  return cpu_seconds() - start;
}

}  // namespace bench
