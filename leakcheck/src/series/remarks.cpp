// SPDX-License-Identifier: MIT
#include "series/remarks.h"

#include <fmt/format.h>

#include "heaplab/support/text.h"

namespace heaplab::leakcheck::series {
namespace {

/// Worth a remark: this share of the heap.
constexpr double least_share = 0.02;
constexpr std::size_t longest_text = 40;

/// Equal strings have one entry in the file's list of strings.
void duplicate_strings(const Series& series, std::uint64_t least, Report& report) {
  const HeapSnapshot& heap = series.last;
  BigArray<std::uint32_t> count(heap.strings().size() + std::size_t{1});
  std::uint64_t wasted = 0;
  std::uint64_t copies = 0;
  std::uint32_t worst = 0;
  std::uint64_t worst_bytes = 0;
  for (NodeIndex node = 0; node < heap.node_count(); ++node) {
    if (heap.type(node) != NodeType::string) continue;
    const std::uint32_t text = heap.name_index(node);
    if (text >= count.size() || ++count[text] == 1) continue;
    wasted += heap.self_size(node);
    ++copies;
    const std::uint64_t bytes = (count[text] - std::uint64_t{1}) * heap.self_size(node);
    if (bytes > worst_bytes) {
      worst_bytes = bytes;
      worst = text;
    }
  }
  if (copies == 0 || wasted < least) return;
  report.remarks.push_back(
      {fmt::format("strings that exist more than once; most of all '{}', {} times",
                   printable(truncate_to_width(heap.strings().get(worst), longest_text)),
                   count[worst]),
       copies, wasted});
}

void detached(const Series& series, std::uint64_t least, Report& report) {
  const HeapSnapshot& heap = series.last;
  Remark remark;
  remark.what = "detached nodes of a document";
  for (NodeIndex node = 0; node < heap.node_count(); ++node) {
    if (heap.detachedness(node) != inspector::Detachedness::detached) continue;
    // Node marks objects of its own like this.
    if (heap.name(node).find("Node / ") != std::string::npos) continue;
    ++remark.count;
    remark.bytes += heap.self_size(node);
  }
  if (remark.count != 0 && remark.bytes >= least) report.remarks.push_back(std::move(remark));
}

void buffers(const Series& series, std::uint64_t least, Report& report) {
  const HeapSnapshot& heap = series.last;
  Remark remark;
  remark.what = "array buffers of 64 KiB or more";
  constexpr std::uint64_t large = 64 * 1024;
  for (NodeIndex node = 0; node < heap.node_count(); ++node) {
    if (heap.type(node) != NodeType::native || heap.self_size(node) < large) continue;
    ++remark.count;
    remark.bytes += heap.self_size(node);
  }
  if (remark.count != 0 && remark.bytes >= least) report.remarks.push_back(std::move(remark));
}

}  // namespace

void add_remarks(const Series& series, Report& report) {
  const auto least = static_cast<std::uint64_t>(
      least_share * static_cast<double>(series.rounds.back().live_bytes));
  duplicate_strings(series, least, report);
  buffers(series, least, report);
  detached(series, least, report);
}

}  // namespace heaplab::leakcheck::series
