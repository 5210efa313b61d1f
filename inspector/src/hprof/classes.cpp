// SPDX-License-Identifier: MIT
#include "hprof/classes.h"

#include <fmt/format.h>

#include <algorithm>

namespace heaplab::inspector::hprof {

std::string_view to_string(JavaType type) {
  constexpr std::string_view names[] = {"object", "?",    "boolean", "char", "float",
                                        "double", "byte", "short",   "int",  "long"};
  return names[static_cast<std::size_t>(type) - 2];
}

unsigned bytes_of(JavaType type, unsigned id_bytes) {
  constexpr unsigned bytes[] = {0, 0, 1, 2, 4, 8, 1, 2, 4, 8};
  return type == JavaType::object ? id_bytes : bytes[static_cast<std::size_t>(type) - 2];
}

namespace {

/// The type a descriptor's letter stands for; "" if it is none.
std::string_view primitive_called(char letter) {
  constexpr std::string_view letters = "ZCFDBSIJ";
  const std::size_t at = letters.find(letter);
  return at == std::string_view::npos ? std::string_view() : to_string(JavaType(at + 4));
}

}  // namespace

void append_utf8(std::string& text, std::uint32_t code) {
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | code >> 6);
    text += static_cast<char>(0x80 | (code & 63));
  } else if (code < 0x10000) {
    text += static_cast<char>(0xE0 | code >> 12);
    text += static_cast<char>(0x80 | (code >> 6 & 63));
    text += static_cast<char>(0x80 | (code & 63));
  } else {
    text += static_cast<char>(0xF0 | code >> 18);
    text += static_cast<char>(0x80 | (code >> 12 & 63));
    text += static_cast<char>(0x80 | (code >> 6 & 63));
    text += static_cast<char>(0x80 | (code & 63));
  }
}

std::string class_name_of(std::string_view internal_name) {
  std::size_t dimensions = 0;
  while (dimensions < internal_name.size() && internal_name[dimensions] == '[') ++dimensions;
  std::string_view element = internal_name.substr(dimensions);
  std::string name;
  if (dimensions > 0 && element.size() == 1 && !primitive_called(element[0]).empty()) {
    name = primitive_called(element[0]);
  } else {
    if (dimensions > 0 && element.starts_with('L') && element.ends_with(';')) {
      element = element.substr(1, element.size() - 2);
    }
    name = element;
    // A hidden class has an address behind its name; Java shows it after a slash.
    const std::size_t suffix = std::max(name.rfind("/0x") + 1, name.rfind("+0x") + 1) - 1;
    std::replace(name.begin(), name.end(), '/', '.');
    if (suffix != std::string::npos) name[suffix] = '/';
  }
  for (std::size_t i = 0; i < std::min<std::size_t>(dimensions, 255); ++i) name += "[]";
  return name;
}

