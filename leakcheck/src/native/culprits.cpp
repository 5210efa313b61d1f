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

/// The stacks as a tree, the innermost function at the top and its callers below.
struct Node {
  FunctionId function = 0;
  Role role = Role::program;
  std::uint64_t allocations = 0;
  std::uint64_t frees = 0;
  double growth = 0;
  std::uint64_t kept_bytes = 0;  ///< alive when the work ended
  trace::FrameId frame = 0;      ///< of the stack that grew most
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
    const double growth = growth_of(history_.floors({stack}));
    std::uint32_t node = 0;
    for (const Functions::Call& call : interesting(functions_.calls(stack))) {
      node = caller(node, call);
      Node& entry = nodes_[node];
      entry.allocations += what.allocations;
      entry.frees += what.frees;
      entry.growth += growth;
      entry.kept_bytes += what.working_bytes;
      if (growth > entry.frame_growth) {
        entry.frame_growth = growth;
        entry.frame = call.frame;
      }
    }
    nodes_[node].ending.push_back(stack);
  }

  std::map<FunctionId, Group> groups() {
    std::vector<std::uint32_t> open{0};
    while (!open.empty()) {
      const std::uint32_t number = open.back();
      open.pop_back();
      const Node& node = nodes_[number];
      if (number == 0 || hands_out(node)) {
        for (const auto& [function, caller] : node.callers) open.push_back(caller);
        if (number != 0 && !node.ending.empty()) take(number, node.ending);
      } else if (node.growth > 0 || node.kept_bytes > 0) {
        take(number, below(number));
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

  bool hands_out(const Node& node) const {
    if (node.callers.empty()) return false;
    if (node.role == Role::allocator) return true;
    const auto enough = static_cast<double>(node.allocations) * telling_share;
    bool some_free = false;
    bool some_keep = false;
    for (const auto& [function, number] : node.callers) {
      const Node& caller = nodes_[number];
      const auto allocations = static_cast<double>(caller.allocations);
      const bool frees = static_cast<double>(caller.frees) >= frees_nearly_all * allocations &&
                         caller.allocations >= telling_allocations && allocations >= enough;
      some_free |= frees;
      some_keep |= !frees && caller.kept_bytes > 0;
    }
    return some_free && some_keep;
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

  void take(std::uint32_t number, const std::vector<trace::StackId>& stacks) {
    const Node& node = nodes_[number];
    Group& group = groups_[node.function];
    group.function = node.function;
    double& best = best_growth_[node.function];
    if (group.stacks.empty() || node.frame_growth > best) {
      group.frame = node.frame;
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

std::size_t startup_slices(std::size_t slices) { return std::max<std::size_t>(1, slices / 8); }

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
