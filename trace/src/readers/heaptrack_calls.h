// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include "../site_costs.h"
#include "heaptrack_tables.h"
#include "symbols.h"

namespace heaplab::trace::heaptrack {

/// The stacks of a heaptrack file; its places are instructions.
class Calls : public CallTree {
 public:
  explicit Calls(const Tables& tables) : tables_(tables), names_(tables.instructions.size()) {}

  std::size_t node_count() const override { return tables_.stacks.size(); }
  std::size_t place_count() const override { return tables_.instructions.size(); }
  std::uint32_t parent(std::uint32_t node) const override { return tables_.stacks[node].parent; }
  std::uint32_t place(std::uint32_t node) const override {
    return tables_.stacks[node].instruction;
  }
  const std::vector<CodeLocation>& names(std::uint32_t place) override;

 private:
  using Names = std::vector<CodeLocation>;
  Names find_names(const Instruction& instruction);

  const Tables& tables_;
  Symbols symbols_;
  std::vector<std::unique_ptr<Names>> names_;  ///< by instruction, once asked for
};

}  // namespace heaplab::trace::heaptrack
