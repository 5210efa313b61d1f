// SPDX-License-Identifier: MIT
#include "garcosim.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <vector>

#include "fields.h"
#include "heaplab/support/text.h"
#include "pointer_map.h"
#include "text_lines.h"

namespace heaplab::trace {
namespace {

constexpr std::uint64_t most_objects = std::uint64_t{1} << 32;
constexpr std::uint64_t most_slots = std::uint64_t{1} << 28;
constexpr std::uint64_t most_object_bytes = std::uint64_t{1} << 47;
constexpr std::size_t most_classes = std::size_t{1} << 20;
constexpr std::size_t most_threads = std::size_t{1} << 20;

bool is_operation(char c) { return std::string_view("a+-wcrs").find(c) != std::string_view::npos; }

class GarCoSimReader {
 public:
  GarCoSimReader(TextLines& lines, Tables& tables, RecordingVisitor& visitor)
      : lines_(lines), tables_(tables), visitor_(visitor) {}

  void read() {
    while (lines_.next()) {
      for (const char* place = lines_.begin(); place != lines_.end();) {
        const std::string_view line = line_at(place, lines_.end());
        place_ = place;
        read_line(line);
        place += line.size() + 1;
      }
      visitor_.on_block(lines_.file_offset());
    }
    flush_roots();
  }

  std::uint64_t objects() const { return objects_; }
  std::uint64_t adopted() const { return adopted_; }
  std::uint64_t clock() const { return clock_; }
  std::uint64_t static_areas() const { return areas_.size(); }
  std::uint64_t accesses() const { return accesses_; }
  std::uint64_t lost_roots() const { return lost_roots_; }

 private:
  void read_line(std::string_view line) {
    const Fields fields(line);
    if (fields.size() == 0) return;
    const char operation = fields[0].size() == 1 ? fields[0][0] : ' ';
    if (!is_operation(operation)) fail("no line of a GarCoSim trace: unknown operation");
    fields_ = &fields;
    const bool is_root = operation == '+' || operation == '-';
    if (!is_root) flush_roots();
    switch_thread(number('T'));
    switch (operation) {
      case 'a':
        return allocate(number('O'), number('S'), number('C'));
      case '+':
      case '-':
        return change_root(object(number('O')), operation == '+');
      case 'w':
        return write(object(number('P')), number('#'), number('O'));
      case 'c':
        return write(static_area(number('C')), number('F'), number('O'));
      default:
        ++accesses_;  // reads and stores of numbers: no edge changes
    }
  }

  [[noreturn]] void fail(const std::string& message) const { lines_.fail(place_, message); }

  /// The field with this letter.
  std::uint64_t number(char letter) const {
    for (std::size_t i = 1; i < fields_->size(); ++i) {
      const std::string_view word = (*fields_)[i];
      if (word.empty() || word[0] != letter) continue;
      const auto value = parse_number(word.substr(1));
      if (!value) fail(fmt::format("{} is no number", printable(word)));
      return *value;
    }
    fail(fmt::format("the operation has no {}", letter));
  }

  void switch_thread(std::uint64_t name) {
    if (thread_ != 0 && name == thread_name_) return;
    flush_roots();
    const auto [entry, added] =
        threads_.try_emplace(name, static_cast<ThreadId>(tables_.threads.size()));
    if (added) {
      if (threads_.size() > most_threads) fail("more threads than any program has");
      tables_.threads.push_back({string(std::to_string(name)), 0});
    }
    thread_name_ = name;
    thread_ = entry->second;
    visitor_.on_thread(thread_);
  }

  StringId string(std::string text) {
    tables_.strings.push_back(std::move(text));
    return static_cast<StringId>(tables_.strings.size() - 1);
  }

  TypeIndex type(std::uint64_t number) {
    const auto [entry, added] = types_.try_emplace(number, 0);
    if (!added) return entry->second;
    if (types_.size() > most_classes) fail("more classes than any program has");
    if (object_string_ == 0) object_string_ = string("object");
    tables_.types.push_back({string(fmt::format("class {}", number)), object_string_});
    return entry->second = static_cast<TypeIndex>(tables_.types.size() - 1);
  }

  ObjectId announce(std::uint64_t bytes, std::uint64_t of_class, bool adopted) {
    if (objects_ + 1 >= most_objects) fail("more objects than this reader can number");
    if (bytes > most_object_bytes) fail("an object of more bytes than any memory has");
    Allocation allocation;
    allocation.id = ++objects_;
    allocation.type = type(of_class);
    allocation.bytes = bytes;
    allocation.clock = clock_;
    allocation.adopted = adopted;
    adopted_ += adopted;
    if (clock_ > std::numeric_limits<std::uint64_t>::max() - bytes) fail("too many bytes in all");
    clock_ += bytes;
    visitor_.on_allocation(allocation);
    return allocation.id;
  }

