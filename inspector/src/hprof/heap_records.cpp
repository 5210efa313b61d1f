// SPDX-License-Identifier: MIT
// The records inside HEAP_DUMP and HEAP_DUMP_SEGMENT: roots, classes, objects, arrays.
#include <fmt/format.h>

#include <algorithm>

#include "hprof/builder.h"

namespace heaplab::inspector::hprof {
namespace {

enum Tag : std::uint8_t {
  class_tag = 0x20,
  instance_tag = 0x21,
  object_array_tag = 0x22,
  primitive_array_tag = 0x23,
  primitive_array_without_data_tag = 0xC3,  // Android
  thread_object_tag = 0x08,
};

/// What follows the object's id in the record of a root.
enum class Rest : std::uint8_t { nothing, id, thread, thread_and_frame };
struct RootTag {
  std::uint8_t tag;
  RootKind kind;
  Rest rest;
};
constexpr RootTag root_tags[] = {
    {0xFF, RootKind::unknown, Rest::nothing},
    {0x01, RootKind::jni_global, Rest::id},
    {0x02, RootKind::jni_local, Rest::thread_and_frame},
    {0x03, RootKind::java_frame, Rest::thread_and_frame},
    {0x04, RootKind::native_stack, Rest::thread},
    {0x05, RootKind::system_class, Rest::nothing},
    {0x06, RootKind::thread_block, Rest::thread},
    {0x07, RootKind::monitor, Rest::nothing},
    {0x08, RootKind::thread, Rest::thread_and_frame},
    // Android's: interned strings, finalizing, debugger, reference cleanup, VM internal, JNI
    // monitor.
    {0x89, RootKind::other, Rest::nothing},
    {0x8A, RootKind::other, Rest::nothing},
    {0x8B, RootKind::other, Rest::nothing},
    {0x8C, RootKind::other, Rest::nothing},
    {0x8D, RootKind::other, Rest::nothing},
    {0x8E, RootKind::monitor, Rest::thread_and_frame},
    {0x90, RootKind::unknown, Rest::nothing},
};
constexpr std::uint8_t android_heap_tag = 0xFE;

}  // namespace

void Builder::read_heap(std::uint32_t length) {
  has_heap_ = true;
  const std::uint64_t start = input_.offset(), end = start + length;
  while (input_.offset() < end) {
    record_start_ = input_.offset();
    read_heap_record();
    if (input_.offset() > end) fail("a record does not end with the heap dump it is in");
  }
}

void Builder::read_heap_record() {
  const std::uint8_t tag = input_.u1();
  switch (tag) {
    case instance_tag:
      return read_instance();
    case object_array_tag:
      return read_object_array();
    case primitive_array_tag:
      return read_primitive_array(true);
    case primitive_array_without_data_tag:
      return read_primitive_array(false);
    case class_tag:
      return read_class();
    case android_heap_tag:
      input_.take(4 + input_.id_bytes);
      return;
    default:
      return read_root(tag);
  }
}

void Builder::read_root(std::uint8_t tag) {
  const auto* known = std::find_if(std::begin(root_tags), std::end(root_tags),
                                   [&](const RootTag& root) { return root.tag == tag; });
  if (known == std::end(root_tags)) {
    fail(fmt::format("{:#04x} begins no record of a heap dump", tag));
  }
  Root root{known->kind, 0, 0, input_.id()};
  if (known->rest == Rest::id) input_.take(input_.id_bytes);
  if (known->rest == Rest::thread || known->rest == Rest::thread_and_frame) {
    root.thread = input_.u4();
  }
  if (known->rest == Rest::thread_and_frame) root.frame = input_.u4();
  if (tag == thread_object_tag) threads_[root.thread] = {root.id, root.frame};
  roots_.push_back(root);
}

NodeIndex Builder::add_node(std::uint64_t id, NodeType type, std::uint32_t name,
                            std::uint32_t size) {
  if (id == 0) fail("an object has the id 0");
  const auto node = static_cast<NodeIndex>(ids_.size());
  constexpr NodeIndex spare = 1 << 20;  // for roots
  if (node >= Snapshot::max_nodes - spare) fail("more objects than any heap has");
  ids_.push_back(id);
  snapshot_.types_.push_back(static_cast<std::uint8_t>(type));
  snapshot_.names_.push_back(name);
  snapshot_.self_sizes_.push_back(size);
  snapshot_.labels_.begin_node();
  return node;
}

void Builder::add_edge(EdgeKind kind, std::uint32_t label, std::uint64_t target) {
  if (target == 0) return;
  targets_.push_back(target);
  edge_kinds_.push_back(static_cast<std::uint8_t>(kind));
  snapshot_.labels_.add(kind, label);
}

void Builder::end_node() {
  if (edge_kinds_.size() > UINT32_MAX - (std::size_t{1} << 24))
    fail("more than 4 billion references");
  snapshot_.first_edges_.push_back(static_cast<std::uint32_t>(edge_kinds_.size()));
}

JavaClass* Builder::class_at(std::uint64_t id) {
  if (id == last_class_id_ && id != 0) return &classes_[last_class_];
  JavaClass* const found = classes_.find(id);
  if (found == nullptr) return nullptr;
  last_class_id_ = id;
  last_class_ = classes_.number(*found);
  return found;
}

/// What an object's class keeps alive matters where it could be unloaded: not for the boot
/// loader's.
void Builder::add_class_edge(const JavaClass& a_class) {
  const bool may_be_unloaded = !a_class.dumped || a_class.loader != 0;
  if (may_be_unloaded) add_edge(EdgeKind::internal, names_.class_edge, a_class.id);
}

std::uint64_t Builder::read_value(JavaType type) {
  const unsigned bytes = bytes_of(type, input_.id_bytes);
  const char* value = input_.take(bytes);
  return type == JavaType::object ? load_id(value, bytes) : 0;
}

void Builder::read_class() {
  const std::uint64_t id = input_.id();
  input_.take(4);
  JavaClass& a_class = classes_.at(id);
  if (a_class.dumped) fail(fmt::format("the class {:#x} is in the file twice", id));
  if (a_class.name.empty()) {
    a_class.name = fmt::format("(class {:#x})", id);
    a_class.name_index = fixed_name(a_class.name);
  }
  a_class.super = input_.id();
  a_class.loader = input_.id();
  a_class.dumped = true;
  a_class.node = add_node(id, NodeType::class_object, a_class.name_index, 0);
  read_class_edges(a_class);
  end_node();
}

void Builder::read_class_edges(JavaClass& a_class) {
  const auto type = [&] {
    const std::uint8_t number = input_.u1();
    if (!is_java_type(number)) fail(fmt::format("there is no type {}", number));
    return JavaType(number);
  };
  const std::uint64_t signers = input_.id(), domain = input_.id();
  input_.take(2 * input_.id_bytes +
              4);  // reserved; bytes of an instance, without what HotSpot adds
  add_edge(EdgeKind::internal, names_.super, a_class.super);
  add_edge(EdgeKind::internal, names_.loader, a_class.loader);
  add_edge(EdgeKind::internal, names_.signers, signers);
  add_edge(EdgeKind::internal, names_.domain, domain);
  for (std::uint16_t constants = input_.u2(); constants > 0; --constants) {
    const std::uint16_t index = input_.u2();
    add_edge(EdgeKind::hidden, index, read_value(type()));
  }
  for (std::uint16_t statics = input_.u2(); statics > 0; --statics) {
    const std::uint32_t name = name_index(input_.id());
    const JavaType field = type();
    const std::uint64_t value = read_value(field);
    if (field != JavaType::object) {
      a_class.static_bytes += bytes_of(field, 8);
      continue;
    }
    // "<resolved_references>" is HotSpot's, and in no object.
    const bool is_field = !vm_names_.contains(name);
    a_class.static_references += is_field;
    add_edge(is_field ? EdgeKind::property : EdgeKind::internal, name, value);
  }
  for (std::uint16_t fields = input_.u2(); fields > 0; --fields) {
    const std::uint32_t name = name_index(input_.id());
    a_class.fields.push_back({name, type()});
  }
}

/// What to do with instances of the class; false if it, or a class above, is not known yet.
bool Builder::plan(JavaClass& a_class) {
  if (a_class.planned) return true;
  const std::vector<const JavaClass*> chain = classes_.chain(a_class);
  if (chain.empty()) return false;
  bool weak = false;
  for (const JavaClass* above : chain) {
    if (above->name == "java.lang.ref.Reference") weak = true;
    if (above->name == "java.lang.Thread") a_class.is_thread = true;
  }
  for (const JavaClass* above : chain) {
    // What waits for its finalizer is alive until that has run.
    if (above->name == "java.lang.ref.FinalReference") weak = false;
  }
  a_class.is_string = a_class.name == "java.lang.String";
  std::uint64_t offset = 0;
  for (const JavaClass* above : chain) {
    const bool is_reference = weak && above->name == "java.lang.ref.Reference";
    for (const Field& field : above->fields) {
      if (field.type == JavaType::object) {
        const bool is_weak = is_reference && field.name == names_.referent;
        a_class.references.push_back({static_cast<std::uint32_t>(offset), field.name,
                                      is_weak ? EdgeKind::weak : EdgeKind::property});
      } else if (field.type == JavaType::byte && field.name == names_.coder) {
        a_class.coder_offset = static_cast<std::uint32_t>(offset);
      }
      offset += bytes_of(field.type, input_.id_bytes);
    }
  }
  if (offset > Input::window / 2) fail(fmt::format("{} has too many fields", a_class.name));
  a_class.data_bytes = static_cast<std::uint32_t>(offset);
  a_class.planned = true;
  return true;
}

void Builder::read_instance() {
  const unsigned id_bytes = input_.id_bytes;
  const char* const record = input_.take(2 * id_bytes + 8);
  const std::uint64_t id = load_id(record, id_bytes);
  const std::uint64_t class_id = load_id(record + id_bytes + 4, id_bytes);
  const std::uint32_t bytes = load_u4(record + 2 * id_bytes + 4);
  JavaClass* const a_class = class_at(class_id);
  if (a_class != nullptr && (a_class->planned || plan(*a_class))) [[likely]] {
    if (bytes != a_class->data_bytes) {
      fail(fmt::format("an instance of {} has {} bytes, its class says {}", a_class->name, bytes,
                       a_class->data_bytes));
    }
    return add_instance(id, *a_class, input_.take(bytes));
  }
  if (bytes > Input::window / 2) fail(fmt::format("an instance of {} bytes is too large", bytes));
  const std::uint64_t header[] = {id, class_id, bytes, record_start_};
  const auto keep = [&](const char* from, std::size_t count) {
    const std::size_t start = waiting_.size();
    waiting_.reserve(start + count);
    waiting_.resize(start + count);
    std::memcpy(waiting_.data() + start, from, count);
  };
  keep(reinterpret_cast<const char*>(header), sizeof header);
  keep(input_.take(bytes), bytes);
}

/// Until the end, a node's name is the number of its class, of a string its encoding.
void Builder::add_instance(std::uint64_t id, JavaClass& a_class, const char* data) {
  if (a_class.is_string) {
    const bool latin1 =
        a_class.coder_offset != JavaClass::no_coder && data[a_class.coder_offset] == 0;
    add_node(id, NodeType::string, latin1 ? 0 : 1, classes_.number(a_class));
  } else {
    add_node(id, NodeType::object, classes_.number(a_class), 0);
  }
  add_class_edge(a_class);
  const unsigned id_bytes = input_.id_bytes;
  for (const ReferenceField& field : a_class.references) {
    add_edge(field.kind, field.name, load_id(data + field.offset, id_bytes));
  }
  end_node();
}

void Builder::read_object_array() {
  const std::uint64_t id = input_.id();
  input_.take(4);
  const std::uint32_t length = input_.u4();
  JavaClass& a_class = classes_.at(input_.id());
  add_node(id, NodeType::array, classes_.number(a_class), length);
  add_class_edge(a_class);
  const unsigned id_bytes = input_.id_bytes;
  constexpr std::uint32_t at_once = 8192;
  for (std::uint32_t index = 0; index < length;) {
    const std::uint32_t count = std::min(length - index, at_once);
    const char* const elements = input_.take(std::size_t{count} * id_bytes);
    for (std::uint32_t i = 0; i < count; ++i) {
      add_edge(EdgeKind::element, index + i,
               load_id(elements + std::size_t{i} * id_bytes, id_bytes));
    }
    index += count;
  }
  end_node();
}

/// Until the end, its name is the number of its contents if they may be a text, and it is a
/// `native` with its type beside that.
void Builder::read_primitive_array(bool with_data) {
  const std::uint64_t id = input_.id();
  input_.take(4);
  const std::uint32_t length = input_.u4();
  const std::uint8_t number = input_.u1();
  if (!is_java_type(number) || number == static_cast<std::uint8_t>(JavaType::object)) {
    fail(fmt::format("there is no array of type {}", number));
  }
  const NodeIndex node = add_node(id, NodeType::native, 0, length);
  snapshot_.types_[node] = static_cast<std::uint8_t>(static_cast<std::uint8_t>(NodeType::native) |
                                                     (number - first_primitive) << 5);
  const JavaType type{number};
  if (with_data) {
    const std::uint64_t bytes = std::uint64_t{length} * bytes_of(type, input_.id_bytes);
    if (type == JavaType::byte || type == JavaType::character) {
      contents_.read(input_, bytes, node, snapshot_.names_);
    } else {
      input_.skip(bytes);
    }
  }
  end_node();
}

}  // namespace heaplab::inspector::hprof
