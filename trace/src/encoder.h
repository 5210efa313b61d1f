// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "event_log.h"
#include "heaplab/heap/heap.h"
#include "heaplab/trace/recorder.h"
#include "object_table.h"
#include "root_set.h"

namespace heaplab::trace {

/// What the encoders of one file share. Whoever holds the mutex writes.
struct SharedRecording::State {
  explicit State(const std::string& path) : writer(path) {}

  /// Objects are born in the order of their ids: the clock of every 256th tells the others' well
  /// enough.
  static constexpr unsigned births_shift = 8;
  void remember_birth(ObjectId id) {
    if ((id >> births_shift) >= births.size()) births.push_back(writer.clock());
  }
  std::uint64_t birth_of(ObjectId id) const { return births[id >> births_shift]; }

  std::mutex mutex;
  RecordingWriter writer;
  ThreadId thread = 0;  ///< of the last record
  std::uint64_t checkpoints = 0;
  std::uint64_t last_flush_ns = 0;
  bool has_news = false;  ///< since the last flush
  std::vector<std::uint64_t> births;
  std::string failure;  ///< of an encoder: it had no memory
  bool finished = false;
};

/// A walk of the live heap, as the program's thread saw it. Strings are those of the log's table.
struct CheckpointData {
  struct Root {
    std::uint32_t group, name;
    RefBits target;
  };
  struct Node {
    RefBits object;
    TypeId type;
    std::uint64_t bytes, external;
    std::uint64_t last_use;  ///< the program's clock
    std::uint32_t name;
    std::uint32_t edges;
  };
  struct Edge {
    RefBits target;
    std::uint32_t label;  ///< an index or a string, as the kind says
    EdgeKind kind;
  };
  struct Ephemeron {
    RefBits table, key, value;
  };
  CheckpointReason reason = CheckpointReason::start;
  std::uint64_t time_ns = 0;
  std::vector<std::string> new_strings;
  std::vector<Root> roots;
  std::vector<Node> nodes;
  std::vector<Edge> edges;
  std::vector<Ephemeron> ephemerons;
};

/// Turns a log into records, on a thread of its own.
class Encoder {
 public:
  Encoder(Heap& heap, std::shared_ptr<SharedRecording::State> shared,
          const RecorderOptions& options);
  ~Encoder() { close(); }

  EventLog& log() { return log_; }
  /// Handles what is left, and ends the thread.
  void close();

  /// \name Called from the log, or when all of it was taken
  /// @{
  RecordingWriter& writer() { return shared_->writer; }
  void define_type(const std::string& name, const std::string& node_type);
  void define_frame(const std::string& function, const std::string& file, std::uint32_t line,
                    std::uint32_t column);
  void define_stack(StackId parent, FrameId frame);
  void adopt(RefBits object, TypeId type, std::uint64_t bytes);
  void collection(Collection record, const std::string& collector, const std::string& reason);
  void checkpoint(const CheckpointData& data);
  /// As the program's thread numbers stacks.
  StackId stack_of(RefBits object) const { return objects_.stack(object); }
  /// @}

 private:
  void run();
  void handle(EventLog::Batch& batch);
  const std::uint64_t* handle_entry(const std::uint64_t* entry, std::uint64_t word);
  void allocation(const std::uint64_t* entry);
  void deaths(const std::uint64_t* entry);
  const std::uint64_t* contents(const std::uint64_t* entry);
  const std::uint64_t* initial(const std::uint64_t* entry);
  void store(RefBits host, std::uint64_t slot, RefBits old_value, RefBits new_value);
  const std::uint64_t* roots(const std::uint64_t* entry);
  void death(const std::uint64_t* entry);
  void flush_if_due();
  std::uint64_t shared_clock(std::uint64_t local) const;

  Heap& heap_;
  const TypeLayout* layouts_;  ///< the heap's own pointer is on a line that the program writes
  std::shared_ptr<SharedRecording::State> shared_;
  const bool records_uses_;
  ThreadId thread_ = 0;
  EventLog log_;  ///< on lines of its own
  ObjectTable objects_;
  RootSet roots_;
  std::uint64_t clock_ = 0;            ///< the program's: what its own heap allocated
  std::vector<std::uint64_t> clocks_;  ///< the file's clock at each 64 KiB of the program's
  std::vector<TypeIndex> types_;
  std::vector<FrameId> frames_{0};
  std::vector<StackId> stacks_{0};
  std::vector<StringId> strings_{0};
  std::vector<InitialEdge> edges_;
  std::vector<ObjectId> dead_;
  std::vector<LastUse> uses_;
  std::thread worker_;
};

}  // namespace heaplab::trace
