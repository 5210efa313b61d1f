// SPDX-License-Identifier: MIT
#include "encoder.h"

#include <pthread.h>

#include <algorithm>

#include "object_references.h"

namespace heaplab::trace {
namespace {

constexpr std::chrono::milliseconds patience{100};
constexpr std::uint64_t flush_interval_ns = 500'000'000;
constexpr unsigned clocks_shift = 16;

}  // namespace

Encoder::Encoder(Heap& heap, std::shared_ptr<SharedRecording::State> shared,
                 const RecorderOptions& options)
    : heap_(heap),
      layouts_(heap.layouts()),
      shared_(std::move(shared)),
      records_uses_(options.last_uses) {
  {
    const std::lock_guard lock(shared_->mutex);
    if (!options.thread.empty()) thread_ = writer().thread(options.thread, options.heap_name);
    clocks_.push_back(writer().clock());
  }
  worker_ = std::thread([this] { run(); });
}

void Encoder::close() {
  if (!worker_.joinable()) return;
  log_.close();
  worker_.join();
}

/// Entries are dropped once one of them could not be handled: the program must not notice.
void Encoder::run() {
  pthread_setname_np(pthread_self(), "recorder");
  EventLog::Batch batch;
  bool failed = false;
  while (log_.take(batch, patience)) {
    if (failed) batch.begin = batch.end;
    try {
      const std::lock_guard lock(shared_->mutex);
      handle(batch);
      flush_if_due();
    } catch (const std::exception& error) {
      failed = true;
      log_.stop_calls();
      const std::lock_guard lock(shared_->mutex);
      shared_->failure = error.what();
    }
  }
}

/// What is left in the batch begins with an entry that is not complete yet.
void Encoder::handle(EventLog::Batch& batch) {
  if (batch.begin == batch.end) return;
  if (shared_->thread != thread_) writer().switch_thread(thread_);
  shared_->thread = thread_;
  shared_->has_news = true;
  while (batch.begin != batch.end) {
    const std::uint64_t word = EventLog::first_word(batch.begin);
    if (word == 0) return;
    batch.begin = handle_entry(batch.begin, word);
  }
}

const std::uint64_t* Encoder::handle_entry(const std::uint64_t* entry, std::uint64_t word) {
  switch (kind_of(word)) {
    case Entry::store:
      store(object_of(word), word >> 32, static_cast<RefBits>(entry[1]),
            static_cast<RefBits>(entry[1] >> 32));
      return entry + 2;
    case Entry::wide_store:
      store(object_of(word), entry[1], static_cast<RefBits>(entry[2]),
            static_cast<RefBits>(entry[2] >> 32));
      return entry + 3;
    case Entry::allocation:
      allocation(entry);
      return entry + 2;
    case Entry::object:
      allocation(entry);
      return contents(entry);
    case Entry::contents:
      return contents(entry);
    case Entry::initial:
      return initial(entry);
    case Entry::move:
      objects_.move(object_of(word), static_cast<RefBits>(entry[1]));
      return entry + 2;
    case Entry::deaths:
      deaths(entry);
      return entry + 1 + (number_of(word) >> 10);
    case Entry::death:
      death(entry);
      return entry + 2;
    case Entry::roots:
      return roots(entry);
    case Entry::skipped:
      writer().skipped(entry[1], entry[2]);
      clock_ += entry[2];
      return entry + 3;
    case Entry::call:
      log_.next_call()(*this);
      return entry + 1;
  }
  return entry + 1;
}

// Objects.

void Encoder::allocation(const std::uint64_t* entry) {
  const auto type = static_cast<TypeId>((entry[1] >> Object::type_shift) & Object::type_mask);
  const auto length = static_cast<std::uint32_t>(entry[1] >> Object::length_shift);
  const std::uint64_t bytes = layouts_[type].object_bytes(length);
  const StackId stack = number_of(*entry);
  const ObjectId id = writer().allocation(types_[type], bytes, stacks_[stack]);
  shared_->remember_birth(id);
  objects_.set(object_of(*entry), id, stack);
  clock_ += bytes;
  if ((clock_ >> clocks_shift) >= clocks_.size()) {
    clocks_.resize((clock_ >> clocks_shift) + 1, writer().clock());
  }
}

void Encoder::adopt(RefBits object, TypeId type, std::uint64_t bytes) {
  const ObjectId id = writer().allocation(types_[type], bytes, 0, true);
  shared_->remember_birth(id);
  objects_.set(object, id, 0);
}

/// The object is not looked at: by now it may be anything. Its bytes came with the entry.
const std::uint64_t* Encoder::contents(const std::uint64_t* entry) {
  const auto* image = reinterpret_cast<const Object*>(entry + 1);
  const TypeLayout& layout = layouts_[image->type_id()];
  edges_.clear();
  for_each_reference(image, layout, [this](std::uint64_t code, RefBits target) {
    const ObjectId id = objects_.id(target);
    if (id != 0) edges_.push_back({slot_of(code), id});
  });
  writer().initial_edges(objects_.id(object_of(*entry)), edges_);
  return entry + 1 + layout.object_bytes(*image) / sizeof(std::uint64_t);
}

const std::uint64_t* Encoder::initial(const std::uint64_t* entry) {
  const std::uint32_t count = number_of(*entry);
  edges_.clear();
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint64_t* pair = entry + 1 + std::size_t{2} * i;
    const ObjectId id = objects_.id(static_cast<RefBits>(pair[1]));
    if (id != 0) edges_.push_back({slot_of(pair[0]), id});
  }
  writer().initial_edges(objects_.id(object_of(*entry)), edges_);
  return entry + 1 + std::size_t{2} * count;
}

