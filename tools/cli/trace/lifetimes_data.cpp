// SPDX-License-Identifier: MIT
// The same for programs: JSON (schema in docs/lifetimes.md) and CSV.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "lifetimes.h"
#include "trace.h"

namespace heaplab::cli {
namespace {

using nlohmann::ordered_json;
using trace::LifetimeReport;

ordered_json lifetime_or_null(std::uint64_t lifetime) {
  return lifetime == trace::to_the_end ? ordered_json() : ordered_json(lifetime);
}

template <class Describe>
ordered_json groups_json(const std::vector<trace::GroupLifetimes>& groups, std::size_t top,
                         Describe describe) {
  ordered_json list = ordered_json::array();
  for (std::size_t i = 0; i < std::min(top, groups.size()); ++i) {
    const trace::GroupLifetimes& group = groups[i];
    ordered_json item = describe(group.key);
    item["objects"] = group.objects;
    item["bytes"] = group.bytes;
    item["alive_bytes"] = group.alive_bytes;
    item["old_bytes"] = group.old_bytes;
    item["median_lifetime_bytes"] = lifetime_or_null(group.median_lifetime);
    item["p90_lifetime_bytes"] = lifetime_or_null(group.p90_lifetime);
    list.push_back(std::move(item));
  }
  return list;
}

ordered_json nurseries_json(const LifetimeReport& report) {
  ordered_json list = ordered_json::array();
  for (std::size_t i = report.first_judged; i < report.nurseries.size(); ++i) {
    const trace::NurserySize& size = report.nurseries[i];
    list.push_back({{"bytes", size.bytes},
                    {"collections", size.collections},
                    {"allocated_bytes", size.allocated_bytes},
                    {"survived_bytes", size.survived_bytes},
                    {"promoted_bytes", size.promoted_bytes}});
    if (report.pointers_known) list.back()["old_to_young_writes"] = size.old_to_young;
  }
  return list;
}

ordered_json curves_json(const LifetimeReport& report) {
  ordered_json result;
  result["survival"] = ordered_json::array();
  for (const auto& point : report.survival) {
    result["survival"].push_back({{"age_bytes", point.age},
                                  {"watched_bytes", point.watched_bytes},
                                  {"survived_bytes", point.survived_bytes}});
  }
  result["age_limits_bytes"] = trace::age_limits;
  result["ages"] = ordered_json::array();
  for (const auto& column : report.ages) {
    result["ages"].push_back({{"clock_bytes", column.clock}, {"live_bytes", column.live_bytes}});
  }
  return result;
}

ordered_json site_json(const trace::Tables& tables, std::uint32_t key) {
  const trace::Frame& frame = tables.frames[key];
  return {{"function", tables.text(frame.function)},
          {"file", tables.text(frame.file)},
          {"line", frame.line},
          {"column", frame.column}};
}

ordered_json to_json(const trace::RecordingSource& source, const LifetimeReport& report,
                     std::size_t top) {
  const trace::Tables& tables = source.tables();
  const auto site = [&](std::uint32_t key) { return site_json(tables, key); };
  ordered_json result = {{"schema", "heaplab-lifetimes/1"},
                         {"file", source.path()},
                         {"complete", complete_json(report.mortality.extent)},
                         {"precision", trace::to_string(report.mortality.precision)},
                         {"root_granularity_bytes", report.mortality.root_granularity},
                         {"contradictions", report.mortality.contradictions},
                         {"allocated_bytes", report.allocated_bytes},
                         {"objects", report.objects},
                         {"adopted", report.adopted},
                         {"survivors", report.survivors},
                         {"survivor_bytes", report.survivor_bytes}};
  result.update(curves_json(report));
  result["nurseries"] = nurseries_json(report);
  result["advised_nursery_bytes"] =
      report.nurseries.empty() ? 0 : report.nurseries[report.advised].bytes;
  result["advice"] = report.advice;
  result["types"] = groups_json(report.types, top, [&](std::uint32_t key) {
    return ordered_json{{"type", tables.type_name(key)}};
  });
  result["sites"] = groups_json(report.sites, top, site);
  result["pretenure"] = groups_json(report.pretenure, top, site);
  if (report.pointers_known) {
    result["references"] = {{"initialising", report.pointers.initialising},
                            {"old_to_young", report.pointers.old_to_young},
                            {"young_to_old", report.pointers.young_to_old},
                            {"to_itself", report.pointers.to_itself}};
  }
  return result;
}

std::string csv_text(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

template <class Name>
void groups_csv(const char* what, const std::vector<trace::GroupLifetimes>& groups, Name name) {
  fmt::print("{},objects,bytes,alive_bytes,old_bytes,median_lifetime_bytes,p90_lifetime_bytes\n",
             what);
  const auto lifetime = [](std::uint64_t bytes) {
    return bytes == trace::to_the_end ? std::string() : std::to_string(bytes);
  };
  for (const trace::GroupLifetimes& group : groups) {
    fmt::print("{},{},{},{},{},{},{}\n", csv_text(name(group.key)), group.objects, group.bytes,
               group.alive_bytes, group.old_bytes, lifetime(group.median_lifetime),
               lifetime(group.p90_lifetime));
  }
}

void curves_csv(const LifetimeReport& report, const std::string& table) {
  if (table == "survival") {
    fmt::print("age_bytes,watched_bytes,survived_bytes,share\n");
    for (const auto& point : report.survival) {
      fmt::print("{},{},{},{:.6f}\n", point.age, point.watched_bytes, point.survived_bytes,
                 point.share());
    }
  } else if (table == "ages") {
    fmt::print("clock_bytes,{},older\n", fmt::join(trace::age_limits, ","));
    for (const auto& column : report.ages) {
      fmt::print("{},{}\n", column.clock, fmt::join(column.live_bytes, ","));
    }
  } else {
    fmt::print(
        "bytes,collections,allocated_bytes,survived_bytes,promoted_bytes,old_to_young_writes\n");
    for (std::size_t i = report.first_judged; i < report.nurseries.size(); ++i) {
      const trace::NurserySize& size = report.nurseries[i];
      fmt::print("{},{},{},{},{},{}\n", size.bytes, size.collections, size.allocated_bytes,
                 size.survived_bytes, size.promoted_bytes,
                 report.pointers_known ? std::to_string(size.old_to_young) : "");
    }
  }
}

}  // namespace

void print_lifetimes_json(const trace::RecordingSource& source, const LifetimeReport& report,
                          std::size_t top) {
  fmt::print(
      "{}\n",
      to_json(source, report, top).dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

void print_lifetimes_csv(const trace::RecordingSource& source, const LifetimeReport& report,
                         const std::string& table) {
  const trace::Tables& tables = source.tables();
  if (table == "types") {
    groups_csv("type", report.types, [&](std::uint32_t key) { return tables.type_name(key); });
  } else if (table == "sites") {
    groups_csv("site", report.sites,
               [&](std::uint32_t key) { return place_of_frame(tables, key); });
  } else {
    curves_csv(report, table);
  }
}

}  // namespace heaplab::cli
