// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <charconv>
#include <filesystem>

#include "../verbs.h"
#include "heaplab/support/format.h"
#include "heaplab/support/pipe_input.h"
#include "heaplab/support/text.h"
#include "heaplab/trace/open.h"
#include "heaplab/trace/usage.h"
#include "trace.h"

namespace heaplab::cli {
namespace {

using trace::Moment;

constexpr const char* moment_help =
    "a time (1.5s, 300ms), allocated bytes (64MiB), object:1000 or marker:NAME";

/// "1.5s" in nanoseconds.
std::optional<std::uint64_t> parse_time(const std::string& text) {
  constexpr std::pair<const char*, double> units[] = {{"ns", 1},  {"us", 1e3},   {"ms", 1e6},
                                                      {"s", 1e9}, {"min", 60e9}, {"h", 3600e9}};
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc()) return std::nullopt;
  for (const auto& [unit, ns] : units) {
    if (std::string_view(rest, static_cast<std::size_t>(end - rest)) == unit) {
      if (!(value * ns >= 0 && value * ns < 1.8e19)) return std::nullopt;
      return static_cast<std::uint64_t>(value * ns);
    }
  }
  return std::nullopt;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return value;
}

class MarkerFinder : public trace::RecordingVisitor {
 public:
  MarkerFinder(const trace::RecordingSource& source, std::string name)
      : source_(source), name_(std::move(name)) {}
  void on_marker(const trace::Marker& m) override {
    if (!found && source_.tables().text(m.name) == name_) found = m.time_ns;
  }
  bool on_checkpoint_begin(const trace::CheckpointBegin&) override { return false; }
  bool wants_more() override { return !found; }
  std::optional<std::uint64_t> found;

 private:
  const trace::RecordingSource& source_;
  std::string name_;
};

Moment resolve_marker(trace::RecordingSource& source, const std::string& name) {
  keep_input(source.path());  // markers are looked for before the recording is read
  MarkerFinder finder(source, name);
  source.read(finder);
  if (!finder.found) {
    throw UsageError(
        fmt::format("{} has no marker {} (heaplab trace convert --to=jsonl lists them)",
                    printable(source.path()), printable(name)));
  }
  return {Moment::Axis::time_ns, *finder.found};
}

Moment resolve_moment(trace::RecordingSource& source, const std::string& text, const char* option) {
  if (text.starts_with("marker:")) return resolve_marker(source, text.substr(7));
  if (text.starts_with("object:")) {
    const auto number = parse_number(std::string_view(text).substr(7));
    // Object 1 is the first: before it, none was allocated.
    if (number && *number > 0) return {Moment::Axis::objects, *number - 1};
  } else if (const auto time = parse_time(text)) {
    return {Moment::Axis::time_ns, *time};
  } else if (const auto bytes = parse_bytes(text)) {
    return {Moment::Axis::clock, *bytes};
  }
  throw UsageError(fmt::format("{}={}: expected {}", option, printable(text), moment_help));
}

}  // namespace

trace::Range Part::resolve(trace::RecordingSource& source) const {
  trace::Range range;
  if (!from.empty()) range.from = resolve_moment(source, from, "--from");
  if (!to.empty()) range.to = resolve_moment(source, to, "--to");
  if (range.from.axis == range.to.axis && range.from.at >= range.to.at) {
    throw UsageError(
        fmt::format("--from={} is not before --to={}", printable(from), printable(to)));
  }
  return range;
}

namespace {

std::uint64_t along(Moment::Axis axis, const trace::Extent& extent) {
  switch (axis) {
    case Moment::Axis::clock:
      return extent.clock;
    case Moment::Axis::time_ns:
      return extent.time_ns;
    default:
      return extent.objects;
  }
}

std::string end_text(Moment::Axis axis, const trace::Extent& extent) {
  switch (axis) {
    case Moment::Axis::clock:
      return fmt::format("{} allocated ({} bytes)", format_bytes(extent.clock), extent.clock);
    case Moment::Axis::time_ns:
      return fmt::format("{:.3f}s", static_cast<double>(extent.time_ns) / 1e9);
    default:
      return fmt::format("object:{}", extent.objects);
  }
}

}  // namespace

