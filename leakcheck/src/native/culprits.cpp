// SPDX-License-Identifier: MIT
#include "culprits.h"

#include <algorithm>
#include <map>

namespace heaplab::leakcheck::native {
namespace {

/// A caller that frees this share of what it gets has no leak there.
constexpr double frees_nearly_all = 0.9;
/// So many allocations say something about a caller.
constexpr std::uint64_t telling_allocations = 4;
/// And this share of all that its callee hands out.
constexpr double telling_share = 0.02;
/// A caller that adds less to what grew of its callee's in the second half has no leak there.
constexpr double grows_not = 0.05;
/// So many that hold what they have and do not grow say that it is not their callee's fault. (One
/// might be what fills the callee's own table at the start.)
constexpr std::size_t many_holding = 2;

/// The stacks as a tree, the innermost function at the top and its callers below.
struct Node {
  FunctionId function = 0;
  Role role = Role::program;
  std::uint64_t allocations = 0;
  std::uint64_t frees = 0;
  double growth = 0;
  double late_growth = 0;        ///< in the second half
  std::uint64_t kept_bytes = 0;  ///< alive when the work ended
  trace::FrameId frame = 0;      ///< of the stack that grew most
  trace::StackId stack = 0;      ///< that one
  double frame_growth = -1;
  std::map<FunctionId, std::uint32_t> callers;  ///< nodes
  std::vector<trace::StackId> ending;           ///< stacks whose outermost function this is
};

class CallerTree {
 public:
  CallerTree(const History& history, Functions& functions)
      : history_(history), functions_(functions), nodes_(1) {}

  void add(trace::StackId stack) {
    const StackHistory& what = history_.stacks[stack];
    const std::vector<double> floors = history_.floors({stack});
    const double growth = growth_of(floors);
    const double late_growth =
        floors.empty() ? 0 : std::max(0.0, floors.back() - floors[floors.size() / 2]);
    std::uint32_t node = 0;
    for (const Functions::Call& call : interesting(functions_.calls(stack))) {
      node = caller(node, call);
      Node& entry = nodes_[node];
      entry.allocations += what.allocations;
      entry.frees += what.frees;
      entry.growth += growth;
      entry.late_growth += late_growth;
      entry.kept_bytes += what.working_bytes;
      if (growth > entry.frame_growth) {
        entry.frame_growth = growth;
        entry.frame = call.frame;
        entry.stack = stack;
      }
    }
    nodes_[node].ending.push_back(stack);
  }

  std::map<FunctionId, Group> groups() {
    std::vector<Open> open{{0, {}, {}}};
    while (!open.empty()) {
      const Open at = std::move(open.back());
      open.pop_back();
      const Node& node = nodes_[at.node];
      if (at.node == 0 || hands_out(node)) {
        for (const auto& [function, caller] : node.callers) open.push_back(told_apart(at, caller));
        if (at.node != 0 && !node.ending.empty()) take(at, node.ending);
      } else if (node.growth > 0 || node.kept_bytes > 0) {
        take(at, below(at.node));
      }
    }
    return std::move(groups_);
  }

 private:
  /// Without what lies further in than the program's own code: a library allocates for whoever
  /// calls it. A stack that has no code of the program's keeps its libraries.
  static std::vector<Functions::Call> interesting(const std::vector<Functions::Call>& calls) {
    std::vector<Functions::Call> result;
    for (const Functions::Call& call : calls) {
      if (call.role != Role::library) result.push_back(call);
    }
    return result.empty() ? calls : result;
  }

  std::uint32_t caller(std::uint32_t node, const Functions::Call& call) {
    const auto next = static_cast<std::uint32_t>(nodes_.size());
    const auto [entry, is_new] = nodes_[node].callers.try_emplace(call.function, next);
    const std::uint32_t number = entry->second;
    if (is_new) {
      nodes_.emplace_back();
      nodes_.back().function = call.function;
      nodes_.back().role = call.role;
    }
    return number;
  }

  /// A node that is to be judged, and how it was told from the other callers of its callee.
  struct Open {
    std::uint32_t node = 0;
    std::optional<FunctionId> callee;
    std::vector<FunctionId> innocent;
  };

  /// What a caller does with what it is given.
  enum class Conduct : std::uint8_t { frees, holds, keeps, says_nothing };

