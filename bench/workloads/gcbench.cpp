// SPDX-License-Identifier: MIT
// GCBench (Ellis, Kovac, Boehm) on a heaplab heap.
#include "../common/workload.h"
#include "bench_heap.h"

namespace {

using heaplab::Heap;
using heaplab::Ref;
using heaplab::RootFrame;
using heaplab::TypeId;

struct Node : heaplab::Object {
  Ref<Node> left;
  Ref<Node> right;
  std::int32_t i;
  std::int32_t j;
};
static_assert(sizeof(Node) == 24);

struct Doubles : heaplab::Object {
  double* begin() { return reinterpret_cast<double*>(this + 1); }
  double* end() { return begin() + length(); }
};

// Top-down: the parent exists before its children, so their stores need the write barrier.
void populate(Heap& heap, TypeId type, int depth, Node* unrooted) {
  if (depth <= 0) return;
  RootFrame<1> node(heap);
  node[0] = unrooted;
  Node* left = heap.allocate<Node>(type);
  heap.write(node[0], node.get<Node>(0)->left, left);
  Node* right = heap.allocate<Node>(type);
  heap.write(node[0], node.get<Node>(0)->right, right);
  populate(heap, type, depth - 1, node.get<Node>(0)->left.get());
  populate(heap, type, depth - 1, node.get<Node>(0)->right.get());
}

Node* populated(Heap& heap, TypeId type, int depth) {
  RootFrame<1> root(heap);
  root[0] = heap.allocate<Node>(type);
  populate(heap, type, depth, root.get<Node>(0));
  return root.get<Node>(0);
}

Node* make_inner(Heap& heap, TypeId type, int depth);

// Bottom-up: the children exist before their parent, which can be filled without a barrier.
inline Node* make_tree(Heap& heap, TypeId type, int depth) {
  return depth <= 0 ? heap.allocate<Node>(type) : make_inner(heap, type, depth);
}

Node* make_inner(Heap& heap, TypeId type, int depth) {
  RootFrame<2> children(heap);
  children[0] = make_tree(heap, type, depth - 1);
  children[1] = make_tree(heap, type, depth - 1);
  auto* node = heap.allocate<Node>(type);
  node->left.init(children.get<Node>(0));
  node->right.init(children.get<Node>(1));
  return node;
}

std::uint64_t spine(const Node* node) {
  std::uint64_t length = 0;
  for (; node != nullptr; node = node->left.get()) ++length;
  return length;
}

std::uint64_t count(const Node* node) {
  return node == nullptr ? 0 : 1 + count(node->left.get()) + count(node->right.get());
}

}  // namespace

int main(int argc, char** argv) {
  bench::BenchHeap bench_heap(argc, argv);
  const auto size = bench::GcBenchSize::from(argc, argv);
  Heap& heap = *bench_heap;
  const TypeId node_type = heap.register_type(
      {.name = "Node", .fixed_bytes = sizeof(Node), .runs = {{8, 2, heaplab::SlotKind::ref}}});
  const TypeId doubles_type = heap.register_type({.name = "Doubles",
                                                  .fixed_bytes = sizeof(Doubles),
                                                  .elements = heaplab::ElementKind::bytes8});

  std::uint64_t checksum = spine(make_tree(heap, node_type, size.stretch_depth));

  const heaplab::Global<Node> long_lived(heap, populated(heap, node_type, size.long_lived_depth()));
  const heaplab::Global<Doubles> array(
      heap,
      heap.allocate_array<Doubles>(doubles_type, static_cast<std::uint32_t>(size.array_length)));
  for (std::int64_t i = 1; i < size.array_length / 2; ++i) {
    array->begin()[i] = 1.0 / static_cast<double>(i);
  }

  for (int depth = size.kMinDepth; depth <= size.max_depth(); depth += 2) {
    const std::int64_t trees = size.trees_of_depth(depth);
    for (std::int64_t i = 0; i < trees; ++i) checksum += spine(populated(heap, node_type, depth));
    for (std::int64_t i = 0; i < trees; ++i) checksum += spine(make_tree(heap, node_type, depth));
  }

  double sum = 0;
  for (const double element : *array.get()) sum += element;
  checksum += count(long_lived.get()) + size.array_checksum(sum);
  bench::print_checksum(checksum);
}
