// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace heaplab::inspector::test {

/// Writes the bytes of a Java heap dump, record by record.
class HprofFile {
 public:
  explicit HprofFile(unsigned id_bytes = 8, std::uint64_t time = 1000) : id_bytes_(id_bytes) {
    text_ = std::string("JAVA PROFILE 1.0.2") + '\0';
    number(text_, id_bytes, 4);
    number(text_, time, 8);
  }

  // Types of fields.
  static constexpr std::uint8_t object = 2, character = 5, byte = 8, integer = 10, twice = 7;
  struct Field {
    std::uint64_t name;
    std::uint8_t type;
    std::uint64_t value = 0;  ///< of static ones
  };

  HprofFile& text(std::uint64_t id, std::string_view text) {
    std::string body;
    ref(body, id);
    return record(0x01, body + std::string(text));
  }
  HprofFile& load_class(std::uint32_t serial, std::uint64_t id, std::uint64_t name) {
    std::string body;
    number(body, serial, 4);
    ref(body, id);
    number(body, 0, 4);
    ref(body, name);
    return record(0x02, body);
  }
  HprofFile& frame(std::uint64_t id, std::uint64_t method, std::uint64_t file, std::uint32_t serial,
                   std::uint32_t line) {
    std::string body;
    for (const std::uint64_t part : {id, method, std::uint64_t{0}, file}) ref(body, part);
    number(body, serial, 4);
    number(body, line, 4);
    return record(0x04, body);
  }
  HprofFile& trace(std::uint32_t serial, const std::vector<std::uint64_t>& frames) {
    std::string body;
    number(body, serial, 4);
    number(body, 1, 4);
    number(body, frames.size(), 4);
    for (const std::uint64_t each : frames) ref(body, each);
    return record(0x05, body);
  }
  HprofFile& record(std::uint8_t tag, const std::string& body) {
    text_ += static_cast<char>(tag);
    number(text_, 0, 4);
    number(text_, body.size(), 4);
    text_ += body;
    return *this;
  }

  // Records of the heap: gathered until `segment`.
  HprofFile& class_dump(std::uint64_t id, std::uint64_t super, std::uint64_t loader,
                        const std::vector<Field>& statics, const std::vector<Field>& fields) {
    start(0x20, id);
    number(heap_, 0, 4);
    for (const std::uint64_t part : {super, loader}) ref(heap_, part);
    for (int i = 0; i < 4; ++i) ref(heap_, 0);
    number(heap_, 0, 4);
    number(heap_, 0, 2);
    number(heap_, statics.size(), 2);
    for (const Field& field : statics) {
      ref(heap_, field.name);
      heap_ += static_cast<char>(field.type);
      value(heap_, field.type, field.value);
    }
    number(heap_, fields.size(), 2);
    for (const Field& field : fields) {
      ref(heap_, field.name);
      heap_ += static_cast<char>(field.type);
    }
    return *this;
  }
  struct Value {
    std::uint8_t type;
    std::uint64_t value;
  };
  HprofFile& instance(std::uint64_t id, std::uint64_t of, const std::vector<Value>& values) {
    start(0x21, id);
    number(heap_, 0, 4);
    ref(heap_, of);
    std::string data;
    for (const Value& each : values) value(data, each.type, each.value);
    number(heap_, data.size(), 4);
    heap_ += data;
    return *this;
  }
  HprofFile& object_array(std::uint64_t id, std::uint64_t of,
                          const std::vector<std::uint64_t>& elements) {
    start(0x22, id);
    number(heap_, 0, 4);
    number(heap_, elements.size(), 4);
    ref(heap_, of);
    for (const std::uint64_t element : elements) ref(heap_, element);
    return *this;
  }
  /// `data` as it is in the file; `length` elements.
  HprofFile& primitive_array(std::uint64_t id, std::uint8_t type, std::size_t length,
                             std::string_view data) {
    start(0x23, id);
    number(heap_, 0, 4);
    number(heap_, length, 4);
    heap_ += static_cast<char>(type);
    heap_ += data;
    return *this;
  }
  HprofFile& bytes(std::uint64_t id, std::string_view data) {
    return primitive_array(id, byte, data.size(), data);
  }
  HprofFile& root(std::uint8_t tag, std::uint64_t id, const std::vector<std::uint32_t>& rest = {}) {
    start(tag, id);
    for (const std::uint32_t word : rest) number(heap_, word, 4);
    return *this;
  }
  HprofFile& jni_global(std::uint64_t id) {
    start(0x01, id);
    ref(heap_, 0);
    return *this;
  }
  HprofFile& raw(std::string_view bytes) {
    heap_ += bytes;
    return *this;
  }
  HprofFile& segment() {
    record(0x1C, heap_);
    heap_.clear();
    return *this;
  }
  const std::string& str() const { return text_; }

 private:
  static void number(std::string& to, std::uint64_t value, unsigned bytes) {
    while (bytes-- > 0) to += static_cast<char>(value >> (8 * bytes));
  }
  void ref(std::string& to, std::uint64_t id) const { number(to, id, id_bytes_); }
  void value(std::string& to, std::uint8_t type, std::uint64_t value) const {
    constexpr unsigned sizes[] = {0, 0, 0, 0, 1, 2, 4, 8, 1, 2, 4, 8};
    number(to, value, type == object ? id_bytes_ : sizes[type]);
  }
  void start(std::uint8_t tag, std::uint64_t id) {
    heap_ += static_cast<char>(tag);
    ref(heap_, id);
  }

  unsigned id_bytes_;
  std::string text_, heap_;
};

/// A shop with everything a heap can have: classes, texts in all encodings, a weak reference, a
/// list of links, a thread with a frame, all kinds of roots.
HprofFile shop_dump(unsigned id_bytes, std::uint64_t base, bool instances_first);

}  // namespace heaplab::inspector::test
