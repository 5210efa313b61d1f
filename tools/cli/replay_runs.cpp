// SPDX-License-Identifier: MIT
#include "replay_runs.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "heaplab/gc/make_heap.h"
#include "heaplab/heap/block.h"

namespace heaplab::cli {
namespace {

using Json = nlohmann::ordered_json;

void write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t done = ::write(file, text.data(), text.size());
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) ::_exit(3);
    text.remove_prefix(static_cast<std::size_t>(done));
  }
}

std::string read_all(int file) {
  std::string text;
  char buffer[65536];
  for (;;) {
    const ssize_t count = ::read(file, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return text;
    text.append(buffer, static_cast<std::size_t>(count));
  }
}

[[noreturn]] void be_child(int out, const std::function<Json()>& work) {
  Json answer;
  try {
    answer["result"] = work();
  } catch (const std::exception& error) {
    answer["error"] = error.what();
  }
  write_all(out, answer.dump(-1, ' ', false, Json::error_handler_t::replace));
  ::_exit(0);
}

Json to_json(const trace::ReplayTime& time) {
  return {{"wall_ns", time.wall_ns}, {"cpu_ns", time.cpu_ns}};
}

Json pauses_of(const std::vector<trace::ReplayCollection>& collections) {
  std::vector<std::uint64_t> pauses;
  for (const auto& collection : collections) pauses.push_back(collection.pause_ns);
  std::sort(pauses.begin(), pauses.end());
  // The smallest pause that so many per cent are not longer than.
  const auto percentile = [&](std::size_t percent) -> std::uint64_t {
    if (pauses.empty()) return 0;
    return pauses[(pauses.size() * percent + 99) / 100 - 1];
  };
  return {{"count", pauses.size()},
          {"p50_ns", percentile(50)},
          {"p90_ns", percentile(90)},
          {"p99_ns", percentile(99)},
          {"max_ns", percentile(100)}};
}

Json collections_of(const std::vector<trace::ReplayCollection>& collections) {
  Json list = Json::array();
  for (const trace::ReplayCollection& c : collections) {
    list.push_back({{"number", c.number},
                    {"kind", c.major ? "major" : "minor"},
                    {"reason", c.reason},
                    {"clock", c.clock},
                    {"start_ns", c.start_ns},
                    {"pause_ns", c.pause_ns},
                    {"used_before", c.used_before},
                    {"used_after", c.used_after},
                    {"live", c.live}});
  }
  return list;
}

Json footprint_of(const trace::ReplayResult& result) {
  Json samples = Json::array();
  double sum = 0;
  for (const trace::FootprintSample& s : result.footprint) {
    samples.push_back({s.clock, s.committed, s.resident});
    sum += static_cast<double>(s.resident);
  }
  const double count = static_cast<double>(std::max<std::size_t>(result.footprint.size(), 1));
  return {{"peak_resident", result.peak_resident},
          {"average_resident", static_cast<std::uint64_t>(sum / count)},
          {"peak_committed", result.peak_committed},
          {"samples", std::move(samples)}};
}

/// The heap's report, with the option of this program that sets its size.
std::string failure_text(std::string report) {
  constexpr std::string_view of_node = "--max-old-space-size";
  const std::size_t at = report.find(of_node);
  if (at != std::string::npos) report.replace(at, of_node.size(), "--heap or --heap-multiple");
  while (report.ends_with('\n')) report.pop_back();
  return report;
}

Json to_json(const trace::ReplayResult& result) {
  return {{"completed", result.completed},
          {"failure", failure_text(result.failure)},
          {"total", to_json(result.total)},
          {"collector", to_json(result.collector)},
          {"replayer_in_collections", to_json(result.replayer)},
          {"allocated_bytes", result.allocated_bytes},
          {"frees", result.frees},
          {"pauses", pauses_of(result.collections)},
          {"footprint", footprint_of(result)},
          {"checked_objects", result.checked_objects},
          {"problems", result.problems},
          {"collections", collections_of(result.collections)}};
}

/// Of several runs: the least, the one in the middle, the most.
Json range_of(std::vector<std::uint64_t> values) {
  std::sort(values.begin(), values.end());
  const std::size_t count = values.size();
  const std::uint64_t median = values[(count - 1) / 2] / 2 + values[count / 2] / 2;
  return {{"min", values.front()}, {"median", median}, {"max", values.back()}};
}

trace::ReplayResult replay(const trace::ReplayProgram& program, const ReplaySetting& setting) {
  if (setting.system.empty()) return trace::replay_on_nothing(program);
  if (setting.system == "malloc") {
    return trace::replay_explicitly(program, trace::Allocator::malloc);
  }
  if (setting.system == "mimalloc") {
    return trace::replay_explicitly(program, trace::Allocator::mimalloc);
  }
  HeapOptions options = gc::fixed_size(setting.system, setting.heap_bytes);
  options.verify = setting.verify_heap;
  const auto heap = gc::make_heap(options);
  return trace::replay_on_heap(program, *heap, {.check = setting.check});
}

bool completes(const trace::ReplayProgram& program, const std::string& plan, std::uint64_t bytes) {
  return in_own_process(
      [&]() -> Json { return replay(program, {.system = plan, .heap_bytes = bytes}).completed; });
}

std::uint64_t round_to_blocks(std::uint64_t bytes) {
  return (bytes + block_bytes - 1) / block_bytes * block_bytes;
}

}  // namespace

