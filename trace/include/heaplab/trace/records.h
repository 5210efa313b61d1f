// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// What a recording says, one struct per kind of record. Objects have ids: 1 for the first, then
// upward in the order of allocation, never used twice. Strings, types, frames and stacks are
// numbers into the tables of the file; 0 means none in each of them.

namespace heaplab::trace {

using ObjectId = std::uint64_t;
using StringId = std::uint32_t;
using TypeIndex = std::uint32_t;
using FrameId = std::uint32_t;
using StackId = std::uint32_t;
/// 0 is the thread of records that name none: the main thread, with the main heap.
using ThreadId = std::uint32_t;

/// A type of objects: its name and V8's node type ("object", "closure", "string", "hidden", …).
struct Type {
  StringId name = 0;
  StringId node_type = 0;
};

/// A place in the program. Lines and columns count from 1; 0 is unknown.
struct Frame {
  StringId function = 0;
  StringId file = 0;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

/// A call stack is a path to the root of a tree: this frame, called from `parent`. An allocation
/// site is the innermost frame; recordings without call stacks have parent 0 everywhere.
struct Stack {
  StackId parent = 0;
  FrameId frame = 0;
};

/// A thread, and which heap it allocates on. Threads may share a heap.
struct Thread {
  StringId name = 0;
  StringId heap = 0;
};

struct Allocation {
  ObjectId id = 0;
  TypeIndex type = 0;
  std::uint64_t bytes = 0;
  StackId stack = 0;
  std::uint64_t clock = 0;  ///< bytes allocated before this object
  /// True if the object is older than the recording: it was met, not seen being made.
  bool adopted = false;
};

/// Where in an object a reference is, as heaplab/heap/type.h numbers slots.
struct Slot {
  std::uint32_t index = 0;
  bool in_elements = false;
  bool is_value = false;  ///< the value half of an ephemeron
  /// Does not keep what it refers to. Collections clear it without a record, so its old value may
  /// be said to be 0. True of an ephemeron's key, not of its value: that is kept while the key and
  /// the host are, or the host alone if the key is 0.
  bool is_weak = false;

  friend bool operator==(const Slot&, const Slot&) = default;
};

/// A slot changed. An id of 0 is null or no reference. Writing the key of an ephemeron (also one
/// that is no reference) empties its value half: the value is written after the key.
struct PointerWrite {
  ObjectId host = 0;
  Slot slot;
  ObjectId old_value = 0;
  ObjectId new_value = 0;
};

/// The first value of a slot of a fresh object.
struct InitialEdge {
  Slot slot;
  ObjectId value = 0;
};

/// How a thread's set of roots changed since its last such record. Between two of them, what the
/// thread allocates, and the old value of each of its pointer writes, count as roots as well: the
/// program may hold them where no record says so. So an object is alive if it is reachable from the
/// roots, or from what was allocated or overwritten since. Removed objects may have died before.
struct RootChange {
  std::span<const ObjectId> removed;
  std::span<const ObjectId> added;
};

/// When the program last read, wrote or called an object; known when it has died.
struct LastUse {
  ObjectId id = 0;
  std::uint64_t clock = 0;
};

/// Live memory as a sampling profiler estimates it, by the stack that allocated it.
struct ProfileEntry {
  StackId stack = 0;
  std::uint64_t bytes = 0;
  std::uint64_t objects = 0;
};

/// A file that was written beside the recording at this moment.
struct Attachment {
  std::uint64_t time_ns = 0;
  StringId kind = 0;  ///< "heapsnapshot"
  StringId path = 0;  ///< relative to the recording's folder
};

struct Sizes {
  std::uint64_t used = 0;
  std::uint64_t committed = 0;
  std::uint64_t external = 0;
  std::uint64_t young_used = 0;
  std::uint64_t old_used = 0;
  std::uint64_t large_used = 0;

