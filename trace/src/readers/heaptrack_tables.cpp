// SPDX-License-Identifier: MIT
#include "heaptrack_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace heaplab::trace::heaptrack {
namespace {

constexpr std::uint32_t newest_file_version = 3;
constexpr std::uint64_t most_string_bytes = 512ULL << 20;
constexpr std::size_t most_strings = std::size_t{1} << 24;
constexpr std::size_t most_instructions = std::size_t{1} << 24;
constexpr std::size_t most_stacks = std::size_t{1} << 26;
constexpr std::size_t most_infos = std::size_t{1} << 26;
constexpr std::size_t most_modules = std::size_t{1} << 13;
constexpr std::size_t most_ranges = std::size_t{1} << 18;

/// Numbers with a space between them.
bool is_hex_fields(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789abcdef ") == std::string_view::npos;
}

}  // namespace

/// The rest of a line, field by field.
class Tables::Fields {
 public:
  Fields(const TextLines& lines, const char* place, std::string_view line)
      : lines_(lines), place_(place), rest_(line.substr(std::min<std::size_t>(line.size(), 2))) {}

  bool at_end() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

  /// A number, or nothing at the end of the line.
  bool next(std::uint64_t& value) {
    if (rest_.empty()) return false;
    const std::size_t end = std::min(rest_.find(' '), rest_.size());
    if (end == 0 || end > 16) fail("a hexadecimal number is missing or too long");
    value = 0;
    for (const char c : rest_.substr(0, end)) {
      const bool digit = c >= '0' && c <= '9';
      if (!digit && (c < 'a' || c > 'f')) fail("not a hexadecimal number");
      value = value << 4 | static_cast<std::uint64_t>(digit ? c - '0' : c - 'a' + 10);
    }
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return true;
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    if (!next(value)) fail("the line lacks a number");
    return value;
  }
  /// A number below `limit`.
  std::uint32_t index(std::uint64_t value, std::size_t limit, const char* what) {
    if (value >= limit) {
      fail(fmt::format("{} {:x} is not there: the last one is {:x}", what, value, limit - 1));
    }
    return static_cast<std::uint32_t>(value);
  }
  std::uint32_t small(std::uint64_t value, const char* what) {
    if (value > std::numeric_limits<std::uint32_t>::max()) {
      fail(fmt::format("{} {:x} is too large", what, value));
    }
    return static_cast<std::uint32_t>(value);
  }
  /// A length, a space, so many bytes.
  std::string_view sized_text() {
    const std::uint64_t length = number();
    if (length > rest_.size()) fail(fmt::format("a text of {} bytes is cut off", length));
    const std::string_view text = rest_.substr(0, length);
    rest_.remove_prefix(std::min<std::size_t>(length + 1, rest_.size()));
    return text;
  }
  std::string_view word() {
    const std::size_t end = std::min(rest_.find(' '), rest_.size());
    const std::string_view text = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return text;
  }

  void at_most(std::size_t count, std::size_t limit, const char* what) {
    if (count >= limit) fail(fmt::format("more than {} {}", limit, what));
  }
  [[noreturn]] void fail(const std::string& message) const { lines_.fail(place_, message); }

 private:
  const TextLines& lines_;
  const char* place_;
  std::string_view rest_;
};

Extent extent_of(const TextLines& lines, const Tables& tables) {
  Extent extent = lines.extent();
  if (!extent.complete || tables.file_version == 0) return extent;
  extent.end_is_told = !tables.raw;
  if (!tables.raw && !tables.has_footer) {
    extent.complete = false;
    extent.note = "recording ends without the lines that end a finished file";
    return extent;
  }
  // The last thing a program under heaptrack does when it ends is to write the time and, if it can,
  // the memory in use. It does so every ten milliseconds as well: a file that ends otherwise was
  // cut off, and one that ends so may have been.
  if (tables.last_letter != (tables.has_memory ? 'R' : 'c')) {
    extent.complete = false;
    extent.end_is_told = true;
    extent.note =
        "recording ends without the time and memory that a program writes when it ends: it was "
        "killed, or crashed";
  }
  return extent;
}

bool is_heaptrack(std::string_view line) {
  return line.size() > 2 && line.starts_with("v ") &&
         line.find_first_not_of("0123456789abcdef ", 2) == std::string_view::npos;
}