Json in_own_process(const std::function<Json()>& work) {
  int ends[2];
  if (::pipe(ends) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  std::fflush(stdout);
  std::fflush(stderr);
  const pid_t child = ::fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child == 0) {
    ::close(ends[0]);
    be_child(ends[1], work);
  }
  ::close(ends[1]);
  const std::string text = read_all(ends[0]);
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status)) {
    throw std::runtime_error(fmt::format("the process that replayed died of signal {}{}",
                                         WTERMSIG(status),
                                         WTERMSIG(status) == 9 ? " (no memory left?)" : ""));
  }
  const Json answer = Json::parse(text, nullptr, false);
  if (answer.is_discarded()) throw std::runtime_error("the process that replayed said nothing");
  if (answer.contains("error")) throw std::runtime_error(answer["error"].get<std::string>());
  return answer["result"];
}

Json run_replay(const trace::ReplayProgram& program, const ReplaySetting& setting) {
  Json best;
  std::vector<std::uint64_t> wall, cpu;
  for (unsigned run = 0; run < setting.runs; ++run) {
    Json result = in_own_process([&] { return to_json(replay(program, setting)); });
    wall.push_back(result["total"]["wall_ns"]);
    cpu.push_back(result["total"]["cpu_ns"]);
    if (best.is_null() || result["total"]["cpu_ns"] < best["total"]["cpu_ns"]) {
      best = std::move(result);
    }
  }
  best["runs"] = {{"count", setting.runs}, {"wall_ns", range_of(wall)}, {"cpu_ns", range_of(cpu)}};
  return best;
}

std::uint64_t find_minimum_heap(const trace::ReplayProgram& program, const std::string& plan,
                                const std::function<void(std::uint64_t)>& progress) {
  const auto try_size = [&](std::uint64_t bytes) {
    progress(bytes);
    return completes(program, plan, bytes);
  };
  std::uint64_t too_small = 0;
  std::uint64_t enough = round_to_blocks(program.summary().peak_live_bytes + block_bytes);
  while (!try_size(enough)) {
    too_small = enough;
    enough = round_to_blocks(enough + enough / 2);
    if (enough > 16 * GiB) throw std::runtime_error(plan + " does not get through in 16 GiB");
  }
  while (enough - too_small > std::max<std::uint64_t>(block_bytes, enough / 64)) {
    const std::uint64_t middle = round_to_blocks((too_small + enough) / 2);
    if (middle >= enough) break;
    (try_size(middle) ? enough : too_small) = middle;
  }
  return enough;
}

}  // namespace heaplab::cli
