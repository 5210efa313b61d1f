// SPDX-License-Identifier: MIT
// Names, types and places of the nodes of a JavaScript heap's snapshot. Its edges: js_edges.cpp.
#include "builtins/regexp.h"
#include "heaplab/interp/heap_snapshot.h"
#include "heaplab/interp/source.h"
#include "heaplab/interp/string.h"
#include "snapshot/wtf8.h"
#include "vm/property_access.h"

namespace heaplab::interp {
namespace {

using inspector::ScriptPosition;

/// V8's limit for the text of a string in a snapshot.
constexpr std::uint32_t longest_string = 1024;

void append_string(const String& string, std::string& out) {
  if (has_type(&string, HeapType::ConsString) &&
      !static_cast<const ConsString&>(string).is_flattened()) {
    out += "(concatenated string)";  // its characters may be a million objects away
    return;
  }
  const FlatChars chars = flat_chars(&string);
  append_wtf8(chars.sub(0, std::min(chars.length(), longest_string)), out);
}

void append_symbol(const Symbol& symbol, std::string& out) {
  const Value description = Value::from(symbol.description_);
  if (!symbol.is_private()) out += "Symbol(";
  if (description.is_string()) append_string(*description.as_string(), out);
  if (!symbol.is_private()) out += ')';
}

/// What V8 calls its counterparts of our internal objects; "" for all others.
std::string_view internal_name(HeapType type) {
  switch (type) {
    case HeapType::WordArray:
    case HeapType::SparseElements:
      return "(object elements)";
    case HeapType::SparseCells:
      return "(sparse elements)";
    case HeapType::PropertyArray:
      return "(object properties)";
    case HeapType::Shape:
      return "system / Map";
    case HeapType::PropertyTable:
      return "system / DescriptorArray";
    case HeapType::PropertyIndex:
      return "system / HashIndex";
    case HeapType::TransitionTable:
      return "system / TransitionArray";
    case HeapType::Accessor:
      return "system / AccessorPair";
    case HeapType::Context:
      return "system / Context";
    case HeapType::SuspendedFrame:
      return "(suspended frame)";
    case HeapType::PromiseReaction:
      return "system / PromiseReaction";
    case HeapType::AsyncRequest:
      return "system / AsyncGeneratorRequest";
    case HeapType::FinalizationCell:
      return "system / WeakCell";
    default:
      return "";
  }
}

std::size_t bytes_of(const FunctionCode& code) {
  const FunctionTemplate& source = *code.source;
  return sizeof code + source.code.size() * sizeof(CodeUnit) +
         (code.caches ? source.cache_count * sizeof(InlineCache) : 0);
}

}  // namespace

JsSnapshotLanguage::JsSnapshotLanguage(Runtime& runtime) : runtime_(runtime) {
  const std::size_t count = runtime.code_count();
  codes_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) list_code(runtime.code(static_cast<std::uint32_t>(i)));
  list_scripts();
}

void JsSnapshotLanguage::list_code(const FunctionCode& code) {
  inspector::OffHeapNode node;
  node.key = code.id;
  node.name = wtf8(code.source->name);
  node.bytes = bytes_of(code);
  if (code.names != nullptr) {
    node.edges = {{"names", code.names}, {"constants", code.constants}, {"objects", code.objects}};
    code_arrays_.emplace(code.names, "(names)");
    code_arrays_.emplace(code.constants, "(constant pool)");
    code_arrays_.emplace(code.objects, "(literals)");
  }
  const Source* source = code.source->source.get();
  const auto id = static_cast<std::uint32_t>(scripts_.size() + 1);
  const auto [script, added] = scripts_.emplace(source, id);
  if (added) script_ids_.emplace(source->name(), id);
  node.links = {{"script", script->second}};  // a number, until all codes are listed
  codes_.push_back(std::move(node));
}

/// Scripts follow the codes, so that a code's place in the list stays its id.
void JsSnapshotLanguage::list_scripts() {
  constexpr std::uint64_t script_keys = std::uint64_t{1} << 40;
  const std::size_t first = codes_.size();
  for (inspector::OffHeapNode& code : codes_) {
    for (inspector::OffHeapNode::Link& link : code.links) link.index += first - 1;
  }
  codes_.resize(first + scripts_.size());
  for (const auto& [source, id] : scripts_) {
    inspector::OffHeapNode& node = codes_[first + id - 1];
    node.key = script_keys + id;
    node.name = source->name();
  }
}

