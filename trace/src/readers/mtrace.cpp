// SPDX-License-Identifier: MIT
#include "mtrace.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>

#include "native_events.h"
#include "symbols.h"
#include "table_builder.h"
#include "text_lines.h"

namespace heaplab::trace {
namespace {

constexpr std::uint64_t most_allocation_bytes = std::uint64_t{1} << 47;
constexpr std::size_t most_places = std::size_t{1} << 22;

/// The part of a line that says who called: "/lib/libc.so.6:(__strdup+1a)[0x9e9aa]".
struct Caller {
  std::string module;
  std::string function;
  std::uint64_t address = 0;
};

std::optional<std::uint64_t> parse_hex(std::string_view text) {
  if (!text.starts_with("0x")) return std::nullopt;
  text.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Caller parse_caller(std::string_view text) {
  Caller caller;
  const std::size_t bracket = text.rfind('[');
  if (bracket != std::string_view::npos && text.ends_with(']')) {
    const std::string_view address = text.substr(bracket + 1, text.size() - bracket - 2);
    caller.address = parse_hex(address).value_or(0);
    text = text.substr(0, bracket);
  }
  const std::size_t colon = text.rfind(":(");
  if (colon != std::string_view::npos && text.ends_with(')')) {
    const std::string_view function = text.substr(colon + 2, text.size() - colon - 3);
    caller.function = function.substr(0, function.rfind('+'));
    text = text.substr(0, colon);
  } else if (text.ends_with(':')) {
    text.remove_suffix(1);
  }
  caller.module = text;
  return caller;
}

class MtraceReader {
 public:
  MtraceReader(TextLines& lines, Tables& tables, RecordingVisitor& visitor)
      : lines_(lines), builder_(tables), events_(lines, visitor) {
    folder_ = std::filesystem::path(lines.path()).parent_path().string();
  }

  void read() {
    while (lines_.next()) {
      for (const char* place = lines_.begin(); place != lines_.end();) {
        const std::string_view line = line_at(place, lines_.end());
        read_line(place, line);
        place += line.size() + 1;
      }
      events_.end_run();
    }
  }

  const NativeEvents& events() const { return events_; }
  /// The last line is muntrace's. A program that just ends writes none.
  bool ended() const { return ended_; }
  const Symbols& symbols() const { return symbols_; }
  const std::string& program() const { return program_; }

 private:
  /// `[@ caller] operation pointer [size]`; `= Start`, `= End`.
  void read_line(const char* place, std::string_view line) {
    ended_ = line == "= End";
    if (line.empty() || line.starts_with("= ")) return;
    std::string_view caller;
    if (line.starts_with("@ ")) {
      const std::size_t end = line.rfind("] ");
      if (end == std::string_view::npos) lines_.fail(place, "a line without its operation");
      caller = line.substr(2, end - 1);
      line.remove_prefix(end + 2);
    }
    const char operation = line.empty() ? ' ' : line[0];
    const std::string_view fields = line.substr(std::min<std::size_t>(line.size(), 2));
    const std::size_t space = fields.find(' ');
    const auto pointer = parse_hex(fields.substr(0, space));
    if (line.size() < 2 || line[1] != ' ' || !pointer) {
      lines_.fail(place, "no line of mtrace's: an operation and a pointer are missing");
    }
    switch (operation) {
      case '-':
      case '<':
        return events_.free_at(*pointer);
      case '!':
        return;  // a realloc that failed: nothing changed
      case '+':
      case '>': {
        const auto bytes =
            space == std::string_view::npos ? std::nullopt : parse_hex(fields.substr(space + 1));
        if (!bytes || *bytes > most_allocation_bytes) {
          lines_.fail(place, "an allocation without a sensible size");
        }
        return events_.allocate_at(*pointer, *bytes, stack(place, caller));
      }
      default:
        lines_.fail(place, "no line of mtrace's: unknown operation");
    }
  }

  StackId stack(const char* place, std::string_view text) {
    if (text.empty()) return 0;
    const auto [entry, is_new] = stacks_.try_emplace(std::string(text), 0);
    if (!is_new) return entry->second;
    if (stacks_.size() > most_places) lines_.fail(place, "too many different callers");
    const Caller caller = parse_caller(text);
    if (program_.empty() && caller.module.find(".so") == std::string::npos) {
      program_ = caller.module;
    }
    return entry->second = stack_of(caller);
  }

  StackId stack_of(const Caller& caller) {
    // A relative path is one from where the program ran, which is often where the recording lies.
    const std::string file = caller.module.starts_with('/') || folder_.empty()
                                 ? caller.module
                                 : folder_ + "/" + caller.module;
    std::error_code error;
    const std::string path = std::filesystem::absolute(file, error).string();
    // The address is where the call returns to.
    const std::vector<Symbol> symbols =
        caller.address == 0
            ? std::vector<Symbol>()
            : symbols_.find(path, {}, caller.address - 1, Symbols::Base::first_segment);
    StackId stack = 0;
    for (std::size_t i = symbols.size(); i > 0; --i) {
      const Symbol& symbol = symbols[i - 1];
      stack = builder_.stack(
          stack, builder_.frame(symbol.function, symbol.file, symbol.line, caller.module));
    }
    if (!symbols.empty()) return stack;
    const std::string name = caller.function.empty() ? unnamed(caller.module, caller.address)
                                                     : demangle(caller.function.c_str());
    return builder_.stack(0, builder_.frame(name, "", 0, caller.module));
  }

  TextLines& lines_;
  TableBuilder builder_;
  NativeEvents events_;
  Symbols symbols_;
  std::string folder_;
  std::string program_;
  std::unordered_map<std::string, StackId> stacks_;
  bool ended_ = false;
};

}  // namespace

bool is_mtrace(std::string_view line) { return line == "= Start"; }

Extent MtraceSource::read(RecordingVisitor& visitor) {
  tables_ = Tables();
  info_ = {{"recorder", "mtrace"}, {"deaths", "exact"}, {"times", "none"}};
  TextLines lines(path());
  MtraceReader reader(lines, tables_, visitor);
  reader.read();
  if (!reader.program().empty()) info_["program"] = reader.program();
  info_["symbols"] = symbols_text(reader.symbols());
  Extent extent = lines.extent();
  extent.end_is_told |= reader.ended();
  reader.events().finish(extent, info_);
  return extent;
}

}  // namespace heaplab::trace
