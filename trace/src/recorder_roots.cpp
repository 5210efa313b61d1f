// SPDX-License-Identifier: MIT
// The recorder's looks at the roots: between safepoints the program may hold an object where the
// heap does not see it; at one, the roots are exact.
#include <algorithm>

#include "event_log.h"
#include "heaplab/trace/recorder.h"

namespace heaplab::trace {
namespace {

/// Slots that are compared at once.
constexpr std::size_t stretch = 32;

}  // namespace

class Recorder::RootLook : public RootVisitor {
 public:
  explicit RootLook(std::vector<std::uint64_t>& words) : words_(words) {}
  void object(Object** slot) override { words_.push_back(address_of(*slot)); }
  void words(std::uint64_t* begin, std::uint64_t* end) override {
    const std::size_t old = words_.size();
    words_.resize(old + static_cast<std::size_t>(end - begin));
    std::transform(begin, end, words_.data() + old,
                   [](std::uint64_t word) { return Word::is_reference(word) ? word : 0; });
  }

 private:
  std::vector<std::uint64_t>& words_;
};

/// Logs what changed since the last look. After a collection that is everything: the encoder sees
/// which objects are the same.
void Recorder::log_roots() {
  if (options_.root_granularity_bytes == 0) return;
  root_words_.swap(root_buffer_);
  root_words_.clear();
  RootLook look(root_words_);
  heap_.visit_roots(look);
  const std::vector<std::uint64_t>& before = root_buffer_;
  for (std::size_t first = 0; first < root_words_.size(); first += stretch) {
    const std::size_t count = std::min(stretch, root_words_.size() - first);
    const bool same = !roots_moved_ && first + count <= before.size() &&
                      std::equal(before.begin() + static_cast<std::ptrdiff_t>(first),
                                 before.begin() + static_cast<std::ptrdiff_t>(first + count),
                                 root_words_.begin() + static_cast<std::ptrdiff_t>(first));
    if (!same) log_root_run(first, count, false);
  }
  log_root_run(root_words_.size(), 0, true);
  roots_moved_ = false;
  roots_clock_ = clock_;
}

void Recorder::log_root_run(std::size_t first, std::size_t count, bool last) {
  std::uint64_t* entry = log_->reserve(2 + count);
  entry[0] = entry_word(Entry::roots, last ? 1 : 0, 0);
  entry[1] = std::uint64_t{count} << 32 | first;
  std::copy_n(root_words_.begin() + static_cast<std::ptrdiff_t>(first), count, entry + 2);
  log_->commit(2 + count);
}

}  // namespace heaplab::trace
