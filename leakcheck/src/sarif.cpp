// SPDX-License-Identifier: MIT
// SARIF 2.1.0 (OASIS): a rule for each kind of leak, a result for each leak.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "heaplab/leakcheck/print.h"
#include "heaplab/support/format.h"

namespace heaplab::leakcheck {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array all_kinds = {Kind::collection,   Kind::listener,     Kind::timer,
                                  Kind::closure,      Kind::large_object, Kind::unneeded,
                                  Kind::never_freed,  Kind::growing_site, Kind::growing_block,
                                  Kind::freed_at_exit};

/// "leak/forgotten-cache-collection"
std::string rule_id(Kind kind) {
  std::string id = "leak/" + std::string(to_string(kind));
  for (std::size_t i = 5; i < id.size(); ++i) {
    if (id[i] == ' ' || id[i] == '/') id[i] = '-';
  }
  return id;
}

Json rules() {
  Json result = Json::array();
  for (const Kind kind : all_kinds) {
    result.push_back(
        {{"id", rule_id(kind)},
         {"name", to_string(kind)},
         {"shortDescription", {{"text", fmt::format("memory leak: {}", to_string(kind))}}},
         {"defaultConfiguration", {{"level", "warning"}}}});
  }
  return result;
}

/// A path as the reference of a URI: spaces and the like are escaped.
std::string uri(const std::string& path) {
  std::string result = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain =
        std::isalnum(byte) != 0 || std::string_view("-._~/:@").find(c) != std::string_view::npos;
    result += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return result;
}

Json physical(const Place& place) {
  Json location = {{"artifactLocation", {{"uri", uri(place.file)}}}};
  if (place.line != 0) {
    location["region"] = {{"startLine", place.line}};
    if (place.column != 0) location["region"]["startColumn"] = place.column;
  }
  return location;
}

/// The place of the culprit; where it is not known, of what accumulates.
Json locations(const Leak& leak) {
  Json location = {{"logicalLocations", Json::array({{{"fullyQualifiedName", leak.culprit.path},
                                                      {"kind", "variable"}}})}};
  const Place* place = leak.culprit.place.known() ? &leak.culprit.place : nullptr;
  if (place == nullptr && !leak.sites.empty()) place = &leak.sites.front().place;
  if (place != nullptr) location["physicalLocation"] = physical(*place);
  return Json::array({std::move(location)});
}

Json result_of(const Leak& leak, std::size_t rank) {
  Json related = Json::array();
  for (const Site& site : leak.sites) {
    related.push_back({{"id", related.size() + 1},
                       {"message",
                        {{"text", fmt::format("{}, {}", format_quantity(site.count, "object"),
                                              format_bytes(site.bytes))}}},
                       {"physicalLocation", physical(site.place)}});
  }
  const std::string message =
      fmt::format("{} ({}) accumulates {} × {}, {}. {} {}", leak.culprit.path, leak.culprit.type,
                  leak.accumulates.count, leak.accumulates.type, format_bytes(leak.retained_bytes),
                  leak.why, leak.advice);
  Json result = {{"ruleId", rule_id(leak.kind)},
                 {"level", leak.confidence >= 0.5 ? "error" : "warning"},
                 {"message", {{"text", message}}},
                 {"rank", std::min(100.0, std::round(100 * leak.confidence))},
                 {"locations", locations(leak)},
                 {"partialFingerprints",
                  {{"culprit/v1", leak.culprit.path + "|" + std::string(to_string(leak.kind))}}},
                 {"properties",
                  {{"order", rank},
                   {"retainedBytes", leak.retained_bytes},
                   {"score", leak.score},
                   {"evidence", leak.evidence}}}};
  if (!related.empty()) result["relatedLocations"] = std::move(related);
  return result;
}

}  // namespace

std::string to_sarif(const Report& report, const std::string& version) {
  Json results = Json::array();
  for (const Leak& leak : report.leaks) results.push_back(result_of(leak, results.size() + 1));
  const Json driver = {{"name", "heaplab"}, {"version", version}, {"rules", rules()}};
  const Json run = {{"tool", {{"driver", driver}}}, {"results", std::move(results)}};
  const Json document = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                         {"version", "2.1.0"},
                         {"runs", Json::array({run})}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace heaplab::leakcheck
