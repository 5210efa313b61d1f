// SPDX-License-Identifier: MIT
#include "elephant_tracks.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <unordered_map>

#include "fields.h"
#include "heaplab/support/text.h"
#include "pointer_map.h"
#include "table_builder.h"
#include "text_lines.h"

namespace heaplab::trace {
namespace {

constexpr std::uint64_t most_object_bytes = std::uint64_t{1} << 47;
constexpr std::uint64_t most_objects = std::uint64_t{1} << 32;
constexpr std::uint64_t most_slots = std::uint64_t{1} << 28;
constexpr std::size_t most_names = std::size_t{1} << 20;
/// Deeper calls are counted with the call at this depth.
constexpr std::size_t deepest_stack = 200;
constexpr std::size_t most_stacks = std::size_t{1} << 22;

struct DialectName {
  std::string_view name;
  ElephantDialect dialect;
};
constexpr DialectName dialect_names[] = {{"et3", ElephantDialect::version_3},
                                         {"et3-receiver-first", ElephantDialect::receiver_first},
                                         {"et2", ElephantDialect::version_2},
                                         {"et1", ElephantDialect::version_1}};

/// Names by number, from a file beside the trace: "12,java/lang/String" or "12 java/lang/String".
using NameList = std::unordered_map<std::string, std::string>;

NameList read_names(const std::filesystem::path& path) {
  NameList names;
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return names;
  TextLines lines(path.string());
  while (lines.next()) {
    for (const char* place = lines.begin(); place != lines.end();) {
      const std::string_view line = line_at(place, lines.end());
      place += line.size() + 1;
      const std::size_t end = line.find_first_of(", \t");
      if (end == std::string_view::npos || names.size() == most_names) continue;
      std::string_view name = line.substr(end + 1);
      name = name.substr(0, name.find_first_of(", \t\r"));
      names.emplace(line.substr(0, end), name);
    }
  }
  return names;
}

class ElephantReader {
 public:
  ElephantReader(TextLines& lines, Tables& tables, RecordingVisitor& visitor,
                 std::optional<ElephantDialect> dialect)
      : lines_(lines), tables_(tables), builder_(tables), visitor_(visitor), dialect_(dialect) {
    const auto folder = std::filesystem::path(lines.path()).parent_path();
    classes_ = read_names(folder / "class_list");
    methods_ = read_names(folder / "method_list");
  }

  void read() {
    while (lines_.next()) {
      for (const char* place = lines_.begin(); place != lines_.end();) {
        const std::string_view line = line_at(place, lines_.end());
        place_ = place;
        read_line(Fields(line));
        place += line.size() + 1;
      }
      visitor_.on_block(lines_.file_offset());
    }
  }

  std::uint64_t objects() const { return objects_; }
  std::uint64_t adopted() const { return adopted_; }
  std::uint64_t clock() const { return clock_; }
  std::uint64_t collisions() const { return collisions_; }
  std::uint64_t unknown() const { return unknown_; }
  bool has_names() const { return !classes_.empty() || !methods_.empty(); }
  /// What updates were taken for; version 3 as long as there is none.
  ElephantDialect dialect() const { return dialect_.value_or(ElephantDialect::version_3); }

 private:
  void read_line(const Fields& fields) {
    if (fields.size() == 0) return;
    fields_ = &fields;
    switch (fields[0].size() == 1 ? fields[0][0] : ' ') {
      case 'N':  // an object; A: an array; the others: by the virtual machine, before the trace
      case 'A':
      case 'I':
      case 'P':
      case 'V':
        return allocate();
      case 'M':
        return enter(fields[1]);
      case 'E':
      case 'X':
        return leave(fields[1]);
      case 'U':
        return update();
      case 'D':
        return die();
      case 'T':
      case 'H':
      case 'R':
      case 'W':
        return;  // exceptions, roots and witnesses: nothing that is certain
      default:
        fail("no line of an Elephant Tracks trace: unknown record");
    }
  }

  [[noreturn]] void fail(const std::string& message) const { lines_.fail(place_, message); }

