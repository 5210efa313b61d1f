// SPDX-License-Identifier: MIT
#pragma once

#include "series/contents.h"
#include "series/trend.h"

namespace heaplab::leakcheck::series {

/// What a container is to the program, beyond what its kind says.
enum class Shape { plain, chain, promise, timers, text, sliced, loose };

struct Finding {
  const Container* container = nullptr;
  const Contents* contents = nullptr;
  const Trend* trend = nullptr;
  Route route;
  Shape shape = Shape::plain;
};

Shape shape_of(const Series& series, const Finding& finding);
Kind kind_of(const Series& series, const Finding& finding);
std::string why_kept(const Leak& leak, Shape shape);
std::string advice_for(const Leak& leak, Shape shape);
/// Why a container that grew is not called a leak.
std::string reason_for(Verdict verdict);

}  // namespace heaplab::leakcheck::series
