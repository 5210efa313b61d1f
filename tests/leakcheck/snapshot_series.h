// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "heaplab/leakcheck/print.h"
#include "heaplab/leakcheck/snapshots.h"
#include "synthetic_heap.h"

namespace heaplab::leakcheck {

/// Snapshots of a heap that the test changes from round to round, and the verdict on them.
class SnapshotSeries : public ::testing::Test {
 protected:
  SnapshotSeries() {
    folder_ = std::filesystem::temp_directory_path() /
              ("heaplab-series-" + std::to_string(::getpid()) + "-" +
               ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
  }
  ~SnapshotSeries() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  /// `round(heap, i)` changes the heap; a snapshot follows.
  Report judge(int rounds, const std::function<void(SyntheticHeap&, int)>& round,
               const SnapshotOptions& options = {}) {
    files_.clear();
    for (int i = 0; i < rounds; ++i) {
      round(heap, i);
      files_.push_back(path("s" + std::to_string(i + 1) + ".heapsnapshot"));
      heap.write(files_.back());
    }
    return analyse_snapshots(files_, {}, options);
  }
  static std::string text(const Report& report) { return to_text(report, Painter(false), 100); }

  /// An item with something in it: 400 bytes.
  SyntheticHeap::Id page() {
    const SyntheticHeap::Id item = heap.object("Page");
    heap.edge(item, "property", "body",
              heap.node("string", "text " + std::to_string(count_++), 360));
    return item;
  }

  SyntheticHeap heap;
  std::vector<std::string> files_;

 private:
  std::filesystem::path folder_;
  int count_ = 0;
};

}  // namespace heaplab::leakcheck
