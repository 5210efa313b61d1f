// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "heaplab/inspector/heapsnapshot_writer.h"
#include "heaplab/interp/runtime.h"

// How a JavaScript heap looks in a V8 heap snapshot (target heaplab::js_snapshot): as V8's own
// would, so that DevTools and rules made for Node's snapshots find what they know. An array has its
// elements, an object its properties and "__proto__", a closure its "context" and "shared" code, a
// context its variables by name; hidden classes are "system / Map".

namespace heaplab::interp {

/// Make one for each snapshot: it remembers addresses.
class JsSnapshotLanguage final : public inspector::SnapshotLanguage {
 public:
  explicit JsSnapshotLanguage(Runtime& runtime);

  std::string_view node_type(const Heap& heap, const Object& object) override;
  void append_name(const Heap& heap, const Object& object, std::string& out) override;
  bool is_shown(const Object& host, SlotPosition position, const Object& target) override;
  inspector::EdgeName edge_name(const Heap& heap, const Object& host,
                                SlotPosition position) override;
  void extra_edges(const Object& host, inspector::ExtraEdges& edges) override;
  std::optional<inspector::ScriptPosition> position(const Object& object) override;
  bool is_user_root(std::string_view group, std::string_view name) override;
  std::span<const inspector::OffHeapNode> off_heap_nodes() override { return codes_; }

  /// The script's number in this and all other snapshots of the run; 0: no such script.
  std::uint32_t script_id(const std::string& file) const;

 private:
  /// Of all objects with one prototype.
  struct ClassInfo {
    std::string name;
    std::optional<inspector::ScriptPosition> position;
  };

  void list_code(const FunctionCode& code);
  void list_scripts();
  inspector::ScriptPosition position_of(const FunctionTemplate& function) const;
  const ClassInfo& class_of(const JSObject& object);
  ClassInfo make_class_info(JSObject* prototype) const;
  inspector::EdgeName property_name(const Shape& shape, std::uint32_t slot);
  void find_entries(const Shape& shape);
  void property_edges(const JSObject& object, inspector::ExtraEdges& edges);
  void accessor_edges(const PropertyTable::Entry& entry, Value value, inspector::ExtraEdges& edges);
  static void element_edges(const JSObject& object, inspector::ExtraEdges& edges);

  Runtime& runtime_;
  std::vector<inspector::OffHeapNode> codes_;
  std::unordered_map<const Object*, std::string_view> code_arrays_;  ///< names and constants
  std::unordered_map<const Source*, std::uint32_t> scripts_;
  std::unordered_map<std::string, std::uint32_t> script_ids_;
  std::unordered_map<const JSObject*, ClassInfo> classes_;  ///< by prototype; null: none
  const Shape* entries_shape_ = nullptr;     ///< the dictionary that slot_entries_ is about
  std::vector<std::uint32_t> slot_entries_;  ///< by slot: the entry + 1
  std::string text_;
};

}  // namespace heaplab::interp
