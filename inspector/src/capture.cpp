// SPDX-License-Identifier: MIT
#include "heaplab/inspector/capture.h"

#include <string>
#include <unordered_map>

#include "heaplab/heap/live_graph.h"

namespace heaplab::inspector {
namespace {

class CaptureSink {
 public:
  explicit CaptureSink(Heap& heap) : heap_(heap) {}

  void root(std::string_view group, std::string_view name, Object* target) {
    const NodeIndex from = group_node(group);
    if (name.empty()) {
      builder_.add_edge(from, node_of(target), EdgeKind::element, elements_[from]++);
    } else {
      builder_.add_edge(from, node_of(target), EdgeKind::internal, builder_.text(name));
    }
  }
  void node(Object*) {}
  void edge(Object* host, SlotPosition position, Object* target, bool weak) {
    // Weak edges may lead to what nobody reaches; a graph of live objects has no place for those.
    if (weak) {
      if (!nodes_.contains(target)) return;
    }
    const heaplab::EdgeLabel label = label_of(heap_, *host, position);
    const auto kind = weak ? EdgeKind::weak : static_cast<EdgeKind>(label.kind);
    const std::uint32_t text = has_number(kind) ? label.index : builder_.text(text_of(label));
    builder_.add_edge(node_of(host), node_of(target), kind, text);
  }
  void ephemeron(Object*, Object* key, Object* value) {
    builder_.add_edge(node_of(key), node_of(value), EdgeKind::internal,
                      builder_.text("value in a weak map"));
  }
  Graph take() { return builder_.build(); }

 private:
  static std::string text_of(const heaplab::EdgeLabel& label) {
    return label.name.empty() ? std::to_string(label.index) : label.name;
  }
  NodeIndex group_node(std::string_view group) {
    const auto found = groups_.find(std::string(group));
    if (found != groups_.end()) return found->second;
    Node node;
    node.type = builder_.text("synthetic");
    node.name = builder_.text(group);
    const NodeIndex index = builder_.add_node(node);
    groups_.emplace(std::string(group), index);
    builder_.add_edge(root_node, index, EdgeKind::element,
                      static_cast<std::uint32_t>(groups_.size() - 1));
    return index;
  }
  NodeIndex node_of(Object* object) {
    const auto found = nodes_.find(object);
    if (found != nodes_.end()) return found->second;
    const TypeDescriptor& type = heap_.type_of(*object);
    Node node;
    node.id = nodes_.size() + 1;
    node.type = builder_.text(type.node_type);
    node.name = builder_.text(type.object_name ? type.object_name(*object) : type.name);
    node.self_size = heap_.object_bytes(*object);
    node.external = type.external_bytes ? type.external_bytes(*object) : 0;
    const NodeIndex index = builder_.add_node(node);
    nodes_.emplace(object, index);
    return index;
  }

  Heap& heap_;
  GraphBuilder builder_;
  std::unordered_map<Object*, NodeIndex> nodes_;
  std::unordered_map<std::string, NodeIndex> groups_;
  std::unordered_map<NodeIndex, std::uint32_t> elements_;
};

}  // namespace

Graph capture(Heap& heap) {
  CaptureSink sink(heap);
  walk_live_graph(heap, sink);
  return sink.take();
}

}  // namespace heaplab::inspector