void Part::check(const trace::RecordingSource& source, const trace::Range& range,
                 const trace::Extent& extent) const {
  const auto past_the_end = [&](const Moment& moment, const std::string& text,
                                const char* option) -> std::string {
    if (text.empty()) return {};
    if (moment.axis == Moment::Axis::time_ns && !source.knowledge().times) {
      throw UsageError(fmt::format(
          "{}={}: the times of {} mean nothing; give allocated bytes (64MiB) or object:1000",
          option, printable(text), printable(source.path())));
    }
    if (moment.at <= along(moment.axis, extent)) return {};
    return fmt::format("{}={}: {} ends at {}", option, printable(text),
                       "the recording " + printable(source.path()), end_text(moment.axis, extent));
  };
  const std::string from_problem = past_the_end(range.from, from, "--from");
  if (!from_problem.empty()) throw UsageError(from_problem);
  const std::string to_problem = past_the_end(range.to, to, "--to");
  if (!to_problem.empty())
    fmt::print(stderr, "heaplab: {}: all that is left is taken\n", to_problem);
}

void add_part(CLI::App& verb, Part& part) {
  verb.add_option("--from", part.from, fmt::format("Only from there on: {}", moment_help))
      ->type_name("MOMENT");
  verb.add_option("--to", part.to, "Only what is before that")->type_name("MOMENT");
}

void add_format(CLI::App& verb, std::string& format, const char* schema) {
  verb.add_option("--format", format, fmt::format("text, or json (schema {})", schema))
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"text", "json"}));
}

void add_dialect(CLI::App& verb, std::string& dialect) {
  verb.add_option("--dialect", dialect,
                  "How Elephant Tracks orders the fields of an update, which no trace says: et3, "
                  "et3-receiver-first, et2 or et1 (told by their number)")
      ->type_name("NAME");
}

std::unique_ptr<trace::RecordingSource> open_input(const std::string& file,
                                                   const std::string& dialect, bool again) {
  auto source = trace::open_recording(file, {dialect, again});
  if (!dialect.empty() && source->format() != "Elephant Tracks") {
    throw UsageError(fmt::format("--dialect={}: {} is no trace of Elephant Tracks (it is: {})",
                                 printable(dialect), printable(file), source->format()));
  }
  return source;
}

void print(const Json& document) {
  fmt::print("{}\n", document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

std::uint64_t file_bytes(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  return error ? 0 : size;
}

void warn_if_incomplete(const trace::RecordingSource& source, const trace::Extent& extent) {
  if (extent.note.empty()) return;
  fmt::print(stderr, "heaplab: {}: {}\n", printable(source.path()), printable(extent.note));
}

std::string deaths_text(trace::DeathPrecision precision, std::uint64_t root_granularity) {
  switch (precision) {
    case trace::DeathPrecision::exact:
      return "exact: told when they happen";
    case trace::DeathPrecision::roots:
      return root_granularity <= 1
                 ? "exact (Merlin)"
                 : fmt::format("exact to {} (Merlin; the distance of root records)",
                               format_bytes(root_granularity));
    case trace::DeathPrecision::collections:
      return "known when a collection finds them: live includes garbage";
    default:
      return "unknown";
  }
}

const char* deaths_name(trace::Deaths deaths) {
  switch (deaths) {
    case trace::Deaths::exact:
      return "exact";
    case trace::Deaths::collections:
      return "collections";
    default:
      return "unknown";
  }
}

Json knowledge_json(const trace::Knowledge& knowledge) {
  return {{"identity", knowledge.identity},
          {"deaths", deaths_name(knowledge.deaths)},
          {"writes", knowledge.writes},
          {"root_granularity_bytes", knowledge.root_granularity},
          {"last_uses", knowledge.last_uses},
          {"times", knowledge.times},
          {"sampling_bytes", knowledge.sampling_bytes}};
}

std::string place_of_frame(const trace::Tables& tables, trace::FrameId frame) {
  const std::string place = trace::describe_frame(tables, frame);
  return frame == 0 ? "(no site recorded)" : place.empty() ? "(unknown)" : place;
}

CLI::Option* add_limit(CLI::App& verb, std::size_t& limit, const char* what) {
  return verb.add_option("--limit,--top", limit, fmt::format("{} at most ({})", what, limit))
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 32));
}

Json complete_json(const trace::Extent& extent) {
  return extent.complete && !extent.end_is_told ? Json(nullptr) : Json(extent.complete);
}

std::string complete_text(const trace::Extent& extent) {
  if (!extent.complete) return printable(extent.note);
  return extent.end_is_told
             ? "complete"
             : "cannot be told: this format has no mark at its end; it ends with a whole line";
}

}  // namespace heaplab::cli
