// SPDX-License-Identifier: MIT
// The smallest useful embedder: a linked list of which only the newest thousand nodes are kept.
#include <heaplab/gc/make_heap.h>

#include <cstdint>
#include <cstdio>

// An object is an 8-byte header (Object) and then your fields. References take 4 bytes.
struct Node : heaplab::Object {
  heaplab::Ref<Node> next;
  std::int32_t value;
};

int main() {
  const auto heap = heaplab::gc::make_heap();

  // Say once where a Node's references are; tracing, moving, verifying and recording all read this.
  const heaplab::TypeId node_type = heap->register_type(
      {.name = "Node",
       .fixed_bytes = sizeof(Node),
       .runs = {{.offset = sizeof(heaplab::Object), .count = 1, .kind = heaplab::SlotKind::ref}}});

  // Objects move. What you hold across an allocation lives in a root, which moves along.
  heaplab::RootFrame<1> roots(*heap);
  for (std::int32_t i = 0; i < 5'000'000; ++i) {
    Node* node = heap->allocate<Node>(node_type);  // may collect
    node->value = i;
    if (i % 1000 != 0) heap->write(node, node->next, roots.get<Node>(0));
    roots[0] = node;
  }

  std::int64_t sum = 0;
  for (const Node* node = roots.get<Node>(0); node != nullptr; node = node->next.get()) {
    sum += node->value;
  }
  heap->collect();
  std::printf("sum of the newest 1000: %lld\n", static_cast<long long>(sum));
  std::printf("bytes in objects: %llu of %llu allocated\n",
              static_cast<unsigned long long>(heap->sizes().used),
              static_cast<unsigned long long>(heap->allocated_bytes()));
}