  std::uint64_t number(std::size_t field) const {
    const int base = dialect_ == ElephantDialect::version_1 ? 16 : 10;
    const auto value = parse_number((*fields_)[field], base);
    if (!value) {
      fail(fmt::format("field {} should be a number, it is \"{}\"", field,
                       printable((*fields_)[field])));
    }
    return *value;
  }
  void expect_fields(std::size_t least) const {
    if (fields_->size() < least) fail("the record has too few fields");
  }

  /// `N id size type site length time`; older ones have no length.
  void allocate() {
    expect_fields(6);
    const std::uint64_t name = number(1), bytes = number(2);
    if (bytes > most_object_bytes) fail("an object of more bytes than any memory has");
    Allocation allocation;
    allocation.id = announce();
    allocation.type = type((*fields_)[3]);
    allocation.bytes = bytes;
    allocation.stack = site((*fields_)[4]);
    allocation.clock = clock_;
    if (clock_ > std::numeric_limits<std::uint64_t>::max() - bytes) fail("too many bytes in all");
    clock_ += bytes;
    visitor_.on_allocation(allocation);
    // The hash is another living object's as well: from here on it names the new one.
    if (names_.put(name << 4, allocation.id) != 0) ++collisions_;
  }

  ObjectId announce() {
    if (objects_ + 1 >= most_objects) fail("more objects than this reader can number");
    return ++objects_;
  }

  /// 0 is null; what was never allocated was there before the trace began.
  ObjectId object(std::uint64_t name) {
    if (name == 0) return 0;
    if (name >> 60 != 0) fail("an object's number is too large");
    if (const ObjectId id = names_.take(name << 4)) {
      names_.put(name << 4, id);
      return id;
    }
    ++unknown_;
    Allocation allocation;
    allocation.id = announce();
    allocation.clock = clock_;
    allocation.adopted = true;
    ++adopted_;
    visitor_.on_allocation(allocation);
    names_.put(name << 4, allocation.id);
    return allocation.id;
  }

  void die() {
    expect_fields(2);
    const std::uint64_t name = number(1);
    if (name >> 60 != 0) fail("an object's number is too large");
    const ObjectId id = names_.take(name << 4);
    if (id == 0) {
      ++unknown_;
      return;
    }
    visitor_.on_free(id);
  }

  void update() {
    expect_fields(5);
    if (!dialect_) {
      dialect_ = fields_->size() >= 6 ? ElephantDialect::version_1 : ElephantDialect::version_3;
    }
    std::uint64_t source = 0, target = 0, field = 0;
    switch (*dialect_) {
      case ElephantDialect::version_3:
        target = number(1), source = number(2), field = number(3);
        break;
      case ElephantDialect::receiver_first:
        source = number(1), target = number(2), field = number(3);
        break;
      case ElephantDialect::version_2:
        target = number(1), field = number(2), source = number(3);
        break;
      case ElephantDialect::version_1:
        expect_fields(6);
        source = number(2), target = number(3), field = number(4);
    }
    if (source == 0) return;  // a static field: whose is not said
    PointerWrite write;
    write.host = object(source);
    write.new_value = object(target);
    // Fields have numbers of the whole program's: they say which, not where.
    write.slot.index = slot(field);
    const std::uint64_t key = (write.host << 28 | write.slot.index) << 4;
    write.old_value = write.new_value != 0 ? values_.put(key, write.new_value) : values_.take(key);
    visitor_.on_write(write);
  }

  std::uint32_t slot(std::uint64_t field) const {
    if (field >= most_slots) fail("a field's number is too large");
    return static_cast<std::uint32_t>(field);
  }

  TypeIndex type(std::string_view text) {
    const auto [entry, added] = types_.try_emplace(std::string(text), 0);
    if (!added) return entry->second;
    if (types_.size() > most_names) fail("more types than any program has");
    const auto listed = classes_.find(entry->first);
    std::string name = listed == classes_.end() ? entry->first : listed->second;
    std::replace(name.begin(), name.end(), '/', '.');
    tables_.types.push_back({builder_.string(name), builder_.string("object")});
    return entry->second = static_cast<TypeIndex>(tables_.types.size() - 1);
  }

