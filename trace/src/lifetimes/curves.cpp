// SPDX-License-Identifier: MIT
#include "curves.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "heaplab/support/format.h"

namespace heaplab::trace {

std::vector<std::uint64_t> ages_up_to(std::uint64_t end) {
  std::vector<std::uint64_t> ages;
  for (int quarter = 4 * 6; quarter < 4 * 62; ++quarter) {
    const auto age = static_cast<std::uint64_t>(std::llround(std::exp2(quarter / 4.0)));
    if (age > end) break;
    ages.push_back(age);
  }
  return ages;
}

SurvivalCurve::SurvivalCurve(std::uint64_t end)
    : end_(end),
      ages_(ages_up_to(end)),
      born_(birth_bins),
      died_((ages_.size() + 1) * birth_bins) {}

std::size_t SurvivalCurve::birth_bin(std::uint64_t clock) const {
  if (end_ == 0) return 0;
  const double place = static_cast<double>(clock) / static_cast<double>(end_) * birth_bins;
  return std::min(static_cast<std::size_t>(place), birth_bins - 1);
}

void SurvivalCurve::add(const Life& life) {
  if (life.object.adopted) return;  // its birth was not seen
  const std::size_t birth = birth_bin(life.object.clock);
  born_[birth] += life.object.bytes;
  if (life.survived()) return;
  const auto age = std::lower_bound(ages_.begin(), ages_.end(), life.lifetime());
  const auto bin = static_cast<std::size_t>(age - ages_.begin());
  died_[bin * birth_bins + birth] += life.object.bytes;
}

std::vector<SurvivalPoint> SurvivalCurve::finish() const {
  std::vector<SurvivalPoint> points;
  std::vector<std::uint64_t> dead(birth_bins);  // before the last age, by birth
  double surviving = 1;
  for (std::size_t i = 0; i < ages_.size(); ++i) {
    // Births that were watched up to this age; the last bin never was.
    const std::size_t judged = birth_bin(end_ - ages_[i]);
    SurvivalPoint point;
    point.age = ages_[i];
    std::uint64_t at_risk = 0;  // alive at the last age
    std::uint64_t died = 0;     // since
    for (std::size_t birth = 0; birth < judged; ++birth) {
      const std::uint64_t now = died_[i * birth_bins + birth];
      point.watched_bytes += born_[birth];
      at_risk += born_[birth] - dead[birth];
      died += now;
      dead[birth] += now;
    }
    if (point.watched_bytes == 0) break;
    // Where nothing is left that could die, nothing is learned.
    if (at_risk != 0) surviving *= 1 - static_cast<double>(died) / static_cast<double>(at_risk);
    point.surviving = surviving;
    point.survived_bytes = static_cast<std::uint64_t>(
        std::llround(surviving * static_cast<double>(point.watched_bytes)));
    points.push_back(point);
  }
  return points;
}

AgeDemographics::AgeDemographics(std::uint64_t end, std::size_t columns) : columns_(columns) {
  for (std::size_t i = 0; i < columns; ++i) {
    const double place = static_cast<double>(i + 1) / static_cast<double>(columns);
    columns_[i].clock =
        i + 1 == columns ? end : static_cast<std::uint64_t>(static_cast<double>(end) * place);
  }
}

void AgeDemographics::add(const Life& life) {
  const std::uint64_t birth = life.object.clock;
  auto column = std::upper_bound(
      columns_.begin(), columns_.end(), birth,
      [](std::uint64_t clock, const AgeColumn& other) { return clock < other.clock; });
  for (; column != columns_.end(); ++column) {
    if (!life.survived() && column->clock >= life.death_clock) return;
    const std::uint64_t age = column->clock - birth;
    const auto limit = std::upper_bound(age_limits.begin(), age_limits.end(), age);
    column->live_bytes[static_cast<std::size_t>(limit - age_limits.begin())] += life.object.bytes;
  }
}

Nurseries::Nurseries(std::uint64_t end) {
  constexpr std::uint64_t smallest = 64u << 10;
  constexpr std::uint64_t largest = 256u << 20;
  for (std::uint64_t bytes = smallest; bytes <= largest; bytes *= 2) {
    if (bytes > smallest && bytes > end / 2) break;
    NurserySize size;
    size.bytes = bytes;
    size.collections = end / bytes;
    sizes_.push_back(size);
  }
}

void Nurseries::add(const Life& life) {
  if (life.object.adopted) return;
  for (NurserySize& size : sizes_) {
    if (life.object.bytes > size.bytes / 2) continue;
    size.allocated_bytes += life.object.bytes;
    const std::uint64_t seen = life.death_clock / size.bytes - life.object.clock / size.bytes;
    if (seen >= 1) size.survived_bytes += life.object.bytes;
    if (seen >= 2) size.promoted_bytes += life.object.bytes;
  }
}

void Nurseries::add_write(const Allocation& host, const Allocation& value, std::uint64_t clock) {
  for (NurserySize& size : sizes_) {
    const std::uint64_t now = clock / size.bytes;
    const bool young = !value.adopted && value.clock / size.bytes == now;
    const bool old = host.adopted || host.clock / size.bytes < now;
    size.old_to_young += young && old ? 1 : 0;
  }
}

std::size_t advise(std::span<const NurserySize> sizes, std::string& why) {
  if (sizes.size() < 2) {
    why = "the recording is too short to compare nurseries: record a longer run";
    return 0;
  }
  // Copying is what a nursery costs; a doubling costs memory and cache, and has to save something.
  constexpr double worth_a_doubling = 0.02;  // of what is allocated
  std::size_t best = 0;
  for (std::size_t larger = 1; larger < sizes.size(); ++larger) {
    const double saved = sizes[best].survival() - sizes[larger].survival();
    if (saved > worth_a_doubling * static_cast<double>(larger - best)) best = larger;
  }
  const NurserySize& size = sizes[best];
  why = "at " + format_bytes(size.bytes) + ", " + format_percent(size.survival(), 1) +
        " of what is allocated survives a collection";
  if (best + 1 < sizes.size()) {
    why += "; twice that would make it " + format_percent(sizes[best + 1].survival(), 1);
  } else {
    why += "; larger ones need a longer recording to be judged";
  }
  return best;
}

}  // namespace heaplab::trace
