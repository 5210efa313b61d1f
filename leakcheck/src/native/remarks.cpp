// SPDX-License-Identifier: MIT
#include "remarks.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "trend.h"

namespace heaplab::leakcheck::native {
namespace {

constexpr std::size_t most_hot_spots = 3;
constexpr std::uint64_t many_temporaries = 1'000;
constexpr double share_of_all = 0.1;

constexpr std::size_t least_resident_samples = 12;
constexpr double significant_z = 2.33;
constexpr double least_resident_growth = 1 << 20;
constexpr double least_resident_share = 0.05;
/// Of what the system sees more, what is allocated explains no more than this.
constexpr double unexplained = 0.2;

/// The innermost function of the program; or of all.
FunctionId innermost(const std::vector<Functions::Call>& calls) {
  const auto own = std::find_if(calls.begin(), calls.end(), [](const Functions::Call& call) {
    return call.role == Role::program;
  });
  return own == calls.end() ? calls.front().function : own->function;
}

void add_hot_spots(const History& history, Functions& functions, Report& report) {
  struct Spot {
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;
    FunctionId function = 0;
  };
  std::map<FunctionId, Spot> by_function;
  for (trace::StackId id = 1; id < history.stacks.size(); ++id) {
    const StackHistory& stack = history.stacks[id];
    if (stack.temporary == 0) continue;
    const FunctionId function = innermost(functions.calls(id));
    Spot& spot = by_function[function];
    spot.function = function;
    spot.count += stack.temporary;
    spot.bytes += stack.temporary_bytes;
  }
  std::vector<Spot> spots;
  for (const auto& [function, spot] : by_function) {
    const auto least = share_of_all * static_cast<double>(history.allocations);
    if (spot.count >= many_temporaries && static_cast<double>(spot.count) >= least) {
      spots.push_back(spot);
    }
  }
  std::stable_sort(spots.begin(), spots.end(),
                   [](const Spot& a, const Spot& b) { return a.count > b.count; });
  if (spots.size() > most_hot_spots) spots.resize(most_hot_spots);
  for (const Spot& spot : spots) {
    report.remarks.push_back({fmt::format("block that {} allocates and that is freed at once",
                                          functions.name(spot.function)),
                              spot.count, spot.bytes});
  }
}

void add_fragmentation(const History& history, Report& report) {
  const auto& samples = history.resident;
  if (samples.size() < least_resident_samples) return;
  const std::size_t start = samples.size() / 4;  // the start-up
  std::vector<double> resident;
  double alive_before = 0;
  for (std::size_t i = start; i < samples.size(); ++i) {
    resident.push_back(static_cast<double>(samples[i].resident));
  }
  const std::size_t quarter = std::max<std::size_t>(1, resident.size() / 4);
  double alive_after = 0;
  for (std::size_t i = 0; i < quarter; ++i) {
    alive_before += static_cast<double>(samples[start + i].alive);
    alive_after += static_cast<double>(samples[samples.size() - 2 - i].alive);
  }
  const double growth = resident.back() - resident.front();
  const double explained = std::max(0.0, alive_after - alive_before) / static_cast<double>(quarter);
  if (growth < std::max(least_resident_growth, least_resident_share * resident.front()) ||
      explained > unexplained * growth || mann_kendall(resident).z < significant_z) {
    return;
  }
  report.remarks.push_back(
      {"growth of resident memory while what is allocated does not grow: fragmentation, or memory "
       "that the allocator keeps",
       1, static_cast<std::uint64_t>(growth)});
}

}  // namespace

void add_remarks(const History& history, Functions& functions, std::uint64_t excused,
                 Report& report) {
  add_hot_spots(history, functions, report);
  add_fragmentation(history, report);
  if (history.alive_objects > 0) {
    report.remarks.push_back(
        {"block that was never freed; which of them the program had lost cannot be told without a "
         "heap graph",
         history.alive_objects, history.alive_bytes});
  }
  if (excused > 0) report.remarks.push_back({"group of known leaks, left out", 1, excused});
}

}  // namespace heaplab::leakcheck::native
