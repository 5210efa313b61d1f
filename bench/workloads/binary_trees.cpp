// SPDX-License-Identifier: MIT
// binary-trees (Benchmarks Game) on a heaplab heap.
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
};
static_assert(sizeof(Node) == 16);

TypeId register_node(Heap& heap) {
  return heap.register_type(
      {.name = "Node", .fixed_bytes = sizeof(Node), .runs = {{8, 2, heaplab::SlotKind::ref}}});
}

Node* add_children(Heap& heap, TypeId type, int depth, Node* unrooted);

// The parent comes first: it is the only root a level needs. A leaf, half of all nodes, needs none,
// since nothing is allocated after it; inlined below, it costs no call either.
inline Node* make_tree(Heap& heap, TypeId type, int depth) {
  auto* node = heap.allocate<Node>(type);
  return depth == 0 ? node : add_children(heap, type, depth, node);
}

Node* add_children(Heap& heap, TypeId type, int depth, Node* unrooted) {
  RootFrame<1> parent(heap);
  parent[0] = unrooted;
  Node* left = make_tree(heap, type, depth - 1);
  heap.write(parent[0], parent.get<Node>(0)->left, left);
  Node* right = make_tree(heap, type, depth - 1);
  heap.write(parent[0], parent.get<Node>(0)->right, right);
  return parent.get<Node>(0);
}

std::int64_t count(const Node* node) {
  return node->left ? 1 + count(node->left.get()) + count(node->right.get()) : 1;
}

long long printable(std::int64_t value) { return static_cast<long long>(value); }

}  // namespace

int main(int argc, char** argv) {
  bench::BenchHeap bench_heap(argc, argv);
  const auto size = bench::BinaryTreesSize::from(argc, argv);
  Heap& heap = *bench_heap;
  const TypeId type = register_node(heap);

  const std::int64_t stretch = count(make_tree(heap, type, size.stretch_depth()));
  std::printf("stretch tree of depth %d\t check: %lld\n", size.stretch_depth(), printable(stretch));
  std::int64_t total = stretch;

  const heaplab::Global<Node> long_lived(heap, make_tree(heap, type, size.max_depth));
  for (int depth = size.kMinDepth; depth <= size.max_depth; depth += 2) {
    const std::int64_t trees = size.trees_of_depth(depth);
    std::int64_t check = 0;
    for (std::int64_t i = 0; i < trees; ++i) check += count(make_tree(heap, type, depth));
    std::printf("%lld\t trees of depth %d\t check: %lld\n", printable(trees), depth,
                printable(check));
    total += check;
  }

  const std::int64_t kept = count(long_lived.get());
  std::printf("long lived tree of depth %d\t check: %lld\n", size.max_depth, printable(kept));
  bench::print_checksum(static_cast<std::uint64_t>(total + kept));
}