void Encoder::store(RefBits host, std::uint64_t slot, RefBits old_value, RefBits new_value) {
  PointerWrite record;
  record.host = objects_.id(host);
  if (record.host == 0) return;
  record.slot = slot_of(slot);
  record.old_value = objects_.id(old_value);
  record.new_value = objects_.id(new_value);
  writer().write(record);
}

void Encoder::deaths(const std::uint64_t* entry) {
  const std::uint32_t number = number_of(*entry);
  const RefBits block = object_of(*entry) + (number & 0x3ff) * 64;
  for (std::uint32_t i = 0; i < number >> 10; ++i) {
    for (std::uint64_t rest = entry[1 + i]; rest != 0; rest &= rest - 1) {
      const RefBits object = block + i * 64 + static_cast<RefBits>(__builtin_ctzll(rest));
      const ObjectId id = objects_.id(object);
      if (id == 0) continue;
      dead_.push_back(id);
      objects_.erase(object);
    }
  }
}

void Encoder::death(const std::uint64_t* entry) {
  const RefBits object = object_of(*entry);
  const ObjectId id = objects_.id(object);
  if (id == 0) return;
  dead_.push_back(id);
  if (records_uses_) uses_.push_back({id, shared_clock(entry[1])});
  objects_.erase(object);
}

const std::uint64_t* Encoder::roots(const std::uint64_t* entry) {
  const auto first = static_cast<std::uint32_t>(entry[1]);
  const auto count = static_cast<std::uint32_t>(entry[1] >> 32);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint64_t word = entry[2 + i];
    roots_.set(first + i, word == 0 ? 0 : objects_.id(compress(Word(word).object())));
  }
  if (number_of(*entry) != 0) {
    const RootChange change = roots_.look(first + count);
    writer().roots(change.removed, change.added);
  }
  return entry + 2 + count;
}

// Moments.

void Encoder::collection(Collection record, const std::string& collector,
                         const std::string& reason) {
  for (LastUse& use : uses_) use.clock = std::max(use.clock, shared_->birth_of(use.id));
  writer().last_uses(uses_);
  writer().deaths(dead_);
  uses_.clear();
  dead_.clear();
  record.collector = writer().string(collector);
  record.reason = writer().string(reason);
  record.clock = writer().clock();
  writer().collection(record);
}

/// Several heaps in one file have a clock together. Exact to 64 KiB of this heap's allocation;
/// where it is the only heap, exact.
std::uint64_t Encoder::shared_clock(std::uint64_t local) const {
  const std::size_t at = std::min<std::size_t>(local >> clocks_shift, clocks_.size() - 1);
  const std::uint64_t within = local - (std::uint64_t{at} << clocks_shift);
  return std::min(clocks_[at] + within, shared_->writer.clock());
}

void Encoder::flush_if_due() {
  const std::uint64_t now = heap_.now_ns();
  if (!shared_->has_news || now < shared_->last_flush_ns + flush_interval_ns) return;
  shared_->last_flush_ns = now;
  shared_->has_news = false;
  writer().time(now);
  writer().flush();
}

// Tables.

void Encoder::define_type(const std::string& name, const std::string& node_type) {
  types_.push_back(writer().type(name, node_type));
}
void Encoder::define_frame(const std::string& function, const std::string& file, std::uint32_t line,
                           std::uint32_t column) {
  frames_.push_back(writer().frame(function, file, line, column));
}
void Encoder::define_stack(StackId parent, FrameId frame) {
  stacks_.push_back(writer().stack(stacks_[parent], frames_[frame]));
}

// Checkpoints.

void Encoder::checkpoint(const CheckpointData& data) {
  for (const std::string& text : data.new_strings) strings_.push_back(writer().string(text));
  for (const CheckpointData::Node& node : data.nodes) {
    if (objects_.id(node.object) == 0) adopt(node.object, node.type, node.bytes);
  }
  writer().checkpoint_begin({++shared_->checkpoints, data.reason, data.time_ns, writer().clock()});
  for (const CheckpointData::Root& root : data.roots) {
    writer().checkpoint_root({strings_[root.group], strings_[root.name], objects_.id(root.target)});
  }
  CheckpointEnd total;
  std::vector<CheckpointEdge> edges;
  const CheckpointData::Edge* edge = data.edges.data();
  for (const CheckpointData::Node& node : data.nodes) {
    CheckpointNode record{objects_.id(node.object),
                          types_[node.type],
                          node.bytes,
                          node.external,
                          strings_[node.name],
                          stacks_[objects_.stack(node.object)],
                          0,
                          0};
    record.birth = std::min(shared_->birth_of(record.id), writer().clock());
    record.last_access = std::max(shared_clock(node.last_use), record.birth);
    writer().checkpoint_node(record);
    edges.clear();
    for (std::uint32_t i = 0; i < node.edges; ++i, ++edge) {
      CheckpointEdge out{edge->kind, 0, 0, objects_.id(edge->target)};
      (out.has_index() ? out.index : out.name) =
          out.has_index() ? edge->label : strings_[edge->label];
      edges.push_back(out);
    }
    writer().checkpoint_edges(edges);
    ++total.nodes;
    total.edges += edges.size();
    total.bytes += record.bytes;
  }
  for (const CheckpointData::Ephemeron& e : data.ephemerons) {
    writer().checkpoint_ephemeron({objects_.id(e.table), objects_.id(e.key), objects_.id(e.value)});
  }
  writer().checkpoint_end(total);
}

}  // namespace heaplab::trace
