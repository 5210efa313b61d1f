// SPDX-License-Identifier: MIT
#include "snapshot/batches.h"

namespace heaplab::inspector {

RecordBatches::RecordBatches(NumberArray& array, std::size_t stride, bool threaded)
    : array_(array),
      stride_(stride),
      batches_([this](NumberBatch& batch) { return fill(batch); },
               threaded ? numbers_between : numbers_alone, threaded) {}

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

}  // namespace heaplab::inspector
