// SPDX-License-Identifier: MIT
#include <cmath>
#include <nlohmann/json.hpp>

#include "heaplab/leakcheck/print.h"

namespace heaplab::leakcheck {
namespace {

using Json = nlohmann::ordered_json;

Json location(const Place& place) { return place.known() ? Json(place.text()) : Json(nullptr); }

Json culprit(const Culprit& culprit) {
  return {{"path", culprit.path}, {"type", culprit.type}, {"location", location(culprit.place)}};
}

Json growth(const Growth& growth) {
  Json values = Json::array();
  for (const double value : growth.values) values.push_back(std::llround(value));
  return {{"rounds", growth.rounds},
          {"unit", growth.unit},
          {"per_round", std::round(growth.per_round * 100) / 100},
          {"bytes_per_round", std::llround(growth.bytes_per_round)},
          {"values", std::move(values)}};
}

Json sites(const std::vector<Site>& list) {
  Json result = Json::array();
  for (const Site& site : list) {
    result.push_back({{"location", location(site.place)},
                      {"file", site.place.file},
                      {"line", site.place.line},
                      {"column", site.place.column},
                      {"function", site.place.function},
                      {"count", site.count},
                      {"bytes", site.bytes}});
  }
  return result;
}

Json stack(const std::vector<Call>& calls) {
  Json result = Json::array();
  for (const Call& call : calls) {
    result.push_back({{"function", call.place.function},
                      {"location", location(call.place)},
                      {"culprit", call.is_culprit}});
  }
  return result;
}

Json leak_json(const Leak& leak, std::size_t rank) {
  Json result = {{"rank", rank},
                 {"kind", to_string(leak.kind)},
                 {"culprit", culprit(leak.culprit)},
                 {"accumulates",
                  {{"type", leak.accumulates.type},
                   {"count", leak.accumulates.count},
                   {"bytes", leak.accumulates.bytes}}},
                 {"growth", growth(leak.growth)},
                 {"retained_bytes", leak.retained_bytes},
                 {"sites", sites(leak.sites)},
                 {"stack", stack(leak.stack)},
                 {"why", leak.why},
                 {"advice", leak.advice},
                 {"confidence", std::round(leak.confidence * 100) / 100},
                 {"score", std::round(leak.score * 100) / 100},
                 {"evidence", leak.evidence},
                 {"also_holds", leak.also_holds}};
  if (!leak.heap.empty()) result["heap"] = leak.heap;
  return result;
}

Json input(const Report& report) {
  Json result = {
      {"file", report.file},
      {"program", report.program},
      {"complete", report.complete && !report.end_is_told ? Json(nullptr) : Json(report.complete)},
      {"checkpoints", report.checkpoints},
      {"rounds", report.rounds},
      {"rounds_are_marks", report.rounds_are_marks},
      {"reads_known", report.reads_known},
      {"collections", report.collections},
      {"allocated_objects", report.allocated_objects},
      {"allocated_bytes", report.allocated_bytes},
      {"live_bytes", report.live_bytes}};
  if (report.slices > 0) {
    result["slices"] = report.slices;
    result["slices_by"] = report.slices_by_time ? "time" : "allocations";
    result["exit_live_bytes"] = report.exit_live_bytes;
  }
  if (report.profiles > 0) {
    result["profiles"] = report.profiles;
    result["seconds"] = report.seconds;
  }
  if (!report.note.empty()) result["note"] = report.note;
  return result;
}

Json inputs(const Report& report) {
  if (report.inputs.empty()) return Json::array({input(report)});
  Json result = Json::array();
  for (const Input& file : report.inputs) {
    result.push_back({{"file", file.file},
                      {"kind", file.kind},
                      {"nodes", file.nodes},
                      {"edges", file.edges},
                      {"live_bytes", file.live_bytes},
                      {"last_id", file.last_id}});
  }
  return result;
}

}  // namespace

std::string to_json(const Report& report) {
  Json leaks = Json::array();
  for (const Leak& leak : report.leaks) leaks.push_back(leak_json(leak, leaks.size() + 1));
  Json grown = Json::array();
  for (const Grown& entry : report.grew_but_not_leaking) {
    grown.push_back({{"culprit", culprit(entry.culprit)},
                     {"growth", growth(entry.growth)},
                     {"reason", entry.reason}});
    if (!entry.heap.empty()) grown.back()["heap"] = entry.heap;
  }
  Json remarks = Json::array();
  for (const Remark& remark : report.remarks) {
    remarks.push_back({{"what", remark.what}, {"count", remark.count}, {"bytes", remark.bytes}});
  }
  const Json document = {{"schema", "heaplab-leaks/1"},
                         {"inputs", inputs(report)},
                         {"order", report.order},
                         {"leaks", std::move(leaks)},
                         {"grew_but_not_leaking", std::move(grown)},
                         {"remarks", std::move(remarks)}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace heaplab::leakcheck
