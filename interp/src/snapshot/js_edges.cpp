// SPDX-License-Identifier: MIT
// The edges of a JavaScript heap's snapshot: what slots are called, and V8's edges that are no
// slots here.
#include "builtins/collections.h"
#include "heaplab/interp/generator.h"
#include "heaplab/interp/heap_snapshot.h"
#include "snapshot/wtf8.h"
#include "vm/property_access.h"
#include "vm/type_support.h"

namespace heaplab::interp {
namespace {

using inspector::EdgeKind;
using inspector::EdgeName;
using inspector::ExtraEdges;

EdgeName internal_name(std::string_view text) {
  return EdgeName::of_text(EdgeKind::internal, text);
}

template <std::size_t count>
EdgeName one_of(const std::string_view (&names)[count], std::uint32_t index) {
  return internal_name(names[std::min<std::size_t>(index, count - 1)]);
}

constexpr std::string_view object_slots[] = {"map", "properties", "elements"};
constexpr std::string_view shape_slots[] = {"prototype", "descriptors", "back_pointer",
                                            "transitions"};
constexpr std::string_view function_slots[] = {"context", "home_object", "initial_map",
                                               "class_fields"};
constexpr std::string_view bound_slots[] = {"bound_function", "bound_this"};
constexpr std::string_view accessor_slots[] = {"getter", "setter"};

/// "_#x_" of the built-ins' own private names is no property that a programmer wrote.
bool is_own_private(const Symbol& symbol) {
  const Value description = Value::from(symbol.description_);
  return symbol.is_private() && description.is_string() && description.as_string()->length() > 0 &&
         char_at(description.as_string(), 0) == u'#';
}

EdgeName key_name(PropertyKey key) {
  const bool inner = key.is_private() && !is_own_private(*key.symbol());
  return EdgeName::of_object(inner ? EdgeKind::internal : EdgeKind::property, key.object());
}

const Object* reference_in(Word word) { return word.is_reference() ? word.object() : nullptr; }

}  // namespace

bool JsSnapshotLanguage::is_user_root(std::string_view group, std::string_view name) {
  if (group == "(Event loop)") return true;
  return group == "(Runtime)" &&
         (name == "global" || name == "require.cache" || name == "require.main");
}

bool JsSnapshotLanguage::is_shown(const Object& host, SlotPosition position, const Object& target) {
  if (&target == runtime_.empty_elements()) return false;  // of every object without elements
  return !has_type(&host, HeapType::PropertyArray) ||
         position.in_elements;  // not back to its owner
}

EdgeName JsSnapshotLanguage::edge_name(const Heap& heap, const Object& host,
                                       SlotPosition position) {
  const HeapType type = heap_type(&host);
  const std::uint32_t index = position.index;
  switch (type) {
    case HeapType::WordArray:
    case HeapType::SparseCells:
      return EdgeName::of_number(EdgeKind::internal, index);
    case HeapType::PropertyArray:
      return EdgeName::of_number(EdgeKind::hidden, index);
    case HeapType::Shape:
      return one_of(shape_slots, index);
    case HeapType::Accessor:
      return one_of(accessor_slots, index);
    case HeapType::TransitionTable:
      return internal_name("transition");
    case HeapType::EphemeronTable:
      return EdgeName::of_number(EdgeKind::weak, 2 * index + (position.is_value ? 1 : 0));
    case HeapType::PropertyTable:
    case HeapType::OrderedTable:
      if (position.in_elements) return EdgeName::of_number(EdgeKind::internal, index);
      break;
    case HeapType::Context: {
      if (!position.in_elements) return internal_name("previous");
      const auto& names = static_cast<const Context&>(host).scope_->names;
      if (index >= names.size()) return EdgeName::of_number(EdgeKind::hidden, index);
      text_ = wtf8(names[index]);
      return EdgeName::of_text(EdgeKind::context, text_);
    }
    default:
      break;
  }
  if (!is_object_type(&host)) return SnapshotLanguage::edge_name(heap, host, position);
  if (!position.in_elements && index < jsobject_slot_count) return one_of(object_slots, index);
  if (type == HeapType::Object) {
    return property_name(*static_cast<const JSObject&>(host).shape(), index);
  }
  if (type == HeapType::Function) return one_of(function_slots, index - jsobject_slot_count);
  if (type == HeapType::BoundFunction && !position.in_elements) {
    return one_of(bound_slots, index - jsobject_slot_count);
  }
  if (type == HeapType::TypedArray) return internal_name("buffer");
  return SnapshotLanguage::edge_name(heap, host, position);
}

void JsSnapshotLanguage::extra_edges(const Object& host, ExtraEdges& edges) {
  if (!is_object_type(&host)) return;
  const auto& object = static_cast<const JSObject&>(host);
  edges.to_object(EdgeName::of_text(EdgeKind::property, "__proto__"), object.prototype());
  if (has_type(&host, HeapType::Function)) {
    edges.to_off_heap(internal_name("shared"), static_cast<const JSFunction&>(host).code_->id);
  }
  property_edges(object, edges);
  element_edges(object, edges);
}

// ---- Properties -------------------------------------------------------------------------------

/// In shapes that are shared, entry i of the table is about slot i.
void JsSnapshotLanguage::find_entries(const Shape& shape) {
  if (entries_shape_ == &shape) return;
  entries_shape_ = &shape;
  slot_entries_.assign(shape.slot_count(), 0);
  for (std::uint32_t i = 0; i < shape.property_count_; ++i) {
    const PropertyTable::Entry& entry = shape.table_->entries()[i];
    if (Value::from(entry.key).is_hole() || entry_slot(entry) >= slot_entries_.size()) continue;
    slot_entries_[entry_slot(entry)] = i + 1;
  }
}

EdgeName JsSnapshotLanguage::property_name(const Shape& shape, std::uint32_t slot) {
  std::uint32_t entry = slot < shape.property_count_ ? slot + 1 : 0;
  if (shape.is_dictionary()) {
    find_entries(shape);
    entry = slot < slot_entries_.size() ? slot_entries_[slot] : 0;
  }
  if (entry == 0) return EdgeName::of_number(EdgeKind::hidden, slot);
  const PropertyTable::Entry& found = shape.table_->entries()[entry - 1];
  if (entry_flags(found) & kAccessor) return EdgeName::of_number(EdgeKind::hidden, slot);
  return key_name(entry_key(found));
}

/// Properties outside the object, and the functions of accessors.
void JsSnapshotLanguage::property_edges(const JSObject& object, ExtraEdges& edges) {
  const Shape& shape = *object.shape();
  for (std::uint32_t i = 0; i < shape.property_count_; ++i) {
    const PropertyTable::Entry& entry = shape.table_->entries()[i];
    if (Value::from(entry.key).is_hole()) continue;
    const std::uint32_t slot = entry_slot(entry);
    const bool inside = slot < shape.inline_capacity_;
    const bool accessor = (entry_flags(entry) & kAccessor) != 0;
    if (inside && !accessor) continue;
    const Value value = Value::from(*slot_address(const_cast<JSObject*>(&object), slot));
    if (accessor) {
      accessor_edges(entry, value, edges);
    } else {
      edges.to_object(key_name(entry_key(entry)), reference_in(value.word()));
    }
  }
}

void JsSnapshotLanguage::accessor_edges(const PropertyTable::Entry& entry, Value value,
                                        ExtraEdges& edges) {
  const auto* accessor = as_if<Accessor>(value, HeapType::Accessor);
  if (accessor == nullptr) return;
  const auto edge = [&](std::string_view prefix, Word function) {
    const Object* target = reference_in(function);
    if (target == nullptr) return;
    text_ = prefix;
    append_name(runtime_.heap(), *entry_key(entry).object(), text_);
    edges.to_object(EdgeName::of_text(EdgeKind::property, text_), target);
  };
  edge("get ", accessor->getter_);
  edge("set ", accessor->setter_);
}

void JsSnapshotLanguage::element_edges(const JSObject& object, ExtraEdges& edges) {
  const Object* elements = object.elements_.get();
  if (has_type(elements, HeapType::WordArray)) {
    const auto& dense = static_cast<const WordArray&>(*elements);
    for (std::uint32_t i = 0; i < dense.length(); ++i) {
      edges.to_object(EdgeName::of_number(EdgeKind::element, i), reference_in(dense.words()[i]));
    }
    return;
  }
  const WordArray& cells = *static_cast<const SparseElements*>(elements)->cells_.get();
  for (std::uint32_t i = 0; i + 1 < cells.length(); i += 2) {
    if (!sparse_live(cells.words()[i])) continue;
    edges.to_object(EdgeName::of_number(EdgeKind::element, sparse_index(cells.words()[i])),
                    reference_in(cells.words()[i + 1]));
  }
}

}  // namespace heaplab::interp
