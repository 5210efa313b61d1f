// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "heaplab/heap/heap.h"
#include "heaplab/inspector/graph.h"

// Writes a live heap as a V8 heap snapshot (`.heapsnapshot`), as Chrome DevTools reads it.
//
// The heap is walked once to number its objects; then each section of the file is streamed from
// the objects themselves. What is kept meanwhile is 8 bytes an object and 12 to 25 for every
// different name: never a graph, and no copy of a string.
//
// The writer knows objects, slots and roots. What people want to read (an array's elements at the
// array, class names, where a function is) the language adds through SnapshotLanguage.

namespace heaplab::inspector {

/// What an edge is called: a text, a number, or what its key object is called.
struct EdgeName {
  enum class Form : std::uint8_t { text, number, object };

  EdgeKind kind = EdgeKind::internal;
  Form form = Form::text;
  std::uint32_t number = 0;
  std::string_view text = {};      ///< valid until the language is asked again
  const Object* object = nullptr;  ///< a string or symbol on the heap

  static EdgeName of_text(EdgeKind kind, std::string_view text) {
    return {kind, Form::text, 0, text, nullptr};
  }
  /// Element and hidden edges have numbers in the file, the others the number's digits.
  static EdgeName of_number(EdgeKind kind, std::uint32_t number) {
    return {kind, Form::number, number, {}, nullptr};
  }
  static EdgeName of_object(EdgeKind kind, const Object* object) {
    return {kind, Form::object, 0, {}, object};
  }
};

/// A place in a script, from 0.
struct ScriptPosition {
  std::uint32_t script_id = 0;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

/// What is not on the heap but belongs to the picture: compiled code, and the scripts it is from.
struct OffHeapNode {
  struct Edge {
    std::string_view name;
    const Object* target = nullptr;  ///< may be null
  };
  struct Link {
    std::string_view name;
    std::size_t index = 0;  ///< of another off-heap node
  };
  std::uint64_t key = 0;  ///< the same in all snapshots of a run; no other node has it
  std::string_view type = "code";
  std::string name;
  std::uint64_t bytes = 0;
  std::vector<Edge> edges;
  std::vector<Link> links;
};

/// Receives edges that are no slots of the object they start at.
class ExtraEdges {
 public:
  virtual ~ExtraEdges() = default;
  /// Null targets are ignored.
  virtual void to_object(const EdgeName& name, const Object* target) = 0;
  /// To the n-th off-heap node.
  virtual void to_off_heap(const EdgeName& name, std::size_t index) = 0;
};

/// What only the language knows of its objects. The defaults are those of the type descriptors. All
/// of it is called while nothing moves, several times for one object, and must give the same each
/// time; nothing may allocate on the heap. Texts are UTF-8 in which a lone surrogate is written as
/// if it were a character (three bytes).
class SnapshotLanguage {
 public:
  virtual ~SnapshotLanguage() = default;
  /// One of V8's node types; "hidden" is written for a type V8 does not have.
  virtual std::string_view node_type(const Heap& heap, const Object& object);
  virtual void append_name(const Heap& heap, const Object& object, std::string& out);
  /// False: the slot's edge is left out, for it would tell nobody anything.
  virtual bool is_shown(const Object& host, SlotPosition position, const Object& target);
  virtual EdgeName edge_name(const Heap& heap, const Object& host, SlotPosition position);
  virtual void extra_edges(const Object& host, ExtraEdges& edges);
  virtual std::optional<ScriptPosition> position(const Object& object);
  /// Roots that a programmer knows by name: DevTools counts distances from them.
  virtual bool is_user_root(std::string_view group, std::string_view name);
  virtual std::span<const OffHeapNode> off_heap_nodes() { return {}; }

 private:
  std::string text_;
};

/// Where objects were allocated, if somebody recorded it.
class AllocationTraces {
 public:
  struct Function {
    std::string name;
    std::string script;
    std::uint32_t script_id = 0;
    std::uint32_t line = 0;  ///< from 1; 0: unknown
    std::uint32_t column = 0;
  };
  /// A call stack: this function, called from the stack `caller`. Traces are numbered from 1; 0 is
  /// the empty stack. A caller's number is lower than its callee's.
  struct Trace {
    std::uint32_t caller = 0;
    std::uint32_t function = 0;  ///< index into functions()
  };
  virtual ~AllocationTraces() = default;
  virtual std::span<const Function> functions() const = 0;
  virtual std::span<const Trace> traces() const = 0;  ///< the first is trace 1
  /// 0: not known.
  virtual std::uint32_t trace_of(const Object& object) const = 0;
};

/// Writes snapshots of one heap. An object that is in several of them has the same id in each, and
/// what is new in a snapshot has higher ids than everything in those before it, which is what
/// comparisons of snapshots go by. The first snapshot switches this on; before it, a writer costs
/// nothing, and afterwards 8 bytes an object and a table look-up per object at each collection. It
/// is no ObjectObserver: the program runs at full speed, and a recorder may watch it as well.
class HeapSnapshotWriter {
 public:
  explicit HeapSnapshotWriter(Heap& heap);
  ~HeapSnapshotWriter();
  HeapSnapshotWriter(const HeapSnapshotWriter&) = delete;
  HeapSnapshotWriter& operator=(const HeapSnapshotWriter&) = delete;

  /// Writes what is reachable now. (V8 collects first: then weak references lead to nothing that is
  /// about to go.) The file appears under its name when it is complete; what was there before is
  /// replaced then. Collects nothing, allocates nothing on the heap. \pre A safepoint, as for an
  /// allocation, or a HeapListener's call.
  ///
  /// Throws std::system_error if the file cannot be written, std::length_error if the heap has more
  /// objects than the format can name (613 million).
  void write(const std::string& path, SnapshotLanguage& language,
             const AllocationTraces* traces = nullptr);

 private:
  Heap& heap_;
  std::unique_ptr<class ObjectIds> ids_;
};

}  // namespace heaplab::inspector
