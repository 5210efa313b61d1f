// SPDX-License-Identifier: MIT
#include "profile/trend.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace heaplab::leakcheck::profile {
namespace {

/// A chance of less than one in a hundred that numbers without a trend look like this.
constexpr double significant = 2.33;
/// With fewer values, no order of them is significant.
constexpr std::size_t least_rounds = 6;
/// Growth of so many samples is 2.8 standard deviations of a Poisson process away from none.
constexpr double least_samples = 8;

/// What the start-up may look like.
constexpr std::size_t least_part = 3;  // rounds on each side
constexpr double latest_end = 0.5;     // of the time
constexpr double steeper = 3;          // than what follows
constexpr double least_rise = 0.1;     // of all that is there in the end

/// Sums over the rounds so far: a least-squares line through any part of them in constant time.
struct Sums {
  double n = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;

  void add(double px, double py) {
    ++n;
    x += px;
    y += py;
    xx += px * px;
    xy += px * py;
    yy += py * py;
  }
  Sums minus(const Sums& other) const {
    return {n - other.n, x - other.x, y - other.y, xx - other.xx, xy - other.xy, yy - other.yy};
  }
  double slope() const {
    const double spread = n * xx - x * x;
    return spread > 0 ? (n * xy - x * y) / spread : 0;
  }
  /// The sum of squared distances from the line.
  double error() const {
    const double m = slope();
    const double c = (y - m * x) / n;
    return yy - 2 * m * xy - 2 * c * y + m * m * xx + 2 * m * c * x + n * c * c;
  }
};

}  // namespace

std::size_t end_of_start_up(std::span<const double> seconds, std::span<const double> totals) {
  const std::size_t rounds = seconds.size();
  if (rounds < 2 * least_part) return 0;
  const double scale = std::max(*std::max_element(totals.begin(), totals.end()), 1.0);
  const double begin = seconds.front();
  const double span = std::max(seconds.back() - begin, 1e-9);
  std::vector<Sums> until{Sums()};
  for (std::size_t i = 0; i < rounds; ++i) {
    until.push_back(until.back());
    until.back().add((seconds[i] - begin) / span, totals[i] / scale);
  }
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t cut = least_part; cut + least_part <= rounds; ++cut) {
    if ((seconds[cut] - begin) / span > latest_end) break;
    const double error = until[cut].error() + until[rounds].minus(until[cut]).error();
    if (error < least) {
      least = error;
      best = cut;
    }
  }
  if (best == 0) return 0;
  const double first = until[best].slope();
  const double then = std::max(until[rounds].minus(until[best]).slope(), 0.0);
  const double rise = (totals[best - 1] - totals[0]) / scale;
  return first > steeper * then && rise > least_rise ? best : 0;
}

double mann_kendall(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  if (values.size() < 3) return 0;
  double score = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = i + 1; j < values.size(); ++j) {
      score += values[j] > values[i] ? 1 : values[j] < values[i] ? -1 : 0;
    }
  }
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  double variance = n * (n - 1) * (2 * n + 5);
  for (std::size_t i = 0; i < sorted.size();) {
    const auto next =
        std::upper_bound(sorted.begin() + static_cast<std::ptrdiff_t>(i), sorted.end(), sorted[i]);
    const auto ties = static_cast<double>(next - sorted.begin()) - static_cast<double>(i);
    variance -= ties * (ties - 1) * (2 * ties + 5);
    i = static_cast<std::size_t>(next - sorted.begin());
  }
  variance /= 18;
  if (variance <= 0) return 0;
  const double towards_zero = score > 0 ? -1 : score < 0 ? 1 : 0;
  return (score + towards_zero) / std::sqrt(variance);
}

Verdict judge_estimates(std::span<const double> values, double sampling_bytes) {
  Verdict verdict;
  if (values.empty()) return verdict;
  verdict.growth = values.back() - values.front();
  verdict.z = mann_kendall(values);
  verdict.judgement = judge({values.begin(), values.end()});
  Trend& trend = verdict.judgement.trend;
  if (trend != Trend::grows) return verdict;
  if (values.size() < least_rounds) {
    trend = Trend::too_short;
  } else if (verdict.z < significant || verdict.growth < least_samples * sampling_bytes) {
    trend = Trend::none;
  }
  return verdict;
}

}  // namespace heaplab::leakcheck::profile
