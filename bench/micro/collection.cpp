// SPDX-License-Identifier: MIT
// What collections cost. Time is of the collection alone; building its heap does not count.
#include <algorithm>
#include <vector>

#include "../common/workload.h"
#include "fixture.h"

namespace bench {
namespace {

constexpr std::size_t kNursery = 8 * MiB;

// Fills most of a nursery; of every hundred nodes, `percent` stay reachable through a list.
std::int64_t fill_nursery(Fixture& fixture, Global<Node>& list, int percent) {
  list.set(nullptr);
  std::int64_t kept = 0;
  const auto nodes = static_cast<std::int64_t>(kNursery * 9 / 10 / sizeof(Node));
  for (std::int64_t i = 0; i < nodes; ++i) {
    auto* node = fixture.heap->allocate<Node>(fixture.node);
    if (i % 100 >= percent) continue;
    node->left.init(list.get());
    list.set(node);
    ++kept;
  }
  return kept;
}

void scavenge(benchmark::State& state) {
  Fixture fixture("generational", kNursery);
  Global<Node> list(*fixture.heap);
  std::int64_t kept = 0;
  for (auto _ : state) {
    list.set(nullptr);
    fixture.heap->collect(CollectionKind::major);  // what the last round promoted
    kept += fill_nursery(fixture, list, static_cast<int>(state.range(0)));
    state.SetIterationTime(seconds_of([&] { fixture.heap->collect(CollectionKind::minor); }));
  }
  state.SetItemsProcessed(kept);
}
BENCHMARK(scavenge)->UseManualTime()->Arg(0)->Arg(1)->Arg(10)->Arg(50)->Arg(100)->Unit(
    benchmark::kMicrosecond);

// Old -> young references spread over an old array: the remembered set is all there is to scan.
void scavenge_remembered(benchmark::State& state) {
  Fixture fixture("generational", kNursery);
  const int bits = 20;
  Global<Refs> host(*fixture.heap,
                    fixture.heap->allocate_array<Refs>(fixture.refs, std::uint32_t{1} << bits));
  Random random;
  for (auto _ : state) {
    for (std::int64_t i = 0; i < state.range(0); ++i) {
      auto* node = fixture.heap->allocate<Node>(fixture.node);
      fixture.heap->write(host.get(), host->begin()[random.next() >> (64 - bits)], node);
    }
    state.SetIterationTime(seconds_of([&] { fixture.heap->collect(CollectionKind::minor); }));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(scavenge_remembered)
    ->UseManualTime()
    ->Arg(1000)
    ->Arg(100'000)
    ->Unit(benchmark::kMicrosecond);

void collect_major(benchmark::State& state, Fixture& fixture, std::int64_t objects) {
  fixture.heap->collect(CollectionKind::major);
  for (auto _ : state) {
    state.SetIterationTime(seconds_of([&] { fixture.heap->collect(CollectionKind::major); }));
  }
  state.SetItemsProcessed(state.iterations() * objects);
}

void mark_tree(benchmark::State& state, const char* plan) {
  Fixture fixture(plan);
  const int depth = static_cast<int>(state.range(0));
  Global<Node> tree(*fixture.heap, make_tree(fixture, depth));
  collect_major(state, fixture, (std::int64_t{2} << depth) - 1);
}
BENCHMARK_CAPTURE(mark_tree, generational, "generational")
    ->UseManualTime()
    ->Arg(16)
    ->Arg(20)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(mark_tree, marksweep, "marksweep")
    ->UseManualTime()
    ->Arg(20)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(mark_tree, semispace, "semispace")
    ->UseManualTime()
    ->Arg(20)
    ->Unit(benchmark::kMillisecond);

// No parallelism between loads: the hardest shape for a marker.
void mark_list(benchmark::State& state) {
  Fixture fixture;
  Global<Node> list(*fixture.heap);
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    auto* node = fixture.heap->allocate<Node>(fixture.node);
    node->left.init(list.get());
    list.set(node);
  }
  collect_major(state, fixture, state.range(0));
}
BENCHMARK(mark_list)->UseManualTime()->Arg(1'000'000)->Unit(benchmark::kMillisecond);

// References in random order over a heap larger than the caches.
void mark_shuffled(benchmark::State& state) {
  Fixture fixture;
  const auto count = static_cast<std::uint32_t>(state.range(0));
  Global<Refs> table(*fixture.heap, fixture.heap->allocate_array<Refs>(fixture.refs, count));
  for (std::uint32_t i = 0; i < count; ++i) {
    auto* node = fixture.heap->allocate<Node>(fixture.node);
    fixture.heap->write(table.get(), table->begin()[i], node);
  }
  Random random;
  for (std::uint32_t i = count - 1; i > 0; --i) {
    const auto other = static_cast<std::uint32_t>(random.next() % (i + 1));
    Object* swapped = table->begin()[i].get();
    fixture.heap->write(table.get(), table->begin()[i], table->begin()[other].get());
    fixture.heap->write(table.get(), table->begin()[other], swapped);
  }
  collect_major(state, fixture, count);
}
BENCHMARK(mark_shuffled)->UseManualTime()->Arg(1'000'000)->Unit(benchmark::kMillisecond);

// Lazy sweeping is paid by the allocations after a collection: of every hundred old objects
// `percent` died, and as many are allocated again.
void sweep_and_reuse(benchmark::State& state) {
  Fixture fixture;
  const std::uint32_t count = 500'000;
  const auto percent = static_cast<std::uint32_t>(state.range(0));
  Global<Refs> table(*fixture.heap, fixture.heap->allocate_array<Refs>(fixture.refs, count));
  const auto refill = [&] {
    for (std::uint32_t i = 0; i < count; ++i) {
      if (table->begin()[i]) continue;
      Object* fresh = fixture.heap->allocate_old(fixture.node, 0);
      fixture.heap->write(table.get(), table->begin()[i], fresh);
    }
  };
  refill();
  for (auto _ : state) {
    for (std::uint32_t i = 0; i < count; ++i) {
      if (i % 100 < percent) fixture.heap->write(table.get(), table->begin()[i], nullptr);
    }
    fixture.heap->collect(CollectionKind::major);
    state.SetIterationTime(seconds_of(refill));
  }
  state.SetItemsProcessed(state.iterations() * (count / 100 * percent));
}
BENCHMARK(sweep_and_reuse)
    ->UseManualTime()
    ->Arg(10)
    ->Arg(50)
    ->Arg(100)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace bench