  friend bool operator==(const Sizes&, const Sizes&) = default;
};

struct Collection {
  std::uint64_t number = 0;
  bool major = false;
  StringId collector = 0;
  StringId reason = 0;
  std::uint64_t start_ns = 0;
  std::uint64_t pause_ns = 0;
  std::uint64_t clock = 0;
  Sizes before;
  Sizes after;
  std::uint64_t promoted_bytes = 0;
  std::uint64_t freed_bytes = 0;
};

/// process.memoryUsage() at one moment, and why it was taken.
struct MemorySample {
  std::uint64_t time_ns = 0;
  StringId event = 0;
  std::uint64_t rss = 0;
  std::uint64_t heap_total = 0;
  std::uint64_t heap_used = 0;
  std::uint64_t external = 0;
  std::uint64_t array_buffers = 0;
};

/// The program says where it is: performance.mark(name).
struct Marker {
  std::uint64_t time_ns = 0;
  std::uint64_t clock = 0;
  StringId name = 0;
};

/// Why a checkpoint was taken.
enum class CheckpointReason : std::uint8_t {
  start,       ///< when recording began
  allocation,  ///< the bytes clock moved far enough; inside running code
  turn,        ///< between two turns of the program's event loop: no code is running
  collection,  ///< at the end of a collection
  marker,      ///< the program set a phase marker
  exit         ///< at the end, after a full collection
};
inline constexpr unsigned checkpoint_reasons = 6;
std::string_view to_string(CheckpointReason reason);

/// All objects reachable at one moment, with labelled edges: begin, roots, nodes each followed by
/// its edges, ephemerons, end.
struct CheckpointBegin {
  std::uint64_t number = 0;  ///< from 1
  CheckpointReason reason = CheckpointReason::start;
  std::uint64_t time_ns = 0;
  std::uint64_t clock = 0;
};

struct CheckpointRoot {
  StringId group = 0;
  StringId name = 0;
  ObjectId target = 0;
};

struct CheckpointNode {
  ObjectId id = 0;
  TypeIndex type = 0;
  std::uint64_t bytes = 0;
  std::uint64_t external = 0;  ///< off-heap bytes it owns
  StringId name = 0;           ///< 0: as its type
  StackId stack = 0;
  std::uint64_t birth = 0;        ///< the clock when it was allocated
  std::uint64_t last_access = 0;  ///< the clock when the program last read or wrote it
};

/// V8's edge kinds, in the order of heaplab/heap/type.h.
enum class EdgeKind : std::uint8_t { context, element, property, internal, hidden, shortcut, weak };
inline constexpr unsigned edge_kinds = 7;

struct CheckpointEdge {
  EdgeKind kind = EdgeKind::internal;
  std::uint32_t index = 0;  ///< of element and hidden edges
  StringId name = 0;        ///< of the others
  ObjectId target = 0;

  bool has_index() const { return kind == EdgeKind::element || kind == EdgeKind::hidden; }
};

/// The value is kept by the table and the key together.
struct CheckpointEphemeron {
  ObjectId table = 0;
  ObjectId key = 0;
  ObjectId value = 0;
};

struct CheckpointEnd {
  std::uint64_t nodes = 0;
  std::uint64_t edges = 0;
  std::uint64_t bytes = 0;  ///< on the heap, off-heap bytes not included
};

/// The tables a recording has defined so far.
struct Tables {
  std::vector<std::string> strings{std::string()};
  std::vector<Type> types{Type()};
  std::vector<Frame> frames{Frame()};
  std::vector<Stack> stacks{Stack()};
  std::vector<Thread> threads{Thread()};
  /// By frame: the executable or library it is in. Only some formats know; may be shorter than
  /// frames.
  std::vector<StringId> modules;

  const std::string& text(StringId id) const { return strings[id]; }
  const std::string& type_name(TypeIndex type) const { return strings[types[type].name]; }
  const std::string& node_type(TypeIndex type) const { return strings[types[type].node_type]; }
  const std::string& module(FrameId frame) const {
    return strings[frame < modules.size() ? modules[frame] : 0];
  }
  const Frame& innermost(StackId stack) const { return frames[stacks[stack].frame]; }
};

}  // namespace heaplab::trace