/// Whether a line that follows the command line is no part of it: arguments may have line ends in
/// them, and are written as they are.
bool Tables::ends_command_line(std::string_view line) const {
  if (line.size() < 3 || line[1] != ' ') return false;
  const std::string_view rest = line.substr(2);
  if (line[0] == 'x') return raw && executable.empty();
  if (line[0] == 's' || line[0] == 'm') {
    return file_version < 3 ||
           (rest.find(' ') < 17 && is_hex_fields(rest.substr(0, rest.find(' '))));
  }
  const std::ptrdiff_t fields = 1 + std::count(rest.begin(), rest.end(), ' ');
  switch (line[0]) {
    case 'I':
    case 't':
    case 'a':
      return fields == 2 && is_hex_fields(rest);
    case 'i':
      return fields >= 2 && is_hex_fields(rest);
    case '+':
      return (fields == 1 || fields == 3) && is_hex_fields(rest);
    case 'c':
    case 'R':
    case '-':
      return fields == 1 && is_hex_fields(rest);
    default:
      return line[0] == 'S';
  }
}

bool Tables::continue_command_line(std::string_view line) {
  in_command_line_ = !ends_command_line(line);
  if (!in_command_line_) return false;
  constexpr std::size_t most_bytes = 1 << 16;
  if (command_line.size() + line.size() < most_bytes) {
    command_line += '\n';
    command_line += line;
  }
  return true;
}

void Tables::read_line(const char* place, std::string_view line) {
  if (line.empty()) return;
  Fields fields(lines_, place, line);
  if (line.size() > 1 && line[1] != ' ' && line[0] != '#') fields.fail("no line of heaptrack's");
  switch (line[0]) {
    case '#':
      has_footer |= line.starts_with("# strings:");
      return;
    case 'v':
      return read_version(fields);
    case 's':
      return read_string(fields);
    case 'i':
      return read_instruction(fields);
    case 't':
      return read_stack(fields);
    case 'a':
      return read_info(fields);
    case 'm':
      return read_module(fields);
    case 'x':
      set_raw(fields);
      executable = file_version >= 3 ? fields.sized_text() : fields.rest();
      return;
    case 'X':
      if (!command_line.empty()) fields.fail("a second command line");
      command_line = fields.rest();
      in_command_line_ = true;
      return;
    case 'I':
      page_bytes = fields.number();
      if (page_bytes == 0 || page_bytes > (1 << 30)) fields.fail("no size of a page");
      return;
    case 'A':
      attached = true;
      return;
    case 'S':
      suppressions.emplace_back(fields.rest());
      return;
    default:
      fields.fail("no line of heaptrack's");
  }
}

void Tables::begin_events() {
  if (events != Events::unknown) return;
  events = raw || file_version == 0 ? Events::pointers : Events::indices;
}

void Tables::read_version(Fields& fields) {
  if (tool_version != 0) fields.fail("a second line with a version");
  tool_version = fields.small(fields.number(), "version");
  std::uint64_t version = 0;
  // Before 1.0.0, files of this version had no number for it.
  if (!fields.next(version)) version = tool_version == 0x10200 ? 1 : 0;
  if (version > newest_file_version) {
    fields.fail(fmt::format("heaptrack's file version {}: only versions up to {} are known",
                            version, newest_file_version));
  }
  file_version = static_cast<std::uint32_t>(version);
}

void Tables::read_string(Fields& fields) {
  set_interpreted(fields);
  const std::string_view text = file_version >= 3 ? fields.sized_text() : fields.rest();
  string_bytes_ += text.size();
  fields.at_most(strings.size(), most_strings, "strings");
  if (string_bytes_ > most_string_bytes) fields.fail("too much text in strings");
  strings.emplace_back(text);
}

CodePlace Tables::read_place(Fields& fields, std::uint64_t function) {
  CodePlace place;
  place.function = fields.index(function, strings.size(), "string");
  std::uint64_t value = 0;
  if (!fields.next(value)) return place;
  place.file = fields.index(value, strings.size(), "string");
  place.line = fields.small(fields.number(), "line");
  return place;
}

