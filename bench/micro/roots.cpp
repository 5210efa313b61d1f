// SPDX-License-Identifier: MIT
// What holding on to an object costs, from the cheapest root to the most flexible.
#include "fixture.h"

namespace bench {
namespace {

void root_frame(benchmark::State& state) {
  Fixture fixture;
  auto* node = fixture.heap->allocate<Node>(fixture.node);
  for (auto _ : state) {
    RootFrame<2> frame(*fixture.heap);
    frame[0] = node;
    frame[1] = node;
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(frame[0]);
  }
}
BENCHMARK(root_frame);

void handle_scope(benchmark::State& state) {
  Fixture fixture;
  auto* node = fixture.heap->allocate<Node>(fixture.node);
  for (auto _ : state) {
    heaplab::HandleScope scope(*fixture.heap);
    for (std::int64_t i = 0; i < state.range(0); ++i) {
      benchmark::DoNotOptimize(scope.handle(node).slot());
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(handle_scope)->Arg(1)->Arg(16)->Arg(4096);

void global(benchmark::State& state) {
  Fixture fixture;
  auto* node = fixture.heap->allocate<Node>(fixture.node);
  for (auto _ : state) {
    Global<Node> root(*fixture.heap, node);
    benchmark::DoNotOptimize(root.get());
  }
}
BENCHMARK(global);

}  // namespace
}  // namespace bench