std::string from_modified_utf8(std::string_view text) {
  if (std::all_of(text.begin(), text.end(), [](char c) { return c > 0; })) return std::string(text);
  std::string result;
  const auto three = [&](std::size_t at) -> std::uint32_t {
    if (at + 2 >= text.size()) return 0;
    const auto a = static_cast<unsigned char>(text[at]);
    const auto b = static_cast<unsigned char>(text[at + 1]);
    const auto c = static_cast<unsigned char>(text[at + 2]);
    if ((a & 0xF0) != 0xE0 || (b & 0xC0) != 0x80 || (c & 0xC0) != 0x80) return 0;
    return (a & 15U) << 12 | (b & 63U) << 6 | (c & 63U);
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::uint32_t high = three(i);
    if (high >= 0xD800 && high < 0xDC00) {
      const std::uint32_t low = three(i + 3);
      if (low >= 0xDC00 && low < 0xE000) {
        append_utf8(result, 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
        i += 5;
        continue;
      }
    }
    const bool zero = text[i] == '\xC0' && i + 1 < text.size() && text[i + 1] == '\x80';
    result += zero ? '\0' : text[i];
    i += zero;
  }
  return result;
}

JavaClass& ClassTable::at(std::uint64_t id) {
  const auto [entry, added] = numbers_.try_emplace(id, static_cast<std::uint32_t>(classes_.size()));
  if (added) {
    classes_.emplace_back();
    classes_.back().id = id;
  }
  return classes_[entry->second];
}

std::vector<const JavaClass*> ClassTable::chain(const JavaClass& a_class) const {
  constexpr std::size_t longest = 1000;
  std::vector<const JavaClass*> result;
  const JavaClass* next = &a_class;
  while (next->dumped && result.size() < longest) {
    result.push_back(next);
    if (next->super == 0) return result;
    const auto found = numbers_.find(next->super);
    if (found == numbers_.end()) return {};
    next = &classes_[found->second];
  }
  return {};
}

namespace {

/// Fields that HotSpot adds to instances of classes it knows; no dump shows them.
struct Injected {
  std::string_view of;
  unsigned words, integers, shorts, references;  ///< of 8, 4, 2 bytes, and references
};
constexpr Injected injected[] = {
    {"java.lang.Class", 2, 2, 0, 3},
    {"java.lang.ClassLoader", 1, 0, 0, 0},
    {"java.lang.Module", 1, 0, 0, 0},
    {"java.lang.invoke.MemberName", 1, 0, 0, 0},
    {"java.lang.invoke.ResolvedMethodName", 1, 0, 0, 1},
    {"java.lang.invoke.MethodHandleNatives$CallSiteContext", 2, 0, 0, 0},
    {"java.lang.StackFrameInfo", 0, 0, 1, 0},
};

/// Fields that HotSpot keeps away from all others by 128 bytes on both sides (@Contended): so many
/// of 8 and 4 bytes.
struct Contended {
  std::string_view of;
  unsigned words, integers;
};
constexpr Contended contended[] = {
    {"java.lang.Thread", 1, 2},
    {"java.util.concurrent.ConcurrentHashMap$CounterCell", 1, 0},
    {"java.util.concurrent.atomic.Striped64$Cell", 1, 0},
};

/// Where the next field of an object goes.
class Layout {
 public:
  explicit Layout(unsigned header) : end_(header) {}

  /// In the smallest gap it fits (of equal ones the last), else at the end.
  void add(unsigned bytes) {
    std::size_t best = gaps_.size();
    for (std::size_t i = 0; i < gaps_.size(); ++i) {
      if (up(gaps_[i].start, bytes) + bytes > gaps_[i].end) continue;
      if (best == gaps_.size() || gaps_[i].size() <= gaps_[best].size()) best = i;
    }
    if (best == gaps_.size()) {
      add_gap(best, {end_, up(end_, bytes)});
      end_ = up(end_, bytes) + bytes;
      return;
    }
    const Gap gap = gaps_[best];
    gaps_.erase(gaps_.begin() + static_cast<std::ptrdiff_t>(best));
    const std::uint64_t at = up(gap.start, bytes);
    add_gap(best, {at + bytes, gap.end});
    add_gap(best, {gap.start, at});
  }
  /// At the end, between paddings; nothing goes into what is free before it any more.
  void add_apart(unsigned bytes) {
    constexpr std::uint64_t padding = 128;
    gaps_.clear();
    end_ = up(end_, 8) + padding + bytes + padding;
  }
  std::uint64_t end() const { return end_; }

 private:
  struct Gap {
    std::uint64_t start, end;
    std::uint64_t size() const { return end - start; }
  };
  static std::uint64_t up(std::uint64_t at, unsigned bytes) {
    return (at + bytes - 1) / bytes * bytes;
  }
  void add_gap(std::size_t place, const Gap& gap) {
    if (gap.size() > 0) gaps_.insert(gaps_.begin() + static_cast<std::ptrdiff_t>(place), gap);
  }

  std::vector<Gap> gaps_;  ///< ascending
  std::uint64_t end_;
};

void add_fields(const SizeModel& model, const JavaClass& a_class, Layout& layout) {
  std::vector<unsigned> values;
  std::size_t references = 0;
  for (const Field& field : a_class.fields) {
    if (field.type == JavaType::object) {
      ++references;
    } else {
      values.push_back(bytes_of(field.type, 8));
    }
  }
  for (const Injected& extra : injected) {
    if (a_class.name != extra.of) continue;
    values.insert(values.end(), extra.words, 8);
    values.insert(values.end(), extra.integers, 4);
    values.insert(values.end(), extra.shorts, 2);
    references += extra.references;
  }
  unsigned apart = 0;
  const auto set_apart = [&](unsigned bytes, unsigned count) {
    for (; count > 0; --count) {
      const auto found = std::find(values.begin(), values.end(), bytes);
      if (found == values.end()) return;
      values.erase(found);
      apart += bytes;
    }
  };
  for (const Contended& fields : contended) {
    if (a_class.name != fields.of) continue;
    set_apart(8, fields.words);
    set_apart(4, fields.integers);
  }
  std::sort(values.rbegin(), values.rend());
  for (const unsigned bytes : values) layout.add(bytes);
  for (std::size_t i = 0; i < references; ++i) layout.add(model.reference);
  if (apart > 0) layout.add_apart(apart);
}

}  // namespace

std::uint64_t instance_size(const SizeModel& model, std::span<const JavaClass* const> chain) {
  Layout layout(model.header);
  for (std::size_t i = chain.size(); i-- > 0;) add_fields(model, *chain[i], layout);
  return model.aligned(layout.end());
}

}  // namespace heaplab::inspector::hprof
