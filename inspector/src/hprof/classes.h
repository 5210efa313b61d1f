// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "heaplab/inspector/graph.h"

namespace heaplab::inspector::hprof {

/// The types of fields and arrays, by the numbers a dump has for them.
enum class JavaType : std::uint8_t {
  object = 2,
  boolean = 4,
  character = 5,
  single = 6,
  twice = 7,
  byte = 8,
  short_integer = 9,
  integer = 10,
  long_integer = 11
};
constexpr bool is_java_type(std::uint8_t type) { return type == 2 || (type >= 4 && type <= 11); }
/// "int"
std::string_view to_string(JavaType type);
/// Bytes in a dump.
unsigned bytes_of(JavaType type, unsigned id_bytes);

/// "java.util.HashMap" of "java/util/HashMap", "int[]" of "[I".
std::string class_name_of(std::string_view internal_name);
/// UTF-8 of what a class file calls that: two bytes for zero, surrogates in three bytes each.
std::string from_modified_utf8(std::string_view text);

/// Appends a character.
void append_utf8(std::string& text, std::uint32_t code);

struct Field {
  std::uint32_t name;  ///< a string's number
  JavaType type;
};

/// A reference in an object's data.
struct ReferenceField {
  std::uint32_t offset;
  std::uint32_t name;
  EdgeKind kind;
};

struct JavaClass {
  std::uint64_t id = 0;
  std::uint64_t super = 0, loader = 0;
  std::string name;
  std::uint32_t name_index = 0;  ///< a string's number
  bool dumped = false;
  NodeIndex node = no_node;
  std::vector<Field> fields;       ///< its own
  std::uint64_t static_bytes = 0;  ///< in a heap with references of 4 and of 8 bytes, below
  std::uint32_t static_references = 0;

  /// Made when the first instance is met.
  bool planned = false;
  std::uint32_t data_bytes = 0;            ///< of an instance in the dump
  std::vector<ReferenceField> references;  ///< in the order of an instance's data
  std::uint32_t coder_offset = no_coder;   ///< of a string: how its text is encoded
  bool is_string = false;
  bool is_thread = false;
  std::uint64_t instance_size = 0;  ///< in the heap; set at the end
  static constexpr std::uint32_t no_coder = 0xffff'ffff;
};

/// Classes by their ids.
class ClassTable {
 public:
  /// Made if there is none yet.
  JavaClass& at(std::uint64_t id);
  /// Null if there is none.
  JavaClass* find(std::uint64_t id) {
    const auto found = numbers_.find(id);
    return found == numbers_.end() ? nullptr : &classes_[found->second];
  }
  std::uint32_t number(const JavaClass& a_class) const {
    return static_cast<std::uint32_t>(&a_class - classes_.data());
  }
  JavaClass& operator[](std::uint32_t number) { return classes_[number]; }
  std::span<JavaClass> all() { return classes_; }

  /// The class and those it derives from, itself first; empty if one of them is not in the file
  /// (yet), or if they go in a circle.
  std::vector<const JavaClass*> chain(const JavaClass& a_class) const;

 private:
  std::vector<JavaClass> classes_;
  std::unordered_map<std::uint64_t, std::uint32_t> numbers_;
};

/// How HotSpot lays out objects.
struct SizeModel {
  unsigned reference = 4;  ///< bytes of one
  unsigned header = 12;    ///< of an object
  unsigned array_header = 16;
  unsigned alignment = 8;
  std::uint64_t aligned(std::uint64_t bytes) const {
    return (bytes + alignment - 1) / alignment * alignment;
  }
};
/// Bytes of an instance: fields by size, in the first gap that fits, as HotSpot does since JDK 15.
/// With the fields that HotSpot adds to some classes of its own.
std::uint64_t instance_size(const SizeModel& model, std::span<const JavaClass* const> chain);

}  // namespace heaplab::inspector::hprof