  Conduct conduct(const Node& node, const Node& caller) const {
    const auto allocations = static_cast<double>(caller.allocations);
    const bool tells = caller.allocations >= telling_allocations &&
                       allocations >= static_cast<double>(node.allocations) * telling_share;
    if (static_cast<double>(caller.frees) >= frees_nearly_all * allocations) {
      return tells ? Conduct::frees : Conduct::says_nothing;
    }
    if (tells && node.late_growth > 0 && caller.late_growth <= grows_not * node.late_growth) {
      return Conduct::holds;
    }
    return caller.kept_bytes > 0 ? Conduct::keeps : Conduct::says_nothing;
  }

  struct Callers {
    std::size_t freeing = 0, holding = 0, keeping = 0;
    std::uint32_t keeps = 0;  ///< the last of those
  };
  Callers callers_of(const Node& node) const {
    Callers result;
    for (const auto& [function, number] : node.callers) {
      const Conduct what = conduct(node, nodes_[number]);
      result.freeing += what == Conduct::frees ? 1 : 0;
      result.holding += what == Conduct::holds ? 1 : 0;
      if (what != Conduct::keeps) continue;
      ++result.keeping;
      result.keeps = number;
    }
    return result;
  }

  /// One that keeps may ask through another, which only some of its callers let keep it.
  bool hands_out(const Node& node) const {
    const Callers first = callers_of(node);
    if (!node.callers.empty() && node.role == Role::allocator) return true;
    if (first.keeping > 0 && (first.freeing > 0 || first.holding >= many_holding)) return true;
    for (Callers at = first; at.keeping == 1;) {
      const Node& next = nodes_[at.keeps];
      at = callers_of(next);
      if (at.keeping > 0 && at.freeing > 0) return true;
    }
    return false;
  }

  /// A caller of a function that hands out memory: told from those that let go, if it keeps. What
  /// is known from further in stays known if nothing is learned here.
  Open told_apart(const Open& callee, std::uint32_t number) const {
    const Node& node = nodes_[callee.node];
    Open result{number, callee.callee, callee.innocent};
    if (callee.node == 0 || conduct(node, nodes_[number]) != Conduct::keeps) return result;
    std::vector<FunctionId> innocent;
    for (const auto& [function, other] : node.callers) {
      const Conduct what = conduct(node, nodes_[other]);
      if (what == Conduct::frees || what == Conduct::holds) innocent.push_back(function);
    }
    if (!innocent.empty()) {
      result.callee = node.function;
      result.innocent = std::move(innocent);
    }
    return result;
  }

  std::vector<trace::StackId> below(std::uint32_t top) const {
    std::vector<trace::StackId> result;
    std::vector<std::uint32_t> open{top};
    while (!open.empty()) {
      const Node& node = nodes_[open.back()];
      open.pop_back();
      result.insert(result.end(), node.ending.begin(), node.ending.end());
      for (const auto& [function, caller] : node.callers) open.push_back(caller);
    }
    return result;
  }

  void take(const Open& at, const std::vector<trace::StackId>& stacks) {
    const Node& node = nodes_[at.node];
    Group& group = groups_[node.function];
    group.function = node.function;
    double& best = best_growth_[node.function];
    if (group.stacks.empty() || node.frame_growth > best) {
      group.frame = node.frame;
      group.stack = node.stack;
      group.handed_out_by = at.callee;
      group.innocent = at.innocent;
      best = node.frame_growth;
    }
    group.stacks.insert(group.stacks.end(), stacks.begin(), stacks.end());
  }

  const History& history_;
  Functions& functions_;
  std::vector<Node> nodes_;
  std::map<FunctionId, Group> groups_;
  std::map<FunctionId, double> best_growth_;
};

}  // namespace

double growth_of(const std::vector<double>& floors) {
  if (floors.size() < 2) return 0;
  const double start = floors[std::min(startup_slices(floors.size()), floors.size() - 1)];
  return std::max(0.0, floors.back() - start);
}

std::vector<Group> find_culprits(const History& history, Functions& functions) {
  CallerTree tree(history, functions);
  for (trace::StackId stack = 0; stack < history.stacks.size(); ++stack) {
    if (history.stacks[stack].allocations > 0) tree.add(stack);
  }
  std::vector<Group> result;
  for (auto& [function, group] : tree.groups()) {
    std::sort(group.stacks.begin(), group.stacks.end());
    group.stacks.erase(std::unique(group.stacks.begin(), group.stacks.end()), group.stacks.end());
    result.push_back(std::move(group));
  }
  return result;
}

}  // namespace heaplab::leakcheck::native
