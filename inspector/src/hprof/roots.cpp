// SPDX-License-Identifier: MIT
// The nodes above the objects: the root, a group for each kind of root, threads and their frames.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "hprof/builder.h"

namespace heaplab::inspector::hprof {
namespace {

constexpr std::array<std::string_view, root_kinds> group_names = {
    "(System classes)",  "(JNI globals)", "(JNI locals)", "(Java frames)", "(Native stacks)",
    "(Blocked threads)", "(Threads)",     "(Monitors)",   "(Other roots)", "(Unknown roots)"};
constexpr std::array<std::string_view, root_kinds> local_names = {
    "class",        "JNI global", "JNI local", "local",      "native stack",
    "thread block", "thread",     "monitor",   "other root", "unknown root"};

constexpr std::uint32_t no_frame = 0xffff'ffff;

bool belongs_to_thread(RootKind kind) {
  return kind == RootKind::jni_local || kind == RootKind::java_frame ||
         kind == RootKind::native_stack || kind == RootKind::thread_block;
}

}  // namespace

struct Builder::RootTree {
  struct Local {
    RootKind kind;
    NodeIndex node;
    auto operator<=>(const Local&) const = default;
  };
  std::array<std::vector<NodeIndex>, root_kinds> groups;
  /// By thread, then by frame; no_frame for what is in none.
  std::map<std::uint32_t, std::map<std::uint32_t, std::vector<Local>>> threads;
};

NodeIndex Builder::add_synthetic(std::uint32_t name) {
  const NodeIndex node = add_node(next_id_, NodeType::synthetic, name, 0);
  do {
    next_id_ += 8;
  } while (index_->find(next_id_) != no_node);
  return node;
}

void Builder::add_synthetic_edge(EdgeKind kind, std::uint32_t label, NodeIndex target) {
  snapshot_.edge_words_.push_back(target | static_cast<std::uint32_t>(kind)
                                               << Snapshot::kind_shift);
  snapshot_.labels_.add(kind, label);
}

void Builder::end_synthetic() {
  snapshot_.first_edges_.push_back(static_cast<std::uint32_t>(snapshot_.edge_words_.size()));
}

/// Roots whose object is not in the file are nobody's.
Builder::RootTree Builder::sort_roots() {
  RootTree tree;
  for (const Root& root : roots_) {
    const NodeIndex node = index_->find(root.id);
    if (node == no_node || root.kind == RootKind::thread) continue;
    if (belongs_to_thread(root.kind) && threads_.contains(root.thread)) {
      const bool framed = root.kind == RootKind::jni_local || root.kind == RootKind::java_frame;
      tree.threads[root.thread][framed ? root.frame : no_frame].push_back({root.kind, node});
    } else {
      tree.groups[static_cast<std::size_t>(root.kind)].push_back(node);
    }
  }
  // Nobody unloads the classes of the boot loader.
  auto& system = tree.groups[static_cast<std::size_t>(RootKind::system_class)];
  for (const JavaClass& a_class : classes_.all()) {
    if (a_class.dumped && a_class.loader == 0) system.push_back(a_class.node);
  }
  for (auto& [serial, thread] : threads_) tree.threads[serial];
  for (std::vector<NodeIndex>& group : tree.groups) {
    std::sort(group.begin(), group.end());
    group.erase(std::unique(group.begin(), group.end()), group.end());
  }
  for (auto& [serial, frames] : tree.threads) {
    for (auto& [frame, locals] : frames) {
      std::sort(locals.begin(), locals.end());
      locals.erase(std::unique(locals.begin(), locals.end()), locals.end());
    }
  }
  return tree;
}

void Builder::add_roots() {
  const RootTree tree = sort_roots();
  const auto group_count = static_cast<NodeIndex>(
      std::count_if(tree.groups.begin(), tree.groups.end(), [](auto& g) { return !g.empty(); }));
  const bool has_threads = !tree.threads.empty();
  snapshot_.root_ = static_cast<NodeIndex>(ids_.size());
  const NodeIndex first_group = snapshot_.root_ + 1 + (missing_ > 0);
  const NodeIndex first_thread = first_group + group_count + has_threads;
  add_synthetic(fixed_name(""));
  for (NodeIndex i = 0; i < group_count + has_threads; ++i) {
    add_synthetic_edge(EdgeKind::element, i, first_group + i);
  }
  end_synthetic();
  if (missing_ > 0) {
    add_synthetic(fixed_name("(objects that are not in the file)"));
    end_synthetic();
  }
  for (std::size_t kind = 0; kind < root_kinds; ++kind) {
    if (tree.groups[kind].empty()) continue;
    add_synthetic(fixed_name(std::string(group_names[kind])));
    std::uint32_t number = 0;
    for (const NodeIndex node : tree.groups[kind]) {
      add_synthetic_edge(EdgeKind::element, number++, node);
    }
    end_synthetic();
  }
  if (has_threads) {
    add_synthetic(fixed_name("(Threads)"));
    for (NodeIndex i = 0; i < tree.threads.size(); ++i) {
      add_synthetic_edge(EdgeKind::element, i, first_thread + i);
    }
    end_synthetic();
  }
  add_threads(tree);
}

/// Under a thread: its object, what its native code holds, and the frames that hold something.
void Builder::add_threads(const RootTree& tree) {
  NodeIndex next_frame = static_cast<NodeIndex>(ids_.size() + tree.threads.size());
  for (const auto& [serial, frames] : tree.threads) {
    const Thread& thread = threads_[serial];
    const NodeIndex object = index_->find(thread.object);
    const std::string name = object == no_node ? std::to_string(serial) : thread_name(object);
    add_synthetic(fixed_name(fmt::format("thread \"{}\"", name)));
    if (object != no_node) add_synthetic_edge(EdgeKind::internal, names_.object, object);
    for (const auto& [frame, locals] : frames) {
      if (frame != no_frame) {
        add_synthetic_edge(EdgeKind::hidden, frame, next_frame++);
        continue;
      }
      for (const auto& local : locals) {
        const auto kind = static_cast<std::size_t>(local.kind);
        add_synthetic_edge(EdgeKind::internal, fixed_name(std::string(local_names[kind])),
                           local.node);
      }
    }
    end_synthetic();
  }
  for (const auto& [serial, frames] : tree.threads) {
    for (const auto& [frame, locals] : frames) {
      if (frame == no_frame) continue;
      add_synthetic(fixed_name(frame_text(threads_[serial], frame)));
      for (const auto& local : locals) {
        const auto kind = static_cast<std::size_t>(local.kind);
        add_synthetic_edge(EdgeKind::internal, fixed_name(std::string(local_names[kind])),
                           local.node);
      }
      end_synthetic();
    }
  }
}

/// The text of its field `name`. Its own node is named after it, too.
std::string Builder::thread_name(NodeIndex thread) {
  std::string name;
  for (const SnapshotEdge& edge : snapshot_.edges(thread)) {
    if (edge.kind != EdgeKind::property || edge.label != names_.name) continue;
    if (edge.target < index_->by_address().size() &&
        snapshot_.type(edge.target) == NodeType::string) {
      name = strings_.get(snapshot_.names_[edge.target]);
    }
    break;
  }
  if (snapshot_.type(thread) == NodeType::object) {
    const std::string of = strings_.get(snapshot_.names_[thread]);
    snapshot_.names_[thread] = fixed_name(fmt::format("{} \"{}\"", of, name));
  }
  return name;
}

/// "com.acme.Server.run(Server.java:42)"
std::string Builder::frame_text(const Thread& thread, std::uint32_t number) {
  const auto trace = traces_.find(thread.trace);
  if (trace == traces_.end() || number >= trace->second.size()) {
    return fmt::format("frame {}", number);
  }
  const Frame& frame = frames_[trace->second[number]];
  const auto text = [&](std::uint64_t id) {
    const auto found = texts_.find(id);
    return found == texts_.end() ? std::string() : from_modified_utf8(found->second);
  };
  const auto serial = class_of_serial_.find(frame.class_serial);
  const JavaClass* const of =
      serial == class_of_serial_.end() ? nullptr : classes_.find(serial->second);
  std::string place = text(frame.file);
  if (frame.line == native_line) place = "Native Method";
  if (place.empty()) place = "unknown source";
  if (frame.line > 0) place += fmt::format(":{}", frame.line);
  return fmt::format("{}.{}({})", of == nullptr ? "?" : of->name, text(frame.method), place);
}

}  // namespace heaplab::inspector::hprof
