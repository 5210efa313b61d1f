// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "contexts.h"
#include "cursor.h"
#include "heaplab/trace/format.h"
#include "heaplab/trace/records.h"

namespace heaplab::trace {

inline constexpr auto any64 = std::numeric_limits<std::uint64_t>::max();
inline constexpr auto any32 = std::numeric_limits<std::uint32_t>::max();

/// The records that fill the tables, and the numbers that lead into them.
class TableDecoder {
 public:
  using Info = std::map<std::string, std::string>;
  TableDecoder(Tables& tables, Info& info) : tables_(tables), info_(info) {}

  /// False if `op` is no record of tables.
  bool decode(Op op, Cursor& in);

  StringId string_id(Cursor& in) const {
    return in.in_range32("string number", 0, static_cast<StringId>(tables_.strings.size() - 1));
  }
  TypeIndex type_index(Cursor& in) const {
    return in.in_range32("type number", 0, static_cast<TypeIndex>(tables_.types.size() - 1));
  }
  StackId stack_id(Cursor& in) const {
    return in.in_range32("stack number", 0, static_cast<StackId>(tables_.stacks.size() - 1));
  }
  ThreadId thread_id(Cursor& in) const {
    return in.in_range32("thread", 0, static_cast<ThreadId>(tables_.threads.size() - 1));
  }
  /// A number of the class table; or 0, and the class itself.
  AllocationClass allocation_class(Cursor& in) const {
    const std::uint64_t number = in.in_range("class number", 0, classes_.size() - 1);
    return number != 0 ? classes_[number] : spelled_class(in);
  }
  std::size_t strings() const { return tables_.strings.size(); }

 private:
  AllocationClass spelled_class(Cursor& in) const;
  void info(Cursor& in);
  void string(Cursor& in);
  void type(Cursor& in);
  void frame(Cursor& in);
  void stack(Cursor& in);
  void thread(Cursor& in);
  void new_class(Cursor& in);

  Tables& tables_;
  Info& info_;
  std::vector<AllocationClass> classes_{AllocationClass()};
  std::uint64_t string_bytes_ = 0;
};

}  // namespace heaplab::trace