  /// Methods are entered and left in order; a trace of several threads mixes them, and does not
  /// say whose they are: what does not fit is left out.
  void enter(std::string_view method) {
    calls_.emplace_back(method);
    if (calls_.size() > most_names) fail("calls are nested too deeply");
  }
  void leave(std::string_view method) {
    if (!calls_.empty() && calls_.back() == method) calls_.pop_back();
    if (stacks_.size() > calls_.size()) stacks_.resize(calls_.size());
  }

  StackId site(std::string_view text) {
    StackId stack = 0;
    const std::size_t depth = std::min(calls_.size(), deepest_stack);
    if (tables_.stacks.size() < most_stacks) {
      while (stacks_.size() < depth) {
        const StackId above = stacks_.empty() ? 0 : stacks_.back();
        const std::string& method = calls_[stacks_.size()];
        const auto listed = methods_.find(method);
        stacks_.push_back(builder_.stack(
            above, builder_.frame(listed == methods_.end() ? "method " + method : listed->second,
                                  "", 0, "")));
      }
      stack = stacks_.empty() ? 0 : stacks_.back();
      if (text != "0") {
        stack = builder_.stack(stack, builder_.frame(fmt::format("site {}", text), "", 0, ""));
      }
    }
    return stack;
  }

  TextLines& lines_;
  Tables& tables_;
  TableBuilder builder_;
  RecordingVisitor& visitor_;
  std::optional<ElephantDialect> dialect_;
  const char* place_ = nullptr;
  const Fields* fields_ = nullptr;

  NameList classes_, methods_;
  std::unordered_map<std::string, TypeIndex> types_;
  std::vector<std::string> calls_;
  std::vector<StackId> stacks_;  ///< of the outer calls, as far as they were needed
  PointerMap<ObjectId> names_;
  PointerMap<ObjectId> values_;
  ObjectId objects_ = 0;
  std::uint64_t adopted_ = 0;
  std::uint64_t clock_ = 0, collisions_ = 0, unknown_ = 0;
};

}  // namespace

std::optional<ElephantDialect> elephant_dialect(std::string_view name) {
  for (const DialectName& known : dialect_names) {
    if (known.name == name) return known.dialect;
  }
  return std::nullopt;
}

bool is_elephant_tracks(std::string_view line) {
  const Fields fields(line);
  if (fields.size() < 3 || fields.size() > 7 || fields[0].size() != 1) return false;
  if (std::string_view("NAMEUDIPV").find(fields[0][0]) == std::string_view::npos) return false;
  return parse_number(fields[1], 16).has_value() && parse_number(fields[2], 16).has_value();
}

Extent ElephantTracksSource::read(RecordingVisitor& visitor) {
  tables_ = Tables();
  info_ = {{"recorder", "Elephant Tracks"},
           {"deaths", "exact"},
           {"death times", "Elephant Tracks' own, to the method call"},
           {"times", "none"}};
  TextLines lines(path());
  ElephantReader reader(lines, tables_, visitor, dialect_);
  reader.read();
  for (const DialectName& known : dialect_names) {
    if (known.dialect == reader.dialect()) info_["dialect"] = known.name;
  }
  if (!dialect_) info_["dialect"] += ", by the number of fields; others look the same";
  info_["pointer writes"] = "of objects' fields; roots and static fields are not in the trace";
  info_["names"] = reader.has_names() ? "from class_list and method_list beside the trace"
                                      : "numbers: no class_list or method_list beside the trace";
  if (reader.collisions() > 0) {
    info_["identity"] = "lost";
    info_["id collisions"] = fmt::format(
        "{} objects have the identity hash of another that was alive", reader.collisions());
  }
  if (reader.unknown() > 0) {
    info_["unknown objects"] = fmt::format(
        "{} mentions of objects that were not allocated in the trace", reader.unknown());
  }
  Extent extent = lines.extent();
  extent.clock = reader.clock();
  extent.objects = reader.objects();
  extent.adopted = reader.adopted();
  return extent;
}

}  // namespace heaplab::trace
