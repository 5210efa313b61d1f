// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "text_lines.h"

// The tables of a heaptrack file: everything but its events. A raw file is what the traced program
// writes; heaptrack_interpret makes of it an interpreted one, with names for addresses and without
// pointers. See README.md, "heaptrack files".

namespace heaplab::trace::heaptrack {

/// More than any address space has.
inline constexpr std::uint64_t most_allocation_bytes = std::uint64_t{1} << 47;

/// How allocations and frees are written.
enum class Events : std::uint8_t {
  unknown,   ///< there was none yet, and no line that told
  pointers,  ///< size, stack, pointer; frees name the pointer
  indices    ///< an allocation info; frees name it too: which of several alike is lost
};

struct CodePlace {
  std::uint32_t function = 0;  ///< strings, from 1; 0 unknown
  std::uint32_t file = 0;
  std::uint32_t line = 0;
};

/// An instruction address.
struct Instruction {
  std::uint64_t address = 0;
  std::uint32_t module = 0;  ///< a string; of raw files: a module, from 1
  CodePlace place;
  /// The functions that `place` was inlined into, innermost first: [first, first + count) of
  /// Tables::inlined.
  std::uint32_t first_inlined = 0;
  std::uint32_t inlined_count = 0;
};

/// A node of the tree of stacks; all numbers from 1, the parent's is less than its own.
struct StackNode {
  std::uint32_t instruction = 0;
  std::uint32_t parent = 0;
};

/// Allocations of one size from one stack.
struct AllocationInfo {
  std::uint64_t bytes = 0;
  std::uint32_t stack = 0;
};

/// An executable or library, of raw files.
struct Module {
  struct Segment {
    std::uint64_t start = 0;
    std::uint64_t bytes = 0;
    friend bool operator==(const Segment&, const Segment&) = default;
  };
  std::string file;
  std::uint64_t base = 0;
  std::vector<Segment> segments;  ///< without the base
};

class Tables {
 public:
  explicit Tables(TextLines& lines) : lines_(lines) {}

  /// A line that is no allocation, free, time or memory sample. Throws InputError.
  void read_line(const char* place, std::string_view line);
  bool in_command_line() const { return in_command_line_; }
  /// True if the line is one more of a command line of several.
  bool continue_command_line(std::string_view line);
  /// Call before the first event: settles how events are written.
  void begin_events();

  Events events = Events::unknown;
  bool raw = false;
  std::uint32_t tool_version = 0;
  std::uint32_t file_version = 0;
  std::string executable;    ///< of raw files
  std::string command_line;  ///< arguments separated by spaces
  std::uint64_t page_bytes = 4096;
  std::uint64_t time_ms = 0;  ///< now
  bool attached = false;
  bool has_footer = false;  ///< the interpreter finished the file
  bool has_memory = false;  ///< there are samples of the memory in use
  char last_letter = 0;     ///< of the last line but comments; of allocations and frees alike `+`
  std::vector<std::string> suppressions;

  /// All from 1.
  std::vector<std::string> strings{std::string()};
  std::vector<Instruction> instructions{Instruction()};
  std::vector<StackNode> stacks{StackNode()};
  std::vector<CodePlace> inlined;
  std::vector<AllocationInfo> infos;  ///< from 0
  std::vector<Module> modules{Module()};

 private:
  class Fields;
  void read_version(Fields& fields);
  void read_string(Fields& fields);
  void read_instruction(Fields& fields);
  void read_stack(Fields& fields);
  void read_info(Fields& fields);
  void read_module(Fields& fields);
  void set_raw(Fields& fields);
  void set_interpreted(Fields& fields);
  std::uint32_t number_of(Fields& fields, const Module& module);
  std::uint32_t instruction_of(std::uint64_t address);
  std::uint32_t module_of(std::uint64_t address);
  bool ends_command_line(std::string_view line) const;
  CodePlace read_place(Fields& fields, std::uint64_t function);

  struct Range {
    std::uint64_t start = 0;
    std::uint64_t end = 0;
    std::uint32_t module = 0;
  };

  TextLines& lines_;
  bool in_command_line_ = false;
  std::uint64_t string_bytes_ = 0;
  std::vector<Range> ranges_;  ///< where code is now
  bool ranges_sorted_ = true;
  std::unordered_map<std::uint64_t, std::uint32_t> instruction_of_address_;
};

/// Reads a whole file: lines of tables go to `tables`, the rest to `handler`. The handler has
///   const char* on_event(const char* place)   reads the allocation or free there, and as many
///                                             of those that follow as it likes
///   void on_tables(char letter)               a line of the tables was read
///   void on_time(std::uint64_t milliseconds)
///   void on_memory(std::uint64_t pages)
///   void on_run()                             a run of lines was read
template <class Handler>
void read(TextLines& lines, Tables& tables, Handler& handler);

/// What is known of the whole file when all of it has been read.
Extent extent_of(const TextLines& lines, const Tables& tables);

/// "a file of heaptrack's", by its first line.
bool is_heaptrack(std::string_view first_line);

}  // namespace heaplab::trace::heaptrack

#include "heaptrack_read.h"
