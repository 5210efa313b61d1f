// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <queue>
#include <unordered_map>
#include <vector>

#include "heaplab/trace/reader.h"
#include "replay/deaths.h"
#include "replay/program.h"
#include "replay/slots.h"

namespace heaplab::trace {

/// The last pass over a recording: writes the program.
class ReplayCompiler : public RecordingVisitor {
 public:
  struct Inputs {
    RecordingSource& source;
    IdTable<ObjectFacts>& objects;
    SpecialSlots& special;
    DeathList& deaths;
    /// By id, when objects are to be freed after their last use: its clock + 1; 0: not known.
    IdTable<std::uint64_t>* last_uses;
    const std::function<void(std::uint64_t)>& progress;
  };
  /// \pre The summary says has_graph and adds_headers.
  ReplayCompiler(const Inputs& inputs, ReplayProgram::Contents& out);

  void on_allocation(const Allocation& a) override;
  void on_write(const PointerWrite& write) override;
  void on_initial_edges(ObjectId host, std::span<const InitialEdge> edges) override;
  void on_roots(const RootChange& change) override;
  void on_free(ObjectId) override { begin_event(); }
  void on_thread(ThreadId thread) override;
  void on_block(std::uint64_t offset) override {
    in_.objects.on_block();
    if (in_.last_uses != nullptr) in_.last_uses->on_block();
    if (in_.progress) in_.progress(offset);
  }
  void finish();

 private:
  /// An object that is alive, by its handle.
  struct Live {
    ObjectId id = 0;
    std::uint32_t shape = 0;
    std::uint32_t roots = 0;     ///< how many threads have it as a root
    std::uint32_t fresh = 0;     ///< how often it counts as one until its thread's next root record
    std::uint32_t incoming = 0;  ///< references from objects that are alive
    std::uint16_t fixed = 0;
    bool is_special = false;
    /// It is held until it dies, for it may be unreachable meanwhile: it was referred to weakly,
    /// and a program can get it back from there; or nothing refers to it and it is not dead, so it
    /// will be got back from somewhere that the recording does not know (a table of interned
    /// strings). What dies stays exactly the same.
    bool is_pinned = false;
    bool is_rooted = false;  ///< in the program so far
    /// What its strong slots and then its pairs' values refer to; null if it has none.
    std::unique_ptr<ReplayHandle[]> targets = {};
    bool is_changed = false;

    bool should_be_root() const { return roots > 0 || fresh > 0 || is_pinned; }
    bool is_lost() const { return !should_be_root() && incoming == 0; }
  };
  struct Use {
    std::uint64_t clock;
    ObjectId id;
    bool operator>(const Use& other) const { return clock > other.clock; }
  };
  struct ShapeHash {
    std::size_t operator()(const ReplayShape& shape) const;
  };

  void begin_event();
  void die(ObjectId id);
  void free_used_up(std::uint64_t clock);
  ReplayHandle handle_of(ObjectId id);
  ReplayHandle take_handle();
  std::uint32_t shape_of(const Allocation& a, const ObjectFacts& facts);
  std::uint32_t shape_index(const ReplayShape& shape, const Allocation& a);
  void store(ObjectId host, const Slot& slot, ObjectId value);
  void emit_store(ReplayHandle host, StoreKind kind, std::uint64_t offset, ReplayHandle value);
  void store_special(ReplayHandle host, const Slot& slot, ReplayHandle value);
  void retarget(ReplayHandle host, std::size_t index, ReplayHandle value);
  void let_go(ReplayHandle target);
  std::size_t target_count(const Live& object) const;
  void add_fresh(ReplayHandle handle);
  void change(ReplayHandle handle);
  void sync_roots();
  void emit(ReplayOp op, ReplayHandle handle) { *out_.words.append(1) = encode(op, handle); }

  Inputs in_;
  ReplayProgram::Contents& out_;
  ReplaySummary& summary_;
  std::uint64_t event_ = 0;
  ThreadId thread_ = 0;
  std::vector<Live> live_{1};
  std::vector<ReplayHandle> free_handles_;
  std::vector<std::vector<ObjectId>> fresh_{1};  ///< by thread
  std::vector<ReplayHandle> changed_;            ///< roots that are to be looked at
  std::unordered_map<ReplayShape, std::uint32_t, ShapeHash> shapes_;
  std::vector<ShapeLayout> layouts_;  ///< by shape
  std::priority_queue<Use, std::vector<Use>, std::greater<>> uses_;
  std::uint64_t live_bytes_ = 0;
  std::uint64_t live_objects_ = 0;
};

}  // namespace heaplab::trace
