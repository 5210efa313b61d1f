// SPDX-License-Identifier: MIT
// Replays by hand: malloc and free; and with nothing at all.
#include <dlfcn.h>
#include <mimalloc.h>

#include <cstdlib>
#include <cstring>
#include <new>

#include "replay/execute.h"
#include "replay/measure.h"

namespace heaplab::trace {
namespace {

/// The C library's. Where mimalloc is linked, `malloc` is mimalloc's (Debian's library overrides
/// it), so the library is asked for its own.
struct SystemMalloc {
  static void* allocate(std::size_t bytes) { return own_malloc(bytes); }
  static void release(void* memory) { own_free(memory); }
  static void find() {
    void* library = ::dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
    if (library == nullptr) return;  // another C library: whatever malloc is
    void* found_malloc = ::dlsym(library, "malloc");
    void* found_free = ::dlsym(library, "free");
    if (found_malloc == nullptr || found_free == nullptr) return;
    own_malloc = reinterpret_cast<void* (*)(std::size_t)>(found_malloc);
    own_free = reinterpret_cast<void (*)(void*)>(found_free);
  }

 private:
  static inline void* (*own_malloc)(std::size_t) = std::malloc;
  static inline void (*own_free)(void*) = std::free;
};
struct MiMalloc {
  static void* allocate(std::size_t bytes) { return mi_malloc(bytes); }
  static void release(void* memory) { mi_free(memory); }
};

std::byte* slot_at(void* object, std::uint32_t where) {
  return static_cast<std::byte*>(object) + std::size_t{where & store_offset_mask} * sizeof(RefBits);
}

template <class Memory>
class ExplicitBackend {
 public:
  ExplicitBackend(const ReplayProgram::Contents& program, const ReplayOptions& options)
      : program_(program),
        table_(program.handles),
        meter_(program.summary.bytes, options.footprint_samples) {}

  void allocate(ReplayHandle handle, std::uint32_t shape) {
    const std::size_t bytes = program_.shapes[shape].requested;
    void* memory = Memory::allocate(bytes);
    if (memory == nullptr) throw std::bad_alloc();
    std::memset(memory, 0, bytes);
    HandleTable::Entry& entry = table_[handle];
    entry.object = memory;
    entry.shape = shape;
    result.allocated_bytes += bytes;
    if (meter_.is_due(bytes)) meter_.sample(result, result.allocated_bytes, 0);
  }
  void store(ReplayHandle host, std::uint32_t where, ReplayHandle value) {
    const RefBits bits = compress(table_[value].object);
    std::memcpy(slot_at(table_[host].object, where), &bits, sizeof bits);
  }
  void root(ReplayHandle) {}
  void unroot(ReplayHandle) {}
  void die(ReplayHandle handle) {
    Memory::release(table_[handle].object);
    table_[handle].object = nullptr;
    ++result.frees;
  }
  void free_the_rest() {
    for (ReplayHandle handle = 1; handle < table_.size(); ++handle) {
      if (table_[handle].object != nullptr) die(handle);
    }
  }
  void sample() { meter_.sample(result, result.allocated_bytes, 0); }

  ReplayResult result;

 private:
  const ReplayProgram::Contents& program_;
  HandleTable table_;
  FootprintMeter meter_;
};

template <class Memory>
ReplayResult run_explicitly(const ReplayProgram::Contents& program, const ReplayOptions& options) {
  ExplicitBackend<Memory> backend(program, options);
  const ReplayTime start = time_now();
  try {
    execute(program, backend);
    backend.result.completed = true;
  } catch (const std::bad_alloc&) {
    backend.result.failure = "the allocator has no more memory";
  }
  backend.result.total = time_now() - start;
  backend.sample();
  backend.free_the_rest();
  return std::move(backend.result);
}

/// Does what the other backends do for themselves.
class EmptyBackend {
 public:
  explicit EmptyBackend(const ReplayProgram::Contents& program)
      : program_(program), table_(program.handles) {}

  void allocate(ReplayHandle handle, std::uint32_t shape) {
    HandleTable::Entry& entry = table_[handle];
    entry.object = reinterpret_cast<void*>(result.allocated_bytes + 8);
    entry.shape = shape;
    if (program_.summary.has_graph) table_.add_root(handle, entry);
    result.allocated_bytes += program_.shapes[shape].bytes;
  }
  void store(ReplayHandle host, std::uint32_t where, ReplayHandle value) {
    sink_ ^= address_of(slot_at(table_[host].object, where)) + address_of(table_[value].object);
  }
  void root(ReplayHandle handle) { table_.add_root(handle, table_[handle]); }
  void unroot(ReplayHandle handle) { table_.remove_root(table_[handle]); }
  void die(ReplayHandle handle) {
    HandleTable::Entry& entry = table_[handle];
    if (entry.root != HandleTable::no_root) table_.remove_root(entry);
    live_bytes_ -= program_.shapes[entry.shape].bytes;
    entry.object = nullptr;
  }
  std::uintptr_t sink() const { return sink_ ^ live_bytes_; }

  ReplayResult result;

 private:
  const ReplayProgram::Contents& program_;
  HandleTable table_;
  std::uintptr_t sink_ = 0;
  std::uint64_t live_bytes_ = 0;
};

}  // namespace

ReplayResult replay_explicitly(const ReplayProgram& program, Allocator allocator,
                               const ReplayOptions& options) {
  if (allocator == Allocator::mimalloc)
    return run_explicitly<MiMalloc>(program.contents(), options);
  SystemMalloc::find();
  return run_explicitly<SystemMalloc>(program.contents(), options);
}

ReplayResult replay_on_nothing(const ReplayProgram& program) {
  EmptyBackend backend(program.contents());
  const ReplayTime start = time_now();
  execute(program.contents(), backend);
  backend.result.total = time_now() - start;
  // The sum is looked at, so that nothing of the work can be left out.
  volatile std::uintptr_t sink = backend.sink();
  static_cast<void>(sink);
  backend.result.completed = true;
  return std::move(backend.result);
}

}  // namespace heaplab::trace
