// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "heaplab/inspector/snapshot.h"
#include "hprof/addresses.h"
#include "hprof/classes.h"
#include "hprof/input.h"
#include "hprof/texts.h"
#include "snapshot/string_writer.h"

namespace heaplab::inspector::hprof {

/// Kinds of roots, in the order of the groups under the root of the graph.
enum class RootKind : std::uint8_t {
  system_class,
  jni_global,
  jni_local,
  java_frame,
  native_stack,
  thread_block,
  thread,
  monitor,
  other,
  unknown
};
inline constexpr std::size_t root_kinds = 10;

/// The number of the first type that is no reference.
inline constexpr unsigned first_primitive = 4;
/// Instead of a line: the method is native.
inline constexpr std::int32_t native_line = -3;

/// Makes a Snapshot of a Java heap dump in one pass over the file. While it reads, a node has its
/// address, what it is, its class or contents, and the addresses its references hold; when all are
/// there, `finish` turns addresses into nodes, classes into names and sizes, contents into texts.
///
/// An instance can only be taken apart when its class and those above are known. Those that come
/// before their class wait, as bytes, until the end.
class Builder {
 public:
  Builder(ByteStream stream, const ReadOptions& options);
  Snapshot read();

 private:
  struct Root {
    RootKind kind;
    std::uint32_t thread, frame;
    std::uint64_t id;
  };
  struct Thread {
    std::uint64_t object = 0;
    std::uint32_t trace = 0;
  };
  struct Frame {
    std::uint64_t method = 0, file = 0;
    std::uint32_t class_serial = 0;
    std::int32_t line = 0;
  };

  // Top-level records (builder.cpp).
  void read_header();
  void read_record();
  void read_text(std::uint32_t length);
  void read_load_class(std::uint32_t length);
  void read_frame(std::uint32_t length);
  void read_trace(std::uint32_t length);

  // What a heap dump consists of (heap_records.cpp).
  void read_heap(std::uint32_t length);
  void read_heap_record();
  void read_root(std::uint8_t tag);
  void read_class();
  void read_class_edges(JavaClass& a_class);
  void read_instance();
  void read_object_array();
  void read_primitive_array(bool with_data);
  bool plan(JavaClass& a_class);
  void add_instance(std::uint64_t id, JavaClass& a_class, const char* data);
  void add_class_edge(const JavaClass& a_class);
  std::uint64_t read_value(JavaType type);
  NodeIndex add_node(std::uint64_t id, NodeType type, std::uint32_t name, std::uint32_t size);
  void add_edge(EdgeKind kind, std::uint32_t label, std::uint64_t target);
  void end_node();
  JavaClass* class_at(std::uint64_t id);
  std::uint32_t name_index(std::uint64_t text_id);
  std::uint32_t fixed_name(const std::string& text);
  /// The offset of the heap record being read.
  [[noreturn]] void fail(const std::string& message) const {
    input_.fail_at(record_start_, message);
  }

  // The end (finish.cpp).
  void read_waiting();
  void find_texts();
  SizeModel find_model(const AddressIndex& index) const;
  void set_sizes(const SizeModel& model);
  void set_class_sizes(const SizeModel& model);
  void set_size(NodeIndex node, std::uint64_t size);

  // Roots (roots.cpp).
  struct RootTree;
  RootTree sort_roots();
  void add_roots();
  void add_threads(const RootTree& tree);
  std::string thread_name(NodeIndex thread);
  std::string frame_text(const Thread& thread, std::uint32_t frame);
  NodeIndex add_synthetic(std::uint32_t name);
  void add_synthetic_edge(EdgeKind kind, std::uint32_t label, NodeIndex target);
  void end_synthetic();

  Input input_;
  Snapshot snapshot_;
  bool has_heap_ = false;
  std::uint64_t record_start_ = 0;

  StringWriter strings_;
  std::unordered_map<std::string, std::uint32_t> string_numbers_;  ///< of names
  std::unordered_set<std::uint32_t> vm_names_;  ///< "<resolved_references>": no names of Java's
  std::unordered_map<std::uint64_t, std::string> texts_;           ///< UTF8 records
  std::unordered_map<std::uint64_t, std::uint32_t> text_numbers_;  ///< of those used as names

  ClassTable classes_;
  std::uint64_t last_class_id_ = 0;  ///< most instances are of the class of the one before
  std::uint32_t last_class_ = 0;
  std::unordered_map<std::uint32_t, std::uint64_t> class_of_serial_;
  std::unordered_map<std::uint64_t, Frame> frames_;
  std::unordered_map<std::uint32_t, std::vector<std::uint64_t>> traces_;
  std::unordered_map<std::uint32_t, Thread> threads_;
  std::vector<Root> roots_;

  AddressList ids_;
  AddressList targets_;
  BigArray<std::uint8_t> edge_kinds_;
  BigArray<char> waiting_;  ///< instances whose class is not known yet: id, class, length, offset
  Contents contents_;
  std::uint64_t missing_ = 0;  ///< references to what is not in the file
  std::optional<AddressIndex> index_;
  std::uint64_t next_id_ = 8;  ///< of a node that is no object
  struct {
    std::uint32_t referent, value, coder, name, class_edge, super, loader, signers, domain, object;
  } names_{};
};

}  // namespace heaplab::inspector::hprof
