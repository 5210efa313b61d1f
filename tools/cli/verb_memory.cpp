// SPDX-License-Identifier: MIT
// heaplab memory: draws a --memory file.
#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "heaplab/support/error.h"
#include "heaplab/support/file.h"
#include "memory_chart.h"
#include "verbs.h"

namespace heaplab::cli {
namespace {

using Json = nlohmann::json;

double number(const Json& line, const char* key, const std::string& file, std::uint64_t offset) {
  const auto found = line.find(key);
  if (found == line.end() || !found->is_number()) {
    throw InputError(file, offset, fmt::format("the line has no number \"{}\"", key));
  }
  const double value = found->get<double>();
  if (!std::isfinite(value) || value < 0) {
    throw InputError(file, offset, fmt::format("\"{}\" is out of range", key));
  }
  return value;
}

std::string text(const Json& line, const char* key) {
  const auto found = line.find(key);
  return found != line.end() && found->is_string() ? found->get<std::string>() : std::string();
}

MemoryPoint parse_line(const std::string& line, const std::string& file, std::uint64_t offset) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object()) throw InputError(file, offset, "the line is no JSON object");
  MemoryPoint point;
  point.time_ms = number(json, "time_ms", file, offset);
  point.rss = number(json, "rss", file, offset);
  point.heap_total = number(json, "heapTotal", file, offset);
  point.heap_used = number(json, "heapUsed", file, offset);
  point.external = number(json, "external", file, offset);
  point.event = text(json, "event");
  point.kind = text(json, "kind");
  return point;
}

std::vector<MemoryPoint> read_points(const std::string& path) {
  const std::string contents = read_text_file(path);
  std::vector<MemoryPoint> points;
  std::size_t start = 0;
  while (start < contents.size()) {
    std::size_t end = contents.find('\n', start);
    // A line without an end is one that was being written when the program was killed.
    if (end == std::string::npos) break;
    if (end > start) points.push_back(parse_line(contents.substr(start, end - start), path, start));
    start = end + 1;
  }
  if (points.empty()) {
    throw InputError(path, "no memory snapshots (make some with `heaplab run --memory=FILE`)");
  }
  for (std::size_t i = 1; i < points.size(); ++i) {
    points[i].time_ms = std::max(points[i].time_ms, points[i - 1].time_ms);
  }
  return points;
}

}  // namespace

void add_memory(CLI::App& app, int& status) {
  auto file = std::make_shared<std::string>();
  CLI::App* verb = app.add_subcommand("memory", "Draw how a program's memory went up and down");
  verb->add_option("FILE", *file, "A file made with heaplab run --memory=FILE")->required();
  verb->footer(R"(Example:
  heaplab run --memory=app.jsonl app.js && heaplab memory app.jsonl

Each line of the file is one JSON object in the shape of process.memoryUsage() with "time_ms" and
"event": interval, before-gc, after-gc (these two with "kind": minor or major), exit.)");
  verb->callback([file, &status] {
    const Painter paint(STDOUT_FILENO);
    fmt::print("{}", memory_chart(read_points(*file), paint, terminal_width(STDOUT_FILENO, 90)));
    status = 0;
  });
}

}  // namespace heaplab::cli
