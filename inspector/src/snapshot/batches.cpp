// SPDX-License-Identifier: MIT
#include "snapshot/batches.h"

namespace heaplab::inspector {

RecordBatches::RecordBatches(NumberArray& array, std::size_t stride, bool threaded)
    : array_(array),
      stride_(stride),
      batches_(threaded ? ring : 1, NumberBatch(threaded ? numbers_between : numbers_alone)) {
  if (threaded) thread_ = std::thread([this] { produce(); });
}

RecordBatches::~RecordBatches() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

/// Numbers of a record that was cut by the end of the last batch begin this one.
bool RecordBatches::fill(NumberBatch& batch) {
  batch.count = 0;
  if (!carried_.empty()) batch.base = carried_.front().offset;
  for (const Carried& number : carried_) {
    batch.values[batch.count] = number.value;
    batch.starts[batch.count++] = static_cast<std::uint32_t>(number.offset);
  }
  const bool more = array_.append(batch);
  if (!more) return false;
  carried_.clear();
  const std::size_t whole = batch.count - batch.count % stride_;
  for (std::size_t i = whole; i < batch.count; ++i) {
    carried_.push_back({batch.values[i], batch.offset(i)});
  }
  batch.count = whole;
  return true;
}

void RecordBatches::produce() {
  try {
    for (;;) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return produced_ - consumed_ < ring || cancelled_; });
      if (cancelled_) return;
      lock.unlock();
      const bool more = fill(batches_[produced_ % ring]);
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

const NumberBatch* RecordBatches::next_of_thread() {
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

const NumberBatch* RecordBatches::next() {
  if (batches_.size() > 1) return thread_.joinable() ? next_of_thread() : nullptr;
  return fill(batches_[0]) ? &batches_[0] : nullptr;
}

}  // namespace heaplab::inspector
