// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "heaplab/trace/lifetimes.h"

namespace heaplab::trace {

/// Ages at which curves have points: four an octave, from 64 bytes on.
std::vector<std::uint64_t> ages_up_to(std::uint64_t end);

/// Gathers survival: s(v) is the share of bytes still alive when v more bytes were allocated
/// (Stefanović 1999). What is alive at the end has been watched for a while only; leaving it out,
/// or counting it as dead, would both bend the curve. So bytes are counted by birth and by
/// lifetime, and the step from each age to the next is taken from the births that were watched for
/// all of it (Kaplan and Meier 1958). Births are told apart to a 1024th of the run.
class SurvivalCurve {
 public:
  explicit SurvivalCurve(std::uint64_t end);
  void add(const Life& life);
  std::vector<SurvivalPoint> finish() const;

 private:
  static constexpr std::size_t birth_bins = 1024;
  std::size_t birth_bin(std::uint64_t clock) const;

  std::uint64_t end_;
  std::vector<std::uint64_t> ages_;
  std::vector<std::uint64_t> born_;  ///< bytes by birth
  std::vector<std::uint64_t>
      died_;  ///< bytes by [age bin][birth]; the bin: the first age ≥ lifetime
};

/// Live bytes by age at evenly spaced moments.
class AgeDemographics {
 public:
  AgeDemographics(std::uint64_t end, std::size_t columns);
  void add(const Life& life);
  std::vector<AgeColumn> finish() const { return columns_; }

 private:
  std::vector<AgeColumn> columns_;
};

/// What nurseries of all sizes would have had to do.
class Nurseries {
 public:
  explicit Nurseries(std::uint64_t end);
  void add(const Life& life);
  void add_write(const Allocation& host, const Allocation& value, std::uint64_t clock);
  const std::vector<NurserySize>& sizes() const { return sizes_; }

 private:
  std::vector<NurserySize> sizes_;
};

/// Which of the sizes to take: the smallest one that another doubling would hardly better. Says
/// why.
std::size_t advise(std::span<const NurserySize> sizes, std::string& why);

}  // namespace heaplab::trace
