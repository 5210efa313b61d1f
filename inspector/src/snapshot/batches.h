// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "snapshot/numbers.h"

namespace heaplab::inspector {

/// An array as batches of records, made by `fill` (false: there are no more). If threaded, another
/// thread makes them, ahead of the caller who uses them; nothing else may use the scanner until
/// next() has returned null.
template <typename Batch>
class Batches {
 public:
  Batches(std::function<bool(Batch&)> fill, std::size_t records_in_batch, bool threaded)
      : fill_(std::move(fill)), batches_(threaded ? ring : 1, Batch(records_in_batch)) {
    if (threaded) thread_ = std::thread([this] { produce(); });
  }
  ~Batches() {
    if (!thread_.joinable()) return;
    {
      const std::lock_guard lock(mutex_);
      cancelled_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  Batches(const Batches&) = delete;
  Batches& operator=(const Batches&) = delete;

  /// The next batch, valid until the next call; null after the last. Throws what reading threw.
  const Batch* next() {
    if (batches_.size() > 1) return thread_.joinable() ? next_of_thread() : nullptr;
    return fill_(batches_[0]) ? &batches_[0] : nullptr;
  }

 private:
  static constexpr std::size_t ring = 8;

  void produce() {
    try {
      for (;;) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return produced_ - consumed_ < ring || cancelled_; });
        if (cancelled_) return;
        lock.unlock();
        const bool more = fill_(batches_[produced_ % ring]);
        lock.lock();
        if (!more) break;
        ++produced_;
        lock.unlock();
        changed_.notify_one();
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      error_ = std::current_exception();
    }
    {
      const std::lock_guard lock(mutex_);
      finished_ = true;
    }
    changed_.notify_one();
  }

  const Batch* next_of_thread() {
    std::unique_lock lock(mutex_);
    if (holding_) {
      ++consumed_;
      holding_ = false;
      changed_.notify_one();
    }
    changed_.wait(lock, [&] { return produced_ > consumed_ || finished_; });
    if (produced_ > consumed_) {
      holding_ = true;
      return &batches_[consumed_ % ring];
    }
    lock.unlock();
    thread_.join();
    if (error_) std::rethrow_exception(error_);
    return nullptr;
  }

  std::function<bool(Batch&)> fill_;
  std::vector<Batch> batches_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t produced_ = 0, consumed_ = 0;
  bool finished_ = false, cancelled_ = false, holding_ = false;
  std::exception_ptr error_;
  std::thread thread_;
};

/// A number array as batches of whole records.
class RecordBatches {
 public:
  RecordBatches(NumberArray& array, std::size_t stride, bool threaded);
  const NumberBatch* next() { return batches_.next(); }
  /// After the last: numbers that make no whole record.
  std::size_t left_over() const { return carried_.size(); }

 private:
  /// Alone, a batch stays in the first-level cache; between threads, fewer and larger ones.
  static constexpr std::size_t numbers_alone = 2048, numbers_between = 16384;

  bool fill(NumberBatch& batch);

  struct Carried {
    std::uint64_t value, offset;
  };

  NumberArray& array_;
  std::size_t stride_;
  std::vector<Carried> carried_;
  Batches<NumberBatch> batches_;  ///< last: its thread uses the rest
};

}  // namespace heaplab::inspector
