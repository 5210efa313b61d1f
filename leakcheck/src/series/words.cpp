// SPDX-License-Identifier: MIT
#include "series/words.h"

#include <fmt/format.h>

#include "../words.h"

namespace heaplab::leakcheck::series {
namespace {

/// Things of this size are leaked one by one.
constexpr std::uint64_t large_thing = 128 * 1024;
/// So many functions among the contents make a list of listeners.
constexpr double mostly = 0.6;

bool is_timer(const Series& series, NodeIndex node) {
  if (node == no_node || series.last.type(node) != NodeType::object) return false;
  const Known known = series.names.of(node);
  return known == Known::timers || known == Known::timeout;
}

}  // namespace

Shape shape_of(const Series& series, const Finding& finding) {
  const NodeIndex node = finding.container->node;
  if (finding.container->is_loose && !is_timer(series, node)) return Shape::loose;
  if (is_timer(series, node) || is_timer(series, finding.contents->example)) return Shape::timers;
  if (series.last.type(node) == NodeType::object && series.names.of(node) == Known::promise) {
    return Shape::promise;
  }
  if (is_string(series.last.type(node))) return Shape::text;
  if (finding.contents->sliced >= mostly) return Shape::sliced;
  const bool chain = finding.container->is_chain || finding.container->is_linked;
  return chain ? Shape::chain : Shape::plain;
}

Kind kind_of(const Series& series, const Finding& finding) {
  const Contents& contents = *finding.contents;
  if (finding.shape == Shape::timers) return Kind::timer;
  if (finding.shape == Shape::loose) return Kind::unneeded;
  if (!finding.route.event.empty()) return Kind::listener;
  if (finding.route.in_timer && finding.route.scope_is_local) return Kind::timer;
  if (finding.shape == Shape::promise) return Kind::closure;
  if (finding.shape == Shape::text) return Kind::collection;
  const NodeType type = series.last.type(finding.container->node);
  if (type == NodeType::closure) return Kind::closure;
  const std::uint64_t each = contents.bytes / std::max<std::uint64_t>(contents.count, 1);
  if (contents.count != 0 && each >= large_thing) return Kind::large_object;
  if (finding.shape == Shape::plain && contents.functions >= mostly) return Kind::listener;
  return Kind::collection;
}

std::string why_kept(const Leak& leak, Shape shape) {
  const std::string& path = leak.culprit.path;
  switch (shape) {
    case Shape::chain:
      return fmt::format(
          "Each refers to the next, so everything behind {} stays as long as it is reachable.",
          path);
    case Shape::promise:
      return fmt::format(
          "{} is not settled, and it holds everything that waits for it: the functions to call and "
          "the variables they need.",
          path);
    case Shape::text:
      return fmt::format("{} is a text that only gets longer.", path);
    case Shape::sliced:
      return fmt::format(
          "{} holds short pieces cut out of long texts, and V8 keeps the whole text for each "
          "piece.",
          path);
    case Shape::loose:
      return "No variable of the program holds them, but the runtime does: each has an open "
             "handle, "
             "or is part of an operation that has not ended.";
    case Shape::timers:
    case Shape::plain:
      return leakcheck::why_kept(leak, true);
  }
  return {};
}

std::string advice_for(const Leak& leak, Shape shape) {
  const std::string& path = leak.culprit.path;
  switch (shape) {
    case Shape::chain:
      return fmt::format(
          "Cut the chain: let {} move on, or set the reference to the earlier one to null when it "
          "has been dealt with.",
          path);
    case Shape::promise:
      return fmt::format(
          "Settle {} in every case (reject it on failure and on a time limit), or wait with a "
          "limit: Promise.race also leaves its reactions on a promise that lives on.",
          path);
    case Shape::text:
      return "Write the text out when it has some length, and start a new one.";
    case Shape::sliced:
      return "Copy the piece before storing it, e.g. Buffer.from(piece).toString() or "
             "structuredClone(piece).";
    case Shape::loose:
      return "Close or destroy each one when it is done with, also on errors, and give operations "
             "a "
             "time limit.";
    case Shape::timers:
    case Shape::plain:
      return leakcheck::advice_for(leak, true);
  }
  return {};
}

std::string reason_for(Verdict verdict) {
  switch (verdict) {
    case Verdict::leaks:
      return {};
    case Verdict::small:
      return "it grew by too little to matter";
    case Verdict::settled:
      return "it stopped growing";
    case Verdict::turnover:
      return "its contents come and go: of what it held before, much is gone";
    case Verdict::once:
      return "it grew in one interval only, so this may be a table that was made late";
    case Verdict::few:
      return "it grew by a few things only";
    case Verdict::slowing:
      return "it grows less and less, as what fills up does: another snapshot tells whether it "
             "ends";
    case Verdict::replaced:
      return "what is new in it took the place of older things: there are no more of them than "
             "before";
    case Verdict::moment:
      return "most of what it holds is gone when the running job ends: weak references to it were "
             "looked at";
  }
  return {};
}

}  // namespace heaplab::leakcheck::series
