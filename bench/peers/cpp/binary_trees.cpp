// SPDX-License-Identifier: MIT
// binary-trees (Benchmarks Game) over the memory manager named by MEMORY_HEADER.
#include MEMORY_HEADER

#include "../../common/workload.h"

namespace {

struct Node {
  static constexpr bool kHoldsReferences = true;
  Node* left;
  Node* right;
};

Node* bottom_up(int depth) {
  if (depth == 0) return memory::make<Node>(nullptr, nullptr);
  Node* left = bottom_up(depth - 1);
  Node* right = bottom_up(depth - 1);
  return memory::make<Node>(left, right);
}

int64_t count(const Node* node) {
  return node->left == nullptr ? 1 : 1 + count(node->left) + count(node->right);
}

void release_tree(Node* node) {
  if constexpr (memory::kFreesByHand) {
    if (node->left != nullptr) {
      release_tree(node->left);
      release_tree(node->right);
    }
    memory::release(node);
  }
}

int64_t build_and_count(int depth) {
  const memory::Scope scope;
  Node* tree = bottom_up(depth);
  const int64_t nodes = count(tree);
  release_tree(tree);
  return nodes;
}

long long printable(int64_t value) { return static_cast<long long>(value); }

}  // namespace

int main(int argc, char** argv) {
  const auto size = bench::BinaryTreesSize::from(argc, argv);
  memory::start();

  const int64_t stretch = build_and_count(size.stretch_depth());
  std::printf("stretch tree of depth %d\t check: %lld\n", size.stretch_depth(), printable(stretch));
  int64_t total = stretch;

  Node* long_lived = bottom_up(size.max_depth);
  for (int depth = size.kMinDepth; depth <= size.max_depth; depth += 2) {
    const int64_t trees = size.trees_of_depth(depth);
    int64_t check = 0;
    for (int64_t i = 0; i < trees; ++i) check += build_and_count(depth);
    std::printf("%lld\t trees of depth %d\t check: %lld\n", printable(trees), depth,
                printable(check));
    total += check;
  }

  const int64_t kept = count(long_lived);
  std::printf("long lived tree of depth %d\t check: %lld\n", size.max_depth, printable(kept));
  bench::print_checksum(static_cast<uint64_t>(total + kept));
  release_tree(long_lived);
  memory::finish();
}
