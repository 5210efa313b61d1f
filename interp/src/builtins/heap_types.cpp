// SPDX-License-Identifier: MIT
// The heap types of the built-ins: where their references are, and what the edges are called.
#include "heaplab/interp/heap_types.h"

#include <fmt/format.h>

#include "collections.h"
#include "date.h"
#include "heaplab/heap/heap.h"
#include "heaplab/heap/type.h"
#include "regexp.h"
#include "typed_array_support.h"
#include "vm/type_support.h"

// Our objects derive from each other without virtual parts: offsets are what they look like, though
// the standard promises them for fewer types.
#pragma GCC diagnostic ignored "-Winvalid-offsetof"

// The object types add fields to a base that has some, which makes offsetof formally conditional;
// both compilers lay them out the plain way, and a wrong offset would not survive a collection.
#pragma GCC diagnostic ignored "-Winvalid-offsetof"

namespace heaplab::interp {

using namespace builtins;

namespace {

constexpr std::uint16_t at(std::size_t offset) { return static_cast<std::uint16_t>(offset); }

// How a leak report writes a key: 'text' for strings, the number, or what kind of thing it is.
std::string key_label(Value key) {
  if (key.is_string()) {
    const String* text = key.as_string();
    constexpr std::uint32_t longest = 60;
    std::string shown = to_utf8(text);
    if (shown.size() > longest) shown = shown.substr(0, longest) + "…";
    return "'" + shown + "'";
  }
  if (key.is_int()) return std::to_string(key.as_int());
  if (key.is_double()) return fmt::format("{}", key.as_double());
  if (key.is_boolean()) return key.as_boolean() ? "true" : "false";
  if (key.is_null()) return "null";
  if (key.is_symbol()) return "(symbol)";
  return key.is_reference() ? "(object)" : "undefined";
}

EdgeLabel ordered_table_label(const Object& object, SlotPosition position) {
  const auto& table = static_cast<const OrderedTable&>(object);
  if (!position.in_elements) {
    return {EdgeKind::internal, 0, position.index == 0 ? "index" : "next table"};
  }
  auto& words = const_cast<OrderedTable&>(table);
  const std::uint32_t entry = position.index / table.stride_;
  const Value key = Value::from(words.entry(entry)[0]);
  if (table.stride_ == 2 && position.index % 2 == 1) {
    return {EdgeKind::property, 0, key_label(key)};
  }
  if (table.stride_ == 2) return {EdgeKind::internal, 0, "key " + key_label(key)};
  return {EdgeKind::element, entry, ""};
}

EdgeLabel ephemeron_label(const Object& object, SlotPosition position) {
  auto& table = const_cast<EphemeronTable&>(static_cast<const EphemeronTable&>(object));
  const Value key = Value::from(table.pairs()[position.index].key);
  return {position.is_value ? EdgeKind::internal : EdgeKind::weak, 0,
          position.is_value ? "value of " + key_label(key) : "key"};
}

EdgeLabel cell_label(const Object&, SlotPosition position) {
  static constexpr const char* names[] = {"target", "unregister token", "held value", "registry",
                                          "next",   "previous"};
  const bool weak = position.index < 2;
  return {weak ? EdgeKind::weak : EdgeKind::internal, 0, names[std::min(position.index, 5u)]};
}

// Labels of what comes behind the JSObject part: one name per slot.
template <const char* const* names, std::uint32_t count>
EdgeLabel object_label(const Object& object, SlotPosition position) {
  if (position.in_elements || position.index < jsobject_slot_count) {
    return jsobject_edge_label(object, position);
  }
  const std::uint32_t i = position.index - jsobject_slot_count;
  return {EdgeKind::internal, 0, i < count ? names[i] : "field"};
}

constexpr const char* table_names[] = {"table"};
constexpr const char* weak_ref_names[] = {"target"};
constexpr const char* registry_names[] = {"cleanup callback", "cells"};
constexpr const char* iterator_names[] = {"source"};
constexpr const char* view_names[] = {"buffer"};
constexpr const char* regexp_names[] = {"source", "flags"};

TypeDescriptor internal(const char* name, std::size_t bytes, std::vector<SlotRun> runs,
                        ElementKind elements) {
  TypeDescriptor type;
  type.name = name;
  type.fixed_bytes = static_cast<std::uint32_t>(bytes);
  type.runs = std::move(runs);
  type.elements = elements;
  type.node_type = "array";
  return type;
}

TypeDescriptor object_type(const char* name, std::size_t bytes, std::vector<SlotRun> more,
                           EdgeLabel (*label)(const Object&, SlotPosition)) {
  TypeDescriptor type = jsobject_descriptor(name, bytes);
  for (const SlotRun& run : more) type.runs.push_back(run);
  type.edge_label = label;
  return type;
}

}  // namespace

void register_builtin_internal_types(Heap& heap) {
  TypeDescriptor table =
      internal("OrderedTable", sizeof(OrderedTable),
               {{at(offsetof(OrderedTable, index_)), 2, SlotKind::ref}}, ElementKind::words);
  table.edge_label = ordered_table_label;
  add_type(heap, HeapType::OrderedTable, table);

  TypeDescriptor ephemerons =
      internal("EphemeronTable", sizeof(EphemeronTable), {}, ElementKind::ephemeron_words);
  ephemerons.edge_label = ephemeron_label;
  add_type(heap, HeapType::EphemeronTable, ephemerons);

  TypeDescriptor cell = internal("FinalizationCell", sizeof(FinalizationCell),
                                 {{at(offsetof(FinalizationCell, target_)), 2, SlotKind::weak_word},
                                  {at(offsetof(FinalizationCell, held_)), 1, SlotKind::word},
                                  {at(offsetof(FinalizationCell, registry_)), 3, SlotKind::ref}},
                                 ElementKind::none);
  cell.notify_cleared = true;
  cell.edge_label = cell_label;
  cell.node_type = "hidden";
  add_type(heap, HeapType::FinalizationCell, cell);
}

void register_builtin_object_types(Heap& heap) {
  for (const auto& [type, name] : {std::pair(HeapType::Map, "Map"), {HeapType::Set, "Set"}}) {
    add_type(heap, type,
             object_type(name, sizeof(JSCollection),
                         {{at(offsetof(JSCollection, table_)), 1, SlotKind::ref}},
                         object_label<table_names, 1>));
  }
  for (const auto& [type, name] :
       {std::pair(HeapType::WeakMap, "WeakMap"), {HeapType::WeakSet, "WeakSet"}}) {
    add_type(heap, type,
             object_type(name, sizeof(JSWeakCollection),
                         {{at(offsetof(JSWeakCollection, table_)), 1, SlotKind::ref}},
                         object_label<table_names, 1>));
  }
  add_type(heap, HeapType::WeakRef,
           object_type("WeakRef", sizeof(JSWeakRef),
                       {{at(offsetof(JSWeakRef, target_)), 1, SlotKind::weak_word}},
                       object_label<weak_ref_names, 1>));
  add_type(heap, HeapType::FinalizationRegistry,
           object_type("FinalizationRegistry", sizeof(JSFinalizationRegistry),
                       {{at(offsetof(JSFinalizationRegistry, callback_)), 1, SlotKind::word},
                        {at(offsetof(JSFinalizationRegistry, cells_)), 1, SlotKind::ref}},
                       object_label<registry_names, 2>));
  add_type(heap, HeapType::CollectionIterator,
           object_type("CollectionIterator", sizeof(JSCollectionIterator),
                       {{at(offsetof(JSCollectionIterator, source_)), 1, SlotKind::word}},
                       object_label<iterator_names, 1>));
  add_type(heap, HeapType::DataView,
           object_type("DataView", sizeof(JSDataView),
                       {{at(offsetof(JSDataView, buffer_)), 1, SlotKind::ref}},
                       object_label<view_names, 1>));
  add_type(heap, HeapType::Date, object_type("Date", sizeof(JSDate), {}, jsobject_edge_label));
  add_type(
      heap, HeapType::RegExp,
      object_type("RegExp", sizeof(JSRegExp), {{at(offsetof(JSRegExp, source_)), 2, SlotKind::ref}},
                  object_label<regexp_names, 2>));
}

}  // namespace heaplab::interp
