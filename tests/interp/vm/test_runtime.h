// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "heaplab/gc/make_heap.h"
#include "heaplab/interp/error.h"
#include "heaplab/interp/operations.h"
#include "heaplab/interp/runtime.h"

// A heap and a runtime in one of the ways to run them; the VM's tests are run in all.

namespace heaplab::interp::test {

struct Mode {
  std::string plan = "generational";
  std::uint64_t stress_gc = 0;
  std::uint64_t stress_move = 0;
  std::string name() const {
    return plan + (stress_gc ? "_gc" + std::to_string(stress_gc) : "") +
           (stress_move ? "_move" + std::to_string(stress_move) : "");
  }
  friend void PrintTo(const Mode& mode, std::ostream* out) { *out << mode.name(); }
};

inline std::vector<Mode> modes() {
  return {{"generational", 0, 0},
          {"generational", 3, 0},
          {"generational", 0, 1},
          {"semispace", 0, 1},
          {"marksweep", 2, 0}};
}

class World {
 public:
  explicit World(const Mode& mode, bool with_builtins = false) {
    HeapOptions options;
    options.plan = mode.plan;
    // A realm with all built-ins is thousands of allocations: programs are stressed more thinly.
    const std::uint64_t thin = with_builtins ? 37 : 1;
    options.stress_gc_interval = mode.stress_gc * thin;
    options.stress_move_interval = mode.stress_move * thin;
    heap = gc::make_heap(options);
    RuntimeOptions runtime_options;
    runtime_options.expose_gc = true;
    runtime_options.write_out = [this](std::string_view text) { out += text; };
    runtime_options.write_error = [this](std::string_view text) { err += text; };
    runtime = std::make_unique<Runtime>(*heap, runtime_options);
    if (with_builtins) install_builtins(*runtime);
  }

  int run(std::string_view text) { return run_text(*runtime, "/test.js", text); }

  std::string out;
  std::string err;
  std::unique_ptr<Heap> heap;
  std::unique_ptr<Runtime> runtime;
};

/// Tests that only use the object model.
class VmTest : public testing::TestWithParam<Mode> {
 protected:
  World world{GetParam()};
  Runtime& rt = *world.runtime;
};

/// Tests that run programs.
class ProgramTest : public testing::TestWithParam<Mode> {
 protected:
  World world{GetParam(), true};
  Runtime& rt = *world.runtime;
};

inline std::string mode_name(const testing::TestParamInfo<Mode>& info) { return info.param.name(); }
#define HEAPLAB_IN_ALL_MODES(suite) \
  INSTANTIATE_TEST_SUITE_P(Modes, suite, testing::ValuesIn(modes()), mode_name)

}  // namespace heaplab::interp::test
