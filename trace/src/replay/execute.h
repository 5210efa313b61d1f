// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "heaplab/support/big_array.h"
#include "replay/program.h"

namespace heaplab::trace {

/// Runs a program. A backend has
///   void allocate(ReplayHandle, std::uint32_t shape)
///   void store(ReplayHandle host, std::uint32_t where, ReplayHandle value)
///   void root(ReplayHandle), void unroot(ReplayHandle), void die(ReplayHandle)
/// and is a template argument: there is one loop for each, with everything inline.
template <class Backend>
void execute(const ReplayProgram::Contents& program, Backend& backend) {
  std::vector<std::uint32_t> buffer;
  for (std::size_t i = 0; i < program.words.chunk_count(); ++i) {
    const std::span<const std::uint32_t> chunk = program.words.chunk(i, buffer);
    const std::uint32_t* word = chunk.data();
    const std::uint32_t* const end = word + chunk.size();
    while (word != end) {
      const std::uint32_t instruction = *word++;
      const ReplayHandle handle = instruction >> op_bits;
      switch (static_cast<ReplayOp>(instruction & op_mask)) {
        case ReplayOp::allocate:
          backend.allocate(handle, word[0]);
          word += 1;
          break;
        case ReplayOp::store:
          backend.store(handle, word[0], word[1]);
          word += 2;
          break;
        case ReplayOp::root:
          backend.root(handle);
          break;
        case ReplayOp::unroot:
          backend.unroot(handle);
          break;
        case ReplayOp::die:
          backend.die(handle);
          break;
      }
    }
  }
}

/// Where the object of each handle is, and where it stands in the list of roots.
class HandleTable {
 public:
  struct Entry {
    void* object = nullptr;
    std::uint32_t shape = 0;
    std::uint32_t root = no_root;
  };
  static constexpr std::uint32_t no_root = ~0u;

  explicit HandleTable(std::uint32_t handles) : entries_(handles) {
    // Touched now: the pages of the table are not what the allocator took.
    for (Entry& entry : entries_) entry.root = no_root;
    roots_.reserve(handles);
  }

  Entry& operator[](ReplayHandle handle) { return entries_[handle]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(entries_.size()); }
  const std::vector<ReplayHandle>& roots() const { return roots_; }

  void add_root(ReplayHandle handle, Entry& entry) {
    entry.root = static_cast<std::uint32_t>(roots_.size());
    roots_.push_back(handle);
  }
  void remove_root(Entry& entry) {
    const ReplayHandle last = roots_.back();
    roots_[entry.root] = last;
    entries_[last].root = entry.root;
    roots_.pop_back();
    entry.root = no_root;
  }

 private:
  BigArray<Entry> entries_;
  std::vector<ReplayHandle> roots_;
};

}  // namespace heaplab::trace
