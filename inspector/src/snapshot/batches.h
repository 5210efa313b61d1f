// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "snapshot/numbers.h"

namespace heaplab::inspector {

/// A number array as batches of whole records. If threaded, another thread reads the file and makes
/// numbers of its text while the caller uses them; nothing else may use the scanner until next()
/// has returned null.
class RecordBatches {
 public:
  RecordBatches(NumberArray& array, std::size_t stride, bool threaded);
  ~RecordBatches();

  /// The next batch, valid until the next call; null after the last. Throws what reading threw.
  const NumberBatch* next();
  /// After the last: numbers that make no whole record.
  std::size_t left_over() const { return carried_.size(); }

 private:
  static constexpr std::size_t ring = 8;
  /// Alone, a batch stays in the first-level cache; between threads, fewer and larger ones.
  static constexpr std::size_t numbers_alone = 2048, numbers_between = 16384;

  bool fill(NumberBatch& batch);
  void produce();
  const NumberBatch* next_of_thread();

  struct Carried {
    std::uint64_t value, offset;
  };

  NumberArray& array_;
  std::size_t stride_;
  std::vector<Carried> carried_;
  std::vector<NumberBatch> batches_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t produced_ = 0, consumed_ = 0;
  bool finished_ = false, cancelled_ = false, holding_ = false;
  std::exception_ptr error_;
  std::thread thread_;
};

}  // namespace heaplab::inspector