void Tables::read_instruction(Fields& fields) {
  set_interpreted(fields);
  Instruction instruction;
  instruction.address = fields.number();
  instruction.module = fields.index(fields.number(), strings.size(), "string");
  instruction.first_inlined = fields.small(inlined.size(), "number of inlined functions");
  std::uint64_t function = 0;
  if (fields.next(function)) instruction.place = read_place(fields, function);
  while (fields.next(function)) {
    fields.at_most(inlined.size(), most_instructions, "inlined functions");
    inlined.push_back(read_place(fields, function));
    ++instruction.inlined_count;
  }
  fields.at_most(instructions.size(), most_instructions, "instructions");
  instructions.push_back(instruction);
}

void Tables::read_stack(Fields& fields) {
  fields.at_most(stacks.size(), most_stacks, "stacks");
  const std::uint64_t instruction = fields.number();
  StackNode node;
  node.parent = fields.index(fields.number(), stacks.size(), "stack");
  node.instruction = raw ? instruction_of(instruction)
                         : fields.index(instruction, instructions.size(), "instruction");
  fields.at_most(instructions.size(), most_instructions, "instructions");
  stacks.push_back(node);
}

void Tables::read_info(Fields& fields) {
  set_interpreted(fields);
  fields.at_most(infos.size(), most_infos, "allocation infos");
  AllocationInfo info;
  info.bytes = fields.number();
  if (info.bytes > most_allocation_bytes) fields.fail("more bytes than any memory has");
  info.stack = fields.index(fields.number(), stacks.size(), "stack");
  infos.push_back(info);
}

void Tables::read_module(Fields& fields) {
  set_raw(fields);
  const std::string_view name = file_version >= 3 ? fields.sized_text() : fields.word();
  if (name == "-") {
    ranges_.clear();
    return;
  }
  Module module;
  module.file = name == "x" ? executable : std::string(name);
  module.base = fields.number();
  std::uint64_t start = 0;
  while (fields.next(start)) module.segments.push_back({start, fields.number()});
  const std::uint32_t number = number_of(fields, module);
  for (const Module::Segment& segment : module.segments) {
    fields.at_most(ranges_.size(), most_ranges, "parts of modules");
    const std::uint64_t begin = module.base + segment.start;
    if (begin + segment.bytes < begin) fields.fail("a module that ends before it begins");
    ranges_.push_back({begin, begin + segment.bytes, number});
  }
  ranges_sorted_ = false;
}

/// The same libraries are listed again whenever one is loaded.
std::uint32_t Tables::number_of(Fields& fields, const Module& module) {
  const auto same = std::find_if(modules.begin(), modules.end(), [&](const Module& other) {
    return other.base == module.base && other.file == module.file &&
           other.segments == module.segments;
  });
  if (same != modules.end()) return static_cast<std::uint32_t>(same - modules.begin());
  fields.at_most(modules.size(), most_modules, "modules");
  modules.push_back(module);
  return static_cast<std::uint32_t>(modules.size() - 1);
}

/// A raw file has modules and no names; an interpreted one has names and no modules.
void Tables::set_raw(Fields& fields) {
  if (raw) return;
  const bool interpreted = strings.size() > 1 || instructions.size() > 1 || !infos.empty();
  if (interpreted || events != Events::unknown) fields.fail("a line of raw files only");
  raw = true;
}

void Tables::set_interpreted(Fields& fields) {
  if (raw) fields.fail("a line of interpreted files only");
}

std::uint32_t Tables::module_of(std::uint64_t address) {
  if (!ranges_sorted_) {
    std::sort(ranges_.begin(), ranges_.end(),
              [](const Range& a, const Range& b) { return a.start < b.start; });
    ranges_sorted_ = true;
  }
  const auto after =
      std::upper_bound(ranges_.begin(), ranges_.end(), address,
                       [](std::uint64_t value, const Range& range) { return value < range.start; });
  if (after == ranges_.begin()) return 0;
  const Range& range = *std::prev(after);
  return address < range.end ? range.module : 0;
}

std::uint32_t Tables::instruction_of(std::uint64_t address) {
  if (address == 0) return 0;
  const auto next = static_cast<std::uint32_t>(instructions.size());
  const auto [entry, is_new] = instruction_of_address_.try_emplace(address, next);
  if (is_new) {
    Instruction instruction;
    instruction.address = address;
    instruction.module = module_of(address);
    instructions.push_back(instruction);
  }
  return entry->second;
}

}  // namespace heaplab::trace::heaptrack
