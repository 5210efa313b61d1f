// SPDX-License-Identifier: MIT
// What every C++ version of a workload shares: its numbers, its random stream and how it reports.
// The other languages repeat these few lines; the runner compares what they print.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace bench {

// Marsaglia's xorshift64. Chosen because it needs only shifts and xors, so that JavaScript (two
// 32-bit halves) and OCaml (63-bit integers, unboxed Int64) run the same stream at a fair price.
class Random {
 public:
  uint64_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }

 private:
  uint64_t state_ = 0x9E3779B97F4A7C15;
};

// A rolling 32-bit sum: order matters, so no system can skip, merge or reorder the reads.
class Checksum {
 public:
  void add(uint32_t value) { sum_ = sum_ * 31 + value; }
  uint32_t value() const { return sum_; }

 private:
  uint32_t sum_ = 0;
};

// The last line of every workload; the runner takes the `checksum` column from here.
inline void print_checksum(uint64_t value) {
  std::printf("checksum %llu\n", static_cast<unsigned long long>(value));
}

// Lines that begin with '#' are a system's own measurements and are not compared with its peers'.
inline void print_measurement(const char* name, double value) {
  std::printf("# %s %.3f\n", name, value);
}

// Positional integer argument `index`, or `fallback` when the command line is shorter.
inline int64_t argument(int argc, char** argv, int index, int64_t fallback) {
  if (index >= argc) return fallback;
  char* end = nullptr;
  const int64_t value = std::strtoll(argv[index], &end, 10);
  if (end == argv[index] || *end != '\0' || value < 0) {
    std::fprintf(stderr, "%s: '%s' is not a number\n", argv[0], argv[index]);
    std::exit(2);
  }
  return value;
}

// binary-trees, as the Benchmarks Game defines it.
struct BinaryTreesSize {
  int max_depth;

  static constexpr int kMinDepth = 4;
  int stretch_depth() const { return max_depth + 1; }
  int64_t trees_of_depth(int depth) const { return int64_t{1} << (max_depth - depth + kMinDepth); }

  static BinaryTreesSize from(int argc, char** argv) {
    const int depth = static_cast<int>(argument(argc, argv, 1, 18));
    return {depth < kMinDepth + 2 ? kMinDepth + 2 : depth};
  }
};

// random-slot churn: 2^slot_bits slots, `replacements` of them overwritten.
struct ChurnSize {
  int slot_bits;
  int64_t replacements;

  int64_t slots() const { return int64_t{1} << slot_bits; }
  // The high bits choose the slot and the low ones are the value stored in it.
  uint64_t slot_of(uint64_t random) const { return random >> (64 - slot_bits); }

  static ChurnSize from(int argc, char** argv) {
    const int bits = static_cast<int>(argument(argc, argv, 1, 20));
    return {bits < 1 ? 1 : bits > 28 ? 28 : bits, argument(argc, argv, 2, 30'000'000)};
  }
};

// GCBench, after John Ellis, Pete Kovac and Hans Boehm.
struct GcBenchSize {
  int stretch_depth;
  int64_t array_length;

  static constexpr int kMinDepth = 4;
  int long_lived_depth() const { return stretch_depth - 2; }
  int max_depth() const { return stretch_depth - 2; }
  static int64_t tree_size(int depth) { return (int64_t{1} << (depth + 1)) - 1; }
  int64_t trees_of_depth(int depth) const {
    return 2 * tree_size(stretch_depth) / tree_size(depth);
  }

  static GcBenchSize from(int argc, char** argv) {
    const int depth = static_cast<int>(argument(argc, argv, 1, 18));
    return {depth < kMinDepth + 2 ? kMinDepth + 2 : depth, argument(argc, argv, 2, 500'000)};
  }

  // Added in index order, so that every language rounds alike.
  static uint64_t array_checksum(double sum) {
    return static_cast<uint64_t>(std::floor(sum * 1e6));
  }
};

}  // namespace bench