std::uint32_t JsSnapshotLanguage::script_id(const std::string& file) const {
  const auto found = script_ids_.find(file);
  return found == script_ids_.end() ? 0 : found->second;
}

std::string_view JsSnapshotLanguage::node_type(const Heap& heap, const Object& object) {
  switch (heap_type(&object)) {
    case HeapType::RegExp:
      return "regexp";
    case HeapType::SuspendedFrame:
      return "array";
    case HeapType::PropertyTable:
    case HeapType::TransitionTable:
      return "object shape";
    case HeapType::WordArray:
      return code_arrays_.contains(&object) ? "code" : "array";
    default:
      return SnapshotLanguage::node_type(heap, object);
  }
}

void JsSnapshotLanguage::append_name(const Heap& heap, const Object& object, std::string& out) {
  const HeapType type = heap_type(&object);
  if (type_in(&object, HeapType::SeqString8, HeapType::SliceString)) {
    append_string(static_cast<const String&>(object), out);
  } else if (type == HeapType::Symbol) {
    append_symbol(static_cast<const Symbol&>(object), out);
  } else if (type == HeapType::RegExp) {
    append_string(*static_cast<const builtins::JSRegExp&>(object).source_.get(), out);
  } else if (type_in(&object, HeapType::Function, HeapType::BoundFunction)) {
    out += function_name(static_cast<const JSObject*>(&object));
  } else if (&object == runtime_.global()) {
    out += "global";
  } else if (is_object_type(&object)) {
    out += class_of(static_cast<const JSObject&>(object)).name;
  } else if (type == HeapType::OrderedTable || type == HeapType::EphemeronTable) {
    // as V8's hash tables: without a name
  } else if (const auto code = code_arrays_.find(&object); code != code_arrays_.end()) {
    out += code->second;
  } else if (const std::string_view name = internal_name(type); !name.empty()) {
    out += name;
  } else {
    SnapshotLanguage::append_name(heap, object, out);
  }
}

// ---- Classes and places -----------------------------------------------------------------------

ScriptPosition JsSnapshotLanguage::position_of(const FunctionTemplate& function) const {
  const LineColumn at = function.source->line_column(function.position);
  return {scripts_.at(function.source.get()), at.line - 1, at.column - 1};
}

const JsSnapshotLanguage::ClassInfo& JsSnapshotLanguage::class_of(const JSObject& object) {
  JSObject* prototype = object.prototype();
  const auto found = classes_.find(prototype);
  if (found != classes_.end()) return found->second;
  return classes_.emplace(prototype, make_class_info(prototype)).first->second;
}

/// V8's rules for plain objects: the nearest "constructor" above the object, else its tag.
JsSnapshotLanguage::ClassInfo JsSnapshotLanguage::make_class_info(JSObject* prototype) const {
  const auto above = [prototype](PropertyKey key) {
    for (JSObject* p = prototype; p != nullptr; p = p->prototype()) {
      ShapeEntry entry;
      if (!shape_lookup(p->shape(), key, &entry)) continue;
      const bool accessor = (entry.flags & kAccessor) != 0;
      return accessor ? Value::undefined() : Value::from(*slot_address(p, entry.slot));
    }
    return Value::undefined();
  };
  ClassInfo info;
  const Value constructor = above(PropertyKey(runtime_.atoms().constructor));
  if (constructor.is_callable()) info.name = function_name(constructor.as_object());
  if (const auto* function = as_if<JSFunction>(constructor, HeapType::Function)) {
    info.position = position_of(*function->code_->source);
  }
  if (!info.name.empty() && info.name != "Object") return info;
  const Value tag = above(PropertyKey(runtime_.atoms().symbol_to_string_tag));
  info.name.clear();
  if (tag.is_string()) append_string(*tag.as_string(), info.name);
  if (info.name.empty()) info.name = "Object";
  return info;
}

std::optional<ScriptPosition> JsSnapshotLanguage::position(const Object& object) {
  if (has_type(&object, HeapType::Function)) {
    return position_of(*static_cast<const JSFunction&>(object).code_->source);
  }
  if (!is_object_type(&object)) return std::nullopt;
  if (type_in(&object, HeapType::NativeFunction, HeapType::BoundFunction)) return std::nullopt;
  return class_of(static_cast<const JSObject&>(object)).position;
}

}  // namespace heaplab::interp