  void allocate(std::uint64_t name, std::uint64_t bytes, std::uint64_t of_class) {
    if (known(name) != 0) fail(fmt::format("the object {} is allocated twice", name));
    names_.put(name << 4, announce(bytes, of_class, false));
  }

  /// PointerMap can only take, not look.
  ObjectId known(std::uint64_t name) {
    if (name >> 60 != 0) fail("an object's number is too large");
    const ObjectId id = names_.take(name << 4);
    if (id != 0) names_.put(name << 4, id);
    return id;
  }

  /// 0 is null.
  ObjectId object(std::uint64_t name) {
    if (name == 0) return 0;
    const ObjectId id = known(name);
    if (id == 0) fail(fmt::format("the object {} was never allocated", name));
    return id;
  }

  ObjectId static_area(std::uint64_t of_class) {
    const auto [entry, added] = areas_.try_emplace(of_class, 0);
    if (added) {
      entry->second = announce(0, of_class, true);
      change_root(entry->second, true);
      flush_roots();
    }
    return entry->second;
  }

  void write(ObjectId host, std::uint64_t slot, std::uint64_t value_name) {
    if (host == 0) fail("a write into no object");
    if (slot >= most_slots) fail("a slot's number is too large");
    PointerWrite write;
    write.host = host;
    write.slot.index = static_cast<std::uint32_t>(slot);
    write.new_value = object(value_name);
    const std::uint64_t key = (host << 28 | slot) << 4;
    write.old_value = write.new_value != 0 ? values_.put(key, write.new_value) : values_.take(key);
    visitor_.on_write(write);
  }

  /// A thread may have an object on its stack several times.
  void change_root(ObjectId id, bool is_added) {
    if (id == 0) fail("no object is no root");
    const std::uint64_t key = std::uint64_t{thread_} << 40 | id;
    if (is_added) {
      if (++root_counts_[key] == 1) note_root(id, true);
      return;
    }
    const auto count = root_counts_.find(key);
    if (count == root_counts_.end()) {
      ++lost_roots_;
      return;
    }
    if (--count->second > 0) return;
    root_counts_.erase(count);
    note_root(id, false);
  }

  void note_root(ObjectId id, bool is_added) {
    // What comes and goes at once never was.
    auto& opposite = is_added ? removed_ : added_;
    const auto found = std::find(opposite.begin(), opposite.end(), id);
    if (found != opposite.end()) {
      opposite.erase(found);
    } else {
      (is_added ? added_ : removed_).push_back(id);
    }
    constexpr std::size_t at_once = 64;
    if (added_.size() + removed_.size() >= at_once) flush_roots();
  }

  void flush_roots() {
    if (added_.empty() && removed_.empty()) return;
    visitor_.on_roots({removed_, added_});
    added_.clear();
    removed_.clear();
  }

  TextLines& lines_;
  Tables& tables_;
  RecordingVisitor& visitor_;
  const char* place_ = nullptr;
  const Fields* fields_ = nullptr;

  std::uint64_t thread_name_ = 0;
  ThreadId thread_ = 0;
  StringId object_string_ = 0;
  std::unordered_map<std::uint64_t, ThreadId> threads_;
  std::unordered_map<std::uint64_t, TypeIndex> types_;
  std::unordered_map<std::uint64_t, ObjectId> areas_;  ///< by class
  PointerMap<ObjectId> names_;
  PointerMap<ObjectId> values_;  ///< of slots that are not null
  std::unordered_map<std::uint64_t, std::uint32_t> root_counts_;
  std::vector<ObjectId> added_, removed_;
  ObjectId objects_ = 0;
  std::uint64_t adopted_ = 0;
  std::uint64_t clock_ = 0, accesses_ = 0, lost_roots_ = 0;
};

}  // namespace

bool is_garcosim(std::string_view line) {
  const Fields fields(line);
  return fields.size() >= 3 && fields[0].size() == 1 && is_operation(fields[0][0]) &&
         fields[1].starts_with('T') && parse_number(fields[1].substr(1)).has_value();
}

Extent GarCoSimSource::read(RecordingVisitor& visitor) {
  tables_ = Tables();
  info_ = {{"recorder", "GarCoSim"}, {"writes", "all"}, {"roots", "1"}, {"times", "none"}};
  info_["classes"] = "by number: the trace has no names";
  TextLines lines(path());
  GarCoSimReader reader(lines, tables_, visitor);
  reader.read();
  if (reader.static_areas() > 0) {
    info_["static areas"] = fmt::format(
        "{}, objects of size 0 that are always roots (their sizes are not in the trace)",
        reader.static_areas());
  }
  if (reader.lost_roots() > 0) {
    info_["unknown roots"] =
        fmt::format("{} were removed that nobody had added", reader.lost_roots());
  }
  info_["reads and stores"] = std::to_string(reader.accesses());
  Extent extent = lines.extent();
  extent.clock = reader.clock();
  extent.objects = reader.objects();
  extent.adopted = reader.adopted();
  return extent;
}

}  // namespace heaplab::trace
