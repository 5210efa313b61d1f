// SPDX-License-Identifier: MIT
// What an allocation costs while everything dies at once: the fast path, plus a collection that
// finds nothing whenever the nursery is full.
#include "fixture.h"

namespace bench {
namespace {

template <std::size_t Bytes>
void allocate_with(benchmark::State& state, const char* plan) {
  Fixture fixture(plan);
  const TypeId type = fixture.blob_type<Bytes>();
  for (auto _ : state) benchmark::DoNotOptimize(fixture.heap->allocate<Blob<Bytes>>(type));
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(Bytes));
}

template <std::size_t Bytes>
void allocate_fixed(benchmark::State& state) {
  allocate_with<Bytes>(state, "generational");
}
BENCHMARK_TEMPLATE(allocate_fixed, 16);
BENCHMARK_TEMPLATE(allocate_fixed, 24);
BENCHMARK_TEMPLATE(allocate_fixed, 64);
BENCHMARK_TEMPLATE(allocate_fixed, 256);

void allocate_24(benchmark::State& state, const char* plan) { allocate_with<24>(state, plan); }
BENCHMARK_CAPTURE(allocate_24, semispace, "semispace");
BENCHMARK_CAPTURE(allocate_24, marksweep, "marksweep");

void allocate_bytes(benchmark::State& state) {
  Fixture fixture;
  const auto length = static_cast<std::uint32_t>(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(fixture.heap->allocate(fixture.bytes, length));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(allocate_bytes)->Arg(16)->Arg(256)->Arg(4096)->Arg(64 * 1024)->Arg(1024 * 1024);

void allocate_tree(benchmark::State& state) {
  Fixture fixture;
  const int depth = static_cast<int>(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(make_tree(fixture, depth));
  state.SetItemsProcessed(state.iterations() * ((std::int64_t{2} << depth) - 1));
}
BENCHMARK(allocate_tree)->Arg(4)->Arg(10)->Arg(16);

}  // namespace
}  // namespace bench
