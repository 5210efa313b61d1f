// SPDX-License-Identifier: MIT
#include "heaptrack.h"

#include <fmt/format.h>

#include "heaptrack_names.h"
#include "heaptrack_tables.h"
#include "hex.h"
#include "native_events.h"

namespace heaplab::trace {
namespace {

using heaptrack::AllocationInfo;
using heaptrack::Names;

/// Hands the events to a visitor. Virtual calls: for consumers of recordings of any format; the
/// figures heaptrack_print shows are added up in heaptrack_summary.cpp.
class EventReader {
 public:
  EventReader(TextLines& lines, heaptrack::Tables& tables, Names& names, RecordingVisitor& visitor)
      : lines_(lines), tables_(tables), names_(names), events_(lines, visitor) {}

  const char* on_event(const char* place) {
    const bool is_free = *place == '-';
    const char* at = place + 2;
    std::uint64_t first = 0;
    if (place[1] != ' ' || !read_hex(at, first)) lines_.fail(place, "not a hexadecimal number");
    if (tables_.events == heaptrack::Events::indices) {
      if (first >= tables_.infos.size()) {
        lines_.fail(place, fmt::format("allocation info {:x} is not there", first));
      }
      is_free ? free_one_of(first) : allocate_one_of(first);
    } else if (is_free) {
      events_.free_at(first);
    } else {
      allocate_pointer(place, at, first);
    }
    if (*at != '\n') lines_.fail(place, "more on the line than there should be");
    return at + 1;
  }
  void on_tables(char) {}
  void on_time(std::uint64_t milliseconds) { events_.time(milliseconds * 1'000'000); }
  void on_memory(std::uint64_t pages) { events_.memory(pages * tables_.page_bytes); }
  void on_run() { events_.end_run(); }
  const NativeEvents& events() const { return events_; }

 private:
  /// Objects alive of one allocation info, the newest first.
  struct Alive {
    ObjectId object = 0;
    std::uint64_t next = 0;
  };

  void allocate_one_of(std::uint64_t info) {
    if (info >= newest_.size()) newest_.resize(tables_.infos.size());
    const AllocationInfo& what = tables_.infos[info];
    std::uint64_t entry = unused_;
    if (entry != 0) {
      unused_ = alive_[entry].next;
    } else {
      entry = alive_.size();
      alive_.emplace_back();
    }
    alive_[entry] = {events_.allocate(what.bytes, names_.stack(what.stack)), newest_[info]};
    newest_[info] = entry;
  }

  void free_one_of(std::uint64_t info) {
    const std::uint64_t entry = info < newest_.size() ? newest_[info] : 0;
    if (entry == 0) return events_.free_too_many();
    newest_[info] = alive_[entry].next;
    events_.free(alive_[entry].object);
    alive_[entry].next = unused_;
    unused_ = entry;
  }

  void allocate_pointer(const char* place, const char*& at, std::uint64_t bytes) {
    std::uint64_t stack = 0;
    std::uint64_t pointer = 0;
    const bool has_stack = *at == ' ' && read_hex(++at, stack);
    if (!has_stack || *at != ' ' || !read_hex(++at, pointer)) {
      lines_.fail(place, "an allocation has a size, a stack and a pointer");
    }
    if (bytes > heaptrack::most_allocation_bytes) {
      lines_.fail(place, "more bytes than any memory has");
    }
    if (stack >= tables_.stacks.size()) {
      lines_.fail(place, fmt::format("stack {:x} is not there", stack));
    }
    events_.allocate_at(pointer, bytes, names_.stack(static_cast<std::uint32_t>(stack)));
  }

  TextLines& lines_;
  heaptrack::Tables& tables_;
  Names& names_;
  NativeEvents events_;
  std::vector<std::uint64_t> newest_;  ///< of each allocation info, in alive_; 0: none
  std::vector<Alive> alive_{Alive()};
  std::uint64_t unused_ = 0;
};

std::string version_text(std::uint32_t version) {
  return fmt::format("heaptrack {:x}.{:x}.{:x}", version >> 16, version >> 8 & 0xff,
                     version & 0xff);
}

/// The keys that are known from the first lines, and those that are known at the end.
void describe(const heaptrack::Tables& tables, std::map<std::string, std::string>& info) {
  info["recorder"] = version_text(tables.tool_version);
  info["heaptrack file"] =
      fmt::format("{}, version {}", tables.raw ? "raw" : "interpreted", tables.file_version);
  const std::size_t space = tables.command_line.find(' ');
  info["program"] =
      tables.executable.empty() ? tables.command_line.substr(0, space) : tables.executable;
  info["arguments"] = space == std::string::npos ? "" : tables.command_line.substr(space + 1);
  info["deaths"] = "exact";
  if (tables.events == heaptrack::Events::indices) info["identity"] = "lost";
  if (tables.attached) info["attached"] = "what the program had allocated before is not known";
  if (!tables.suppressions.empty()) {
    std::string all;
    for (const std::string& line : tables.suppressions) all += (all.empty() ? "" : "\n") + line;
    info["suppressions"] = all;
  }
}

/// Tells the source what is known once events begin, so that consumers may ask.
class Describing : public EventReader {
 public:
  Describing(TextLines& lines, heaptrack::Tables& tables, Names& names, RecordingVisitor& visitor,
             std::map<std::string, std::string>& info)
      : EventReader(lines, tables, names, visitor), from_(tables), info_(info) {}
  const char* on_event(const char* place) {
    if (!described_) describe(from_, info_);
    described_ = true;
    return EventReader::on_event(place);
  }

 private:
  const heaptrack::Tables& from_;
  std::map<std::string, std::string>& info_;
  bool described_ = false;
};

}  // namespace

Extent HeaptrackSource::read(RecordingVisitor& visitor) {
  tables_ = Tables();
  info_.clear();
  TextLines lines(path());
  heaptrack::Tables tables(lines);
  Names names(tables, tables_);
  Describing events(lines, tables, names, visitor, info_);
  heaptrack::read(lines, tables, events);
  tables.begin_events();
  describe(tables, info_);
  if (tables.raw) info_["symbols"] = symbols_text(names.symbols());
  Extent extent = heaptrack::extent_of(lines, tables);
  events.events().finish(extent, info_);
  return extent;
}

}  // namespace heaplab::trace
