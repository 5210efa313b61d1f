// SPDX-License-Identifier: MIT
#include "event_log.h"

namespace heaplab::trace {

EventLog::EventLog() {
  chunks_.push_back(std::make_unique<Chunk>());
  current_ = open_ = taking_ = chunks_.back().get();
  next_ = current_->words;
  end_ = soft_end_ = next_ + chunk_words;
  current_->committed.store(next_, std::memory_order_release);
  taken_ = next_;
}

EventLog::~EventLog() = default;

void EventLog::next_chunk() {
  std::unique_lock lock(mutex_);
  // Before the chunk is handed on: the consumer would wait for its successor at full speed.
  for_producer_.wait(lock, [&] { return !free_.empty() || chunks_.size() < max_chunks; });
  full_.push_back(current_);
  for_consumer_.notify_one();
  // The one used last is in the cache.
  if (free_.empty()) {
    chunks_.push_back(std::make_unique<Chunk>());
    free_.push_back(chunks_.back().get());
  }
  current_ = open_ = free_.back();
  free_.pop_back();
  next_ = current_->words;
  end_ = soft_end_ = next_ + chunk_words;
  current_->committed.store(next_, std::memory_order_release);
}

void EventLog::call(std::function<void(Encoder&)> function) {
  {
    const std::lock_guard lock(mutex_);
    if (!keeps_calls_) return;
    calls_.push_back(std::move(function));
  }
  *reserve(1) = entry_word(Entry::call, 0, 0);
  commit(1);
}

std::function<void(Encoder&)> EventLog::next_call() {
  const std::lock_guard lock(mutex_);
  std::function<void(Encoder&)> function = std::move(calls_.front());
  calls_.pop_front();
  return function;
}

void EventLog::stop_calls() {
  const std::lock_guard lock(mutex_);
  keeps_calls_ = false;
  calls_.clear();
}

bool EventLog::all_taken() const {
  return full_.empty() && taking_ == open_ &&
         taken_ == open_->committed.load(std::memory_order_acquire);
}

void EventLog::wait_until_taken() {
  std::unique_lock lock(mutex_);
  nudged_ = true;
  for_consumer_.notify_one();
  for_producer_.wait(lock, [&] { return all_taken(); });
}

void EventLog::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  for_consumer_.notify_one();
}

bool EventLog::take(Batch& batch, std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  if (batch.begin != nullptr) taken_ = batch.begin;
  if (all_taken()) for_producer_.notify_one();
  for_consumer_.wait_for(lock, patience, [&] { return !full_.empty() || nudged_ || closed_; });
  nudged_ = false;
  // The chunk before is finished: the producer may have it again.
  if (taking_ != open_ && taken_ == taking_->committed.load(std::memory_order_acquire)) {
    free_.push_back(taking_);
    for_producer_.notify_one();
    full_.pop_front();
    taking_ = full_.empty() ? open_ : full_.front();
    taken_ = taking_->words;
  }
  batch.begin = taken_;
  batch.end = taking_->committed.load(std::memory_order_acquire);
  return batch.begin != batch.end || !closed_ || taking_ != open_;
}

}  // namespace heaplab::trace
