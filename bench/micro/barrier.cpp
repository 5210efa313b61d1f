// SPDX-License-Identifier: MIT
// What a store costs, by where its host and its value live. Only old -> young leaves the filter.
#include <vector>

#include "../common/workload.h"
#include "fixture.h"

namespace bench {
namespace {

constexpr std::uint32_t kSlots = 4096;

enum class Age { young, old };

// A host and a value of the wanted ages; nothing allocates afterwards, so neither moves.
struct Store {
  Store(Age host_age, Age value_age) {
    host = static_cast<Refs*>(make(host_age, fixture.refs, kSlots));
    value = make(value_age, fixture.node, 0);
  }
  Object* make(Age age, TypeId type, std::uint32_t length) {
    return age == Age::old ? fixture.heap->allocate_old(type, length)
                           : fixture.heap->allocate(type, length);
  }

  Fixture fixture;
  Refs* host;
  Object* value;
};

void store(benchmark::State& state, Age host_age, Age value_age) {
  Store made(host_age, value_age);
  std::uint32_t index = 0;
  for (auto _ : state) {
    made.fixture.heap->write(made.host, made.host->begin()[index], made.value);
    index = (index + 1) % kSlots;
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(store, young_into_young, Age::young, Age::young);
BENCHMARK_CAPTURE(store, old_into_young, Age::young, Age::old);
BENCHMARK_CAPTURE(store, old_into_old, Age::old, Age::old);
BENCHMARK_CAPTURE(store, young_into_old, Age::old, Age::young);

// The barrier's worst case: every store is remembered, and no two in the same cache line.
void store_young_into_random_old_slot(benchmark::State& state) {
  Fixture fixture;
  const int bits = static_cast<int>(state.range(0));
  Global<Refs> host(*fixture.heap,
                    fixture.heap->allocate_array<Refs>(fixture.refs, std::uint32_t{1} << bits));
  fixture.heap->collect();
  // Touched once before: the system's first-touch cost is not the barrier's.
  for (std::uint32_t i = 0; i < host->length(); ++i) {
    fixture.heap->write(host.get(), host->begin()[i], host.get());
  }
  Object* value = fixture.heap->allocate<Node>(fixture.node);
  Random random;
  for (auto _ : state) {
    fixture.heap->write(host.get(), host->begin()[random.next() >> (64 - bits)], value);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(store_young_into_random_old_slot)->Arg(16)->Arg(20)->Arg(24);

}  // namespace
}  // namespace bench
