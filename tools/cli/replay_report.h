// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>

#include "heaplab/support/terminal.h"
#include "heaplab/trace/replay.h"

namespace heaplab::cli {

nlohmann::ordered_json to_json(const trace::ReplaySummary& summary);

/// For people: the report that heaplab replay prints as JSON (docs/replay.md).
void print_replay(const nlohmann::ordered_json& report, const Painter& paint);

}  // namespace heaplab::cli
