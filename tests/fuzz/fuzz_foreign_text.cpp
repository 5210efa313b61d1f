// SPDX-License-Identifier: MIT
// Files of GarCoSim, Elephant Tracks and V8's heap profiler from strangers: the first byte says
// whose the rest is.
#include <cstdint>
#include <string>

#include "heaplab/trace/open.h"
#include "memory_file.h"

namespace {

/// Everything a reader hands out must be in order.
class Checker : public heaplab::trace::RecordingVisitor {
 public:
  void on_allocation(const heaplab::trace::Allocation& a) override {
    if (a.id != ++newest_) __builtin_trap();
  }
  void on_write(const heaplab::trace::PointerWrite& w) override {
    check(w.host);
    check(w.old_value);
    check(w.new_value);
  }
  void on_roots(const heaplab::trace::RootChange& change) override {
    for (const auto id : change.added) check(id);
    for (const auto id : change.removed) check(id);
  }
  void on_free(heaplab::trace::ObjectId id) override { check(id); }

 private:
  void check(heaplab::trace::ObjectId id) const {
    if (id > newest_) __builtin_trap();
  }
  heaplab::trace::ObjectId newest_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace heaplab;
  constexpr const char* starts[] = {"a T1 O1 S8 N2 C1\n", "N 1 8 A 2 0 3\n", "{\"head\":{"};
  if (size == 0) return 0;
  std::string text = starts[data[0] % 3];
  text.append(reinterpret_cast<const char*>(data) + 1, size - 1);
  const fuzz::MemoryFile file(text);
  try {
    Checker checker;
    trace::open_recording(file.path())->read(checker);
  } catch (const InputError&) {
    // The one acceptable refusal.
  }
  return 0;
}
