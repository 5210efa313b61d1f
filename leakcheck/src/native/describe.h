// SPDX-License-Identifier: MIT
#pragma once

#include "functions.h"
#include "heaplab/leakcheck/report.h"
#include "heaplab/trace/reader.h"
#include "history.h"
#include "judged.h"

namespace heaplab::leakcheck::native {

/// Puts a verdict into words and places.
class Describer {
 public:
  Describer(const trace::RecordingSource& source, const History& history, Functions& functions)
      : source_(source), tables_(source.tables()), history_(history), functions_(functions) {}

  Leak leak(const Judged& judged, double total_growth) const;
  /// What grew or is kept, but does not leak. `least`: what matters.
  Grown grown(const Judged& judged, double least) const;

 private:
  Place place_of(trace::FrameId id) const;
  Culprit culprit(const Judged& judged) const;
  Growth growth(const Judged& judged) const;
  std::vector<Site> sites(const Judged& judged) const;
  std::vector<Call> stack(const Group& group) const;
  double confidence(const Judged& judged) const;
  std::vector<std::string> evidence(const Judged& judged) const;
  std::string fate(const Judged& judged) const;
  std::string told_from(const Group& group) const;
  std::string part(const Part& part) const;
  std::string cohorts(const Group& group) const;
  std::string reason(const Judged& judged, double least) const;

  const trace::RecordingSource& source_;
  const trace::Tables& tables_;
  const History& history_;
  Functions& functions_;
};

}  // namespace heaplab::leakcheck::native
