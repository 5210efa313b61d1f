// SPDX-License-Identifier: MIT
// GCBench (Ellis, Kovac, Boehm) over the memory manager named by MEMORY_HEADER.
#include MEMORY_HEADER

#include "../../common/workload.h"

namespace {

struct Node {
  static constexpr bool kHoldsReferences = true;
  Node* left = nullptr;
  Node* right = nullptr;
  int32_t i = 0;
  int32_t j = 0;
};

void populate(int depth, Node* node) {
  if (depth <= 0) return;
  node->left = memory::make<Node>();
  node->right = memory::make<Node>();
  populate(depth - 1, node->left);
  populate(depth - 1, node->right);
}

Node* make_tree(int depth) {
  if (depth <= 0) return memory::make<Node>();
  Node* left = make_tree(depth - 1);
  Node* right = make_tree(depth - 1);
  return memory::make<Node>(left, right);
}

void release_tree(Node* node) {
  if constexpr (memory::kFreesByHand) {
    if (node == nullptr) return;
    release_tree(node->left);
    release_tree(node->right);
    memory::release(node);
  }
}

uint64_t spine(const Node* node) {
  uint64_t length = 0;
  for (; node != nullptr; node = node->left) ++length;
  return length;
}

uint64_t count(const Node* node) {
  return node == nullptr ? 0 : 1 + count(node->left) + count(node->right);
}

Node* populated(int depth) {
  Node* root = memory::make<Node>();
  populate(depth, root);
  return root;
}

uint64_t build_and_drop(Node* (*build)(int), int depth) {
  const memory::Scope scope;
  Node* tree = build(depth);
  const uint64_t length = spine(tree);
  release_tree(tree);
  return length;
}

}  // namespace

int main(int argc, char** argv) {
  const auto size = bench::GcBenchSize::from(argc, argv);
  memory::start();

  uint64_t checksum = build_and_drop(make_tree, size.stretch_depth);

  Node* long_lived = populated(size.long_lived_depth());
  double* array = memory::make_array<double>(static_cast<size_t>(size.array_length));
  for (int64_t i = 1; i < size.array_length / 2; ++i) array[i] = 1.0 / static_cast<double>(i);

  for (int depth = size.kMinDepth; depth <= size.max_depth(); depth += 2) {
    const int64_t trees = size.trees_of_depth(depth);
    for (int64_t i = 0; i < trees; ++i) checksum += build_and_drop(populated, depth);
    for (int64_t i = 0; i < trees; ++i) checksum += build_and_drop(make_tree, depth);
  }

  double sum = 0;
  for (int64_t i = 0; i < size.array_length; ++i) sum += array[i];
  checksum += count(long_lived) + size.array_checksum(sum);
  bench::print_checksum(checksum);
  release_tree(long_lived);
  memory::release(array);
  memory::finish();
}
