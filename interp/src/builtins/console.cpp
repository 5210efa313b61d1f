// SPDX-License-Identifier: MIT
// console. Text of strings and numbers is made here; whatever needs inspect goes to the embedded
// format module.
#include <chrono>
#include <map>

#include <unistd.h>

#include <fmt/format.h>

#include "heaplab/interp/builtins.h"
#include "install.h"
#include "modules.h"
#include "number_format.h"
#include "support.h"

namespace heaplab::interp {
namespace builtins {

namespace {

using Clock = std::chrono::steady_clock;

struct ConsoleState {
  std::string indent;
  std::map<std::string, Clock::time_point> timers;
  std::map<std::string, unsigned> counts;
};

ConsoleState& state_of(Runtime& runtime) { return runtime.state<ConsoleState>(); }

bool is_simple(Value value) {
  return value.is_string() || value.is_number() || value.is_boolean() || value.is_nullish();
}

// Never collects.
std::string simple_text(Value value) {
  if (value.is_string()) return to_utf8(value.as_string());
  if (value.is_undefined()) return "undefined";
  if (value.is_null()) return "null";
  if (value.is_boolean()) return value.as_boolean() ? "true" : "false";
  const double number = value.as_number();
  return number == 0 && std::signbit(number) ? "-0" : format_shortest(number);
}

std::string format_values(Runtime& runtime, std::span<const Value> values) {
  bool simple = std::all_of(values.begin(), values.end(), is_simple);
  std::string text;
  if (simple && !values.empty() && values[0].is_string()) {
    text = simple_text(values[0]);
    simple = values.size() == 1 || text.find('%') == std::string::npos;
  }
  if (simple) {
    text.clear();
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i != 0) text += ' ';
      text += simple_text(values[i]);
    }
    return text;
  }
  RootedValues kept(runtime);
  kept.vector().assign(values.begin(), values.end());
  RootedValue format(runtime, embedded_function(runtime, "internal:format", "format"));
  return to_text(runtime, call(runtime, format, Value::undefined(), kept.span()));
}

void print(Runtime& runtime, std::string text, bool to_error) {
  const std::string& indent = state_of(runtime).indent;
  if (!indent.empty()) {
    std::string indented = indent;
    for (const char c : text) {
      indented += c;
      if (c == '\n') indented += indent;
    }
    text = std::move(indented);
  }
  text += '\n';
  if (to_error) {
    runtime.write_error(text);
  } else {
    runtime.write_out(text);
  }
}

Value console_log(Runtime& runtime, Arguments& args) {
  print(runtime, format_values(runtime, args.all()), false);
  return Value::undefined();
}
Value console_error(Runtime& runtime, Arguments& args) {
  print(runtime, format_values(runtime, args.all()), true);
  return Value::undefined();
}

Value console_dir(Runtime& runtime, Arguments& args) {
  RootedValue options(runtime, Value(new_object(runtime)));
  define_value(runtime, options.get().as_object(), "customInspect", Value::boolean(false), kAll);
  if (args[1].is_object()) {
    RootedValue assign(
        runtime,
        get_property(runtime, Value(runtime.intrinsic(Intrinsic::ObjectConstructor)), "assign"));
    call(runtime, assign, Value::undefined(), {options.get(), args[1]});
  }
  RootedValue inspect(runtime, embedded_function(runtime, "internal:inspect", "inspect"));
  const Value shown = call(runtime, inspect, Value::undefined(), {args[0], options.get()});
  print(runtime, to_text(runtime, shown), false);
  return Value::undefined();
}

Value console_table(Runtime& runtime, Arguments& args) {
  if (!args[0].is_object()) return console_log(runtime, args);
  RootedValue table(runtime, embedded_function(runtime, "internal:table", "table"));
  const Value text = call(runtime, table, Value::undefined(), {args[0], args[1]});
  if (text.is_undefined()) return console_log(runtime, args);
  print(runtime, to_text(runtime, text), false);
  return Value::undefined();
}

Value console_assert(Runtime& runtime, Arguments& args) {
  if (to_boolean(args[0])) return Value::undefined();
  if (args[1].is_string()) {
    Rooted<String> prefix(runtime, new_string_latin1(runtime, "Assertion failed: "));
    args.set(1, Value(concat(runtime, prefix.get(), args[1].as_string())));
    print(runtime, format_values(runtime, args.from(1)), true);
    return Value::undefined();
  }
  const std::string rest = args.count() > 1 ? " " + format_values(runtime, args.from(1)) : "";
  print(runtime, "Assertion failed" + rest, true);
  return Value::undefined();
}

Value console_trace(Runtime& runtime, Arguments& args) {
  std::string message = format_values(runtime, args.all());
  Rooted<JSObject> holder(runtime, new_object(runtime));
  RootedValue name(runtime, text_value(runtime, "Trace"));
  define(runtime, holder.get(), PropertyKey(runtime.atoms().name), name);
  RootedValue text(runtime, text_value(runtime, message));
  define(runtime, holder.get(), PropertyKey(runtime.atoms().message), text);
  capture_stack(runtime, holder.get(), args.callee());
  const Value stack = get_named(runtime, holder.value(), runtime.atoms().stack);
  std::string shown = to_text(runtime, stack);
  const std::size_t frames = shown.find("\n    at ");
  const std::string head = message.empty() ? "Trace" : "Trace: " + message;
  print(runtime, head + (frames == std::string::npos ? "" : shown.substr(frames)), true);
  return Value::undefined();
}

// ---- Groups, timers, counters

Value console_group(Runtime& runtime, Arguments& args) {
  if (args.count() > 0) console_log(runtime, args);
  state_of(runtime).indent += "  ";
  return Value::undefined();
}
Value console_group_end(Runtime& runtime, Arguments&) {
  std::string& indent = state_of(runtime).indent;
  indent.resize(indent.size() < 2 ? 0 : indent.size() - 2);
  return Value::undefined();
}

std::string label_of(Runtime& runtime, const Arguments& args) {
  return args[0].is_undefined() ? "default" : to_text(runtime, args[0]);
}

std::string elapsed_text(Clock::time_point since) {
  const double ms = std::chrono::duration<double, std::milli>(Clock::now() - since).count();
  if (ms < 1000) return format_shortest(std::stod(format_fixed(ms, 3))) + "ms";
  if (ms < 60'000) return format_fixed(ms / 1000, 3) + "s";
  const auto minutes = static_cast<long>(ms / 60'000);
  const double seconds = ms / 1000 - static_cast<double>(minutes) * 60;
  return fmt::format("{}:{:06.3f} (m:ss.mmm)", minutes, seconds);
}

void warn(Runtime& runtime, const std::string& text) {
  runtime.write_error(fmt::format("(node:{}) Warning: {}\n", getpid(), text));
}

Value console_time(Runtime& runtime, Arguments& args) {
  const std::string label = label_of(runtime, args);
  const bool added = state_of(runtime).timers.emplace(label, Clock::now()).second;
  if (!added) warn(runtime, "Label '" + label + "' already exists for console.time()");
  return Value::undefined();
}

Value report_time(Runtime& runtime, Arguments& args, const char* method, bool end) {
  const std::string label = label_of(runtime, args);
  auto& timers = state_of(runtime).timers;
  const auto found = timers.find(label);
  if (found == timers.end()) {
    warn(runtime, fmt::format("No such label '{}' for console.{}()", label, method));
    return Value::undefined();
  }
  std::string text = label + ": " + elapsed_text(found->second);
  if (args.count() > 1) text += " " + format_values(runtime, args.from(1));
  if (end) timers.erase(found);
  print(runtime, std::move(text), false);
  return Value::undefined();
}
Value console_time_end(Runtime& runtime, Arguments& args) {
  return report_time(runtime, args, "timeEnd", true);
}
Value console_time_log(Runtime& runtime, Arguments& args) {
  return report_time(runtime, args, "timeLog", false);
}

Value console_count(Runtime& runtime, Arguments& args) {
  const std::string label = label_of(runtime, args);
  const unsigned count = ++state_of(runtime).counts[label];
  print(runtime, fmt::format("{}: {}", label, count), false);
  return Value::undefined();
}
Value console_count_reset(Runtime& runtime, Arguments& args) {
  const std::string label = label_of(runtime, args);
  if (state_of(runtime).counts.erase(label) == 0) {
    warn(runtime, "Count for '" + label + "' does not exist");
  }
  return Value::undefined();
}

const NativeInfo methods[] = {
    {"log", 0, console_log},
    {"warn", 0, console_error},
    {"dir", 0, console_dir},
    {"time", 0, console_time},
    {"timeEnd", 0, console_time_end},
    {"timeLog", 0, console_time_log},
    {"trace", 0, console_trace},
    {"assert", 0, console_assert},
    {"clear", 0, [](Runtime&, Arguments&) { return Value::undefined(); }},
    {"count", 0, console_count},
    {"countReset", 0, console_count_reset},
    {"group", 0, console_group},
    {"groupCollapsed", 0, console_group},
    {"groupEnd", 0, console_group_end},
    {"table", 0, console_table},
    {"debug", 0, console_log},
    {"info", 0, console_log},
    {"dirxml", 0, console_log},
    {"error", 0, console_error},
};

}  // namespace

void install_console(Runtime& runtime) {
  Rooted<JSObject> console(runtime, define_namespace(runtime, runtime.global(), "console"));
  runtime.set_intrinsic(Intrinsic::ConsoleObject, console.get());
  // Enumerable, as in Node: a console can be spread or listed.
  for (const NativeInfo& method : methods) {
    RootedValue function(runtime, Value(new_native_function(runtime, method)));
    define_value(runtime, console.get(), method.name, function, kAll);
  }
  define_tag(runtime, console.get(), "console");
}

}  // namespace builtins

std::string inspect_value(Runtime& runtime, Value value) {
  RootedValue kept(runtime, value);
  RootedValue inspect(runtime, builtins::embedded_function(runtime, "internal:inspect", "inspect"));
  return builtins::to_text(runtime, call(runtime, inspect, Value::undefined(), {kept.get()}));
}

}  // namespace heaplab::interp
