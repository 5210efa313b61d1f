// SPDX-License-Identifier: MIT
// When all is read: sizes, texts, names.
#include <fmt/format.h>

#include <algorithm>

#include "hprof/builder.h"

namespace heaplab::inspector::hprof {

void Builder::read_waiting() {
  for (std::size_t at = 0; at < waiting_.size();) {
    std::uint64_t header[4];
    std::memcpy(header, waiting_.data() + at, sizeof header);
    at += sizeof header;
    record_start_ = header[3];
    JavaClass* const a_class = class_at(header[1]);
    if (a_class == nullptr || !plan(*a_class)) {
      fail(
          fmt::format("an instance of the class {:#x}, which, or a class above it, is not in the "
                      "file",
                      header[1]));
    }
    if (header[2] != a_class->data_bytes) {
      fail(fmt::format("an instance of {} has {} bytes, its class says {}", a_class->name,
                       header[2], a_class->data_bytes));
    }
    add_instance(header[0], *a_class, waiting_.data() + at);
    at += header[2];
  }
  waiting_.release();
}

/// What the dump does not say. Arrays of references show how long a reference is: objects do not
/// overlap, and mostly lie side by side.
SizeModel Builder::find_model(const AddressIndex& index) const {
  SizeModel model;
  std::uint64_t all = 0;
  bool is_short = false, is_long = false;
  const auto nodes = index.by_address();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    all |= ids_[nodes[i]];
    if (i + 1 == nodes.size() || snapshot_.type(nodes[i]) != NodeType::array) continue;
    const std::uint64_t length = snapshot_.self_sizes_[nodes[i]];
    const std::uint64_t distance = ids_[nodes[i + 1]] - ids_[nodes[i]];
    if (length >= 3 && distance < 16 + 8 * length) is_short = true;
    if (length >= 3 && distance == model.aligned(16 + 8 * length)) is_long = true;
  }
  constexpr std::size_t enough = 1000;
  if (all % 16 == 0 && nodes.size() >= enough) model.alignment = 16;
  if (input_.id_bytes == 4) {
    model.header = 8;
    model.array_header = 12;
  } else if (is_long && !is_short) {
    model.reference = 8;
  }
  return model;
}

void Builder::set_size(NodeIndex node, std::uint64_t size) {
  if (size >= Snapshot::big_size) {
    snapshot_.big_sizes_.emplace_back(node, size);
    size = Snapshot::big_size;
  }
  snapshot_.self_sizes_[node] = static_cast<std::uint32_t>(size);
}

void Builder::set_class_sizes(const SizeModel& model) {
  std::uint64_t mirror = model.aligned(model.header);
  for (JavaClass& a_class : classes_.all()) {
    const bool is_class = a_class.name == "java.lang.Class";
    if (a_class.planned || is_class) {
      const std::vector<const JavaClass*> chain = classes_.chain(a_class);
      a_class.instance_size = chain.empty() ? 0 : instance_size(model, chain);
    }
    if (is_class) mirror = std::max(mirror, a_class.instance_size);
    if (a_class.name.empty())
      a_class.name_index = fixed_name(fmt::format("(class {:#x})", a_class.id));
  }
  for (const JavaClass& a_class : classes_.all()) {
    if (!a_class.dumped) continue;
    const std::uint64_t statics =
        a_class.static_bytes + std::uint64_t{a_class.static_references} * model.reference;
    snapshot_.names_[a_class.node] = a_class.name_index;
    set_size(a_class.node, model.aligned(mirror + statics));
  }
}

void Builder::set_sizes(const SizeModel& model) {
  snapshot_.reference_bytes_ = model.reference;
  set_class_sizes(model);
  for (NodeIndex node = 0; node < ids_.size(); ++node) {
    const std::uint64_t length = snapshot_.self_sizes_[node];
    switch (snapshot_.type(node)) {
      case NodeType::object: {
        const JavaClass& a_class = classes_[snapshot_.names_[node]];
        snapshot_.names_[node] = a_class.name_index;
        set_size(node, a_class.instance_size);
        break;
      }
      case NodeType::string:
        set_size(node, classes_[static_cast<std::uint32_t>(length)].instance_size);
        break;
      case NodeType::array:
        snapshot_.names_[node] = classes_[snapshot_.names_[node]].name_index;
        set_size(node, model.aligned(model.array_header + length * model.reference));
        break;
      case NodeType::native: {
        const JavaType type{
            static_cast<std::uint8_t>((snapshot_.types_[node] >> 5) + first_primitive)};
        set_size(node, model.aligned(model.array_header + length * bytes_of(type, 8)));
        break;
      }
      default:
        break;
    }
  }
}

/// The texts of strings, each kept once; then arrays of primitives get the names of their types.
void Builder::find_texts() {
  constexpr std::size_t encodings = 3;
  BigArray<std::uint32_t> text_of(encodings * contents_.size());
  const auto text_slot = [&](NodeIndex node) -> std::uint32_t* {
    if (snapshot_.first_edges_[node] == snapshot_.first_edges_[node + 1]) return nullptr;
    const std::uint32_t word = snapshot_.edge_words_[snapshot_.first_edges_[node + 1] - 1];
    const NodeIndex array = word & Snapshot::target_mask;
    if (array >= ids_.size() || snapshot_.type(array) != NodeType::native) return nullptr;
    const auto type = JavaType((snapshot_.types_[array] >> 5) + first_primitive);
    if (type != JavaType::byte && type != JavaType::character) return nullptr;
    const bool latin1 = snapshot_.names_[node] == 0;
    const TextEncoding encoding = type == JavaType::character ? TextEncoding::utf16_big
                                  : latin1                    ? TextEncoding::latin1
                                                              : TextEncoding::utf16_little;
    const std::size_t slot =
        encodings * snapshot_.names_[array] + static_cast<std::size_t>(encoding);
    return slot < text_of.size() ? &text_of[slot] : nullptr;
  };
  for (NodeIndex node = 0; node < ids_.size(); ++node) {
    if (snapshot_.type(node) != NodeType::string) continue;
    if (std::uint32_t* const text = text_slot(node)) *text = 1;
  }
  contents_.for_each([&](std::uint32_t number, std::string_view bytes) {
    for (std::size_t encoding = 0; encoding < encodings; ++encoding) {
      std::uint32_t& text = text_of[encodings * number + encoding];
      if (text != 0) text = strings_.add(decode(bytes, TextEncoding(encoding)));
    }
  });
  for (NodeIndex node = 0; node < ids_.size(); ++node) {
    if (snapshot_.type(node) != NodeType::string) continue;
    const std::uint32_t* const text = text_slot(node);
    snapshot_.names_[node] = text == nullptr ? fixed_name("") : *text;
  }
  std::uint32_t array_names[8];
  for (std::uint8_t type = 0; type < 8; ++type) {
    array_names[type] =
        fixed_name(fmt::format("{}[]", to_string(JavaType(type + first_primitive))));
  }
  for (NodeIndex node = 0; node < ids_.size(); ++node) {
    if (snapshot_.type(node) != NodeType::native) continue;
    snapshot_.names_[node] = array_names[snapshot_.types_[node] >> 5];
    snapshot_.types_[node] = static_cast<std::uint8_t>(NodeType::array);
  }
}

}  // namespace heaplab::inspector::hprof
