// SPDX-License-Identifier: MIT
// A program that does everything a program may do to a heap, at random; its recording has to agree
// with itself (reconstruction.h).
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <random>
#include <thread>
#include <tuple>

#include "heaplab/gc/make_heap.h"
#include "heaplab/trace/recorder.h"
#include "reconstruction.h"
#include "sample_recording.h"
#include "seed.h"

namespace heaplab::trace {
namespace {

struct Node : Object {
  Ref<Object> left, right;
  Word any;
  Ref<Object> weak, weaker;
  Word weak_word;
};

/// Everything that lives in its roots: globals, handles, a root frame, and a provider's table.
class RandomProgram : private RootProvider {
 public:
  static constexpr std::size_t table_words = 40;

  RandomProgram(Heap& heap, unsigned seed) : heap_(heap), random_(seed), frame_(heap) {
    TypeDescriptor node;
    node.name = "Node";
    node.fixed_bytes = sizeof(Node);
    node.runs = {{8, 2, SlotKind::ref},
                 {16, 1, SlotKind::word},
                 {24, 2, SlotKind::weak_ref},
                 {32, 1, SlotKind::weak_word}};
    node_ = heap.register_type(node);
    for (const ElementKind kind : {ElementKind::refs, ElementKind::words, ElementKind::weak_refs,
                                   ElementKind::weak_words, ElementKind::ephemeron_words}) {
      TypeDescriptor array;
      array.name = "Array " + std::to_string(arrays_.size());
      array.fixed_bytes = 8;
      array.elements = kind;
      arrays_.push_back(heap.register_type(array));
    }
    heap.add_root_provider(this);
  }
  ~RandomProgram() override { heap_.remove_root_provider(this); }

  void step() {
    const unsigned what = below(100);
    if (what < 45) {
      root(allocate());
    } else if (what < 90) {
      store(any(), any());
    } else if (what < 98) {
      root(below(3) ? any() : nullptr);
    } else if (what == 98) {
      change_global();
    } else if (below(8) == 0) {
      heap_.collect(below(2) ? CollectionKind::minor : CollectionKind::major);
    }
  }

 private:
  unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }

  Object* allocate() {
    const unsigned kind = below(12);
    if (kind < 7) {
      auto* node = heap_.allocate<Node>(node_, below(9));
      // What init may store: fresh and small. `any` does not allocate.
      if (below(2)) node->left.init(any());
      return node;
    }
    const std::uint32_t length = below(400) == 0 ? 40'000 + below(1000) : below(30);
    const TypeId type = arrays_[kind - 7];
    return below(8) == 0 ? heap_.allocate_old(type, length) : heap_.allocate(type, length);
  }

  Object* any() {
    switch (below(4)) {
      case 0:
        return frame_[below(4)];
      case 1:
        return globals_.empty() ? nullptr : globals_[below(unsigned(globals_.size()))]->get();
      case 2:
        if (auto* node = as_node(word_object(table_[below(table_words)]))) {
          return below(2) ? node->left.get() : node->weak.get();
        }
        return nullptr;
      default:
        return word_object(table_[below(table_words)]);
    }
  }
  Node* as_node(Object* object) {
    return object && object->type_id() == node_ ? static_cast<Node*>(object) : nullptr;
  }
  static Object* word_object(std::uint64_t bits) {
    return Word::is_reference(bits) ? Word(bits).object() : nullptr;
  }
  Word word_of(Object* value) {
    return value && below(6) ? Word(value) : Word(std::uint64_t{0x7ff8} << 48 | below(100));
  }

  void root(Object* object) {
    if (below(8) == 0) {
      frame_[below(4)] = object;
    } else {
      table_[below(table_words)] = object ? address_of(object) : std::uint64_t{1} << 60;
    }
  }
  void change_global() {
    if (globals_.size() > 6) globals_.erase(globals_.begin() + below(7));
    globals_.push_back(std::make_unique<Global<Object>>(heap_, any()));
  }

  void store(Object* host, Object* value) {
    if (host == nullptr) return;
    if (Node* node = as_node(host)) {
      store_into(node, value);
      return;
    }
    const std::uint32_t length = host->length();
    if (length == 0) return;
    const std::uint32_t at = below(length);
    auto* refs = reinterpret_cast<RefBits*>(host->bytes() + 8);
    auto* words = reinterpret_cast<Word*>(host->bytes() + 8);
    switch (heap_.layout(host->type_id()).elements) {
      case ElementKind::refs:
        heap_.write_ref(host, refs + at, value);
        break;
      case ElementKind::words:
        store_words(host, words, at, length, value);
        break;
      case ElementKind::weak_refs:
        heap_.write_weak_ref(host, refs + at, value);
        break;
      case ElementKind::weak_words:
        heap_.write_weak(host, words[at], word_of(value));
        break;
      default:
        heap_.write_weak(host, words[2 * at + 1], word_of(any()));
        heap_.write_weak(host, words[2 * at], word_of(value));
    }
  }
  void store_words(Object* host, Word* words, std::uint32_t at, std::uint32_t length,
                   Object* value) {
    const std::uint32_t to = below(length);
    const std::uint32_t count = below(length - std::max(at, to) + 1);
    if (below(4) == 0) {
      heap_.copy_words(host, words + to, words + at, count);
    } else if (below(4) == 0) {
      heap_.fill_words(host, words + to, word_of(value), count);
    } else {
      heap_.write(host, words[at], word_of(value));
    }
  }
  void store_into(Node* node, Object* value) {
    switch (below(6)) {
      case 0:
        return heap_.write(node, node->left, value);
      case 1:
        return heap_.write(node, node->right, value);
      case 2:
        return heap_.write(node, node->any, word_of(value));
      case 3:
        return heap_.write_weak_ref(node, reinterpret_cast<RefBits*>(&node->weak), value);
      case 4:
        return heap_.write_weak_ref(node, reinterpret_cast<RefBits*>(&node->weaker), value);
      default:
        return heap_.write_weak(node, node->weak_word, word_of(value));
    }
  }

  void visit_roots(RootVisitor& visitor) override { visitor.words(table_, table_ + table_words); }
  std::string_view roots_name() const override { return "(table)"; }

  Heap& heap_;
  std::mt19937 random_;
  RootFrame<4> frame_;
  TypeId node_ = 0;
  std::vector<TypeId> arrays_;
  std::vector<std::unique_ptr<Global<Object>>> globals_;
  std::uint64_t table_[table_words] = {};
};

class RandomRecording
    : public ::testing::TestWithParam<std::tuple<const char*, std::uint64_t, unsigned>> {};

TEST_P(RandomRecording, AgreesWithItself) {
  const auto [plan, granularity, stress] = GetParam();
  const unsigned seed = first_seed();
  SCOPED_TRACE("seed " + std::to_string(seed));
  HeapOptions options;
  options.plan = plan;
  options.stress_move_interval = stress;
  options.initial_semi_space_bytes = 256 * KiB;
  options.max_semi_space_bytes = 512 * KiB;
  const std::unique_ptr<Heap> heap = gc::make_heap(options);
  const TemporaryFile file;
  RandomProgram program(*heap, seed);
  for (int i = 0; i < 2000; ++i) program.step();  // what is adopted
  RecorderOptions recording;
  recording.path = file.path();
  recording.root_granularity_bytes = granularity;
  Recorder recorder(*heap, recording);
  for (int i = 0; i < 15'000; ++i) program.step();
  recorder.finish();

  RecordingReader reader(file.path());
  Reconstruction model;
  model.granularity = granularity;
  EXPECT_TRUE(reader.read(model).complete);
  EXPECT_EQ(model.errors, std::vector<std::string>());
  EXPECT_GT(model.majors, 2u);
  EXPECT_GT(model.checkpoints, 5u);
  EXPECT_GT(model.writes, 500u);
  EXPECT_GT(model.alive(), 10u);
  EXPECT_EQ(reader.knowledge().root_granularity, granularity);
}

/// Gives each thread's records to a model of its own.
class PerThread : public RecordingVisitor {
 public:
  void on_thread(ThreadId thread) override { model_ = &models[thread]; }
  void on_allocation(const Allocation& a) override { model_->on_allocation(a); }
  void on_initial_edges(ObjectId host, std::span<const InitialEdge> edges) override {
    model_->on_initial_edges(host, edges);
  }
  void on_write(const PointerWrite& w) override { model_->on_write(w); }
  void on_roots(const RootChange& change) override { model_->on_roots(change); }
  void on_death(ObjectId id) override { model_->on_death(id); }
  void on_collection(const Collection& c) override { model_->on_collection(c); }
  bool on_checkpoint_begin(const CheckpointBegin& b) override {
    return model_->on_checkpoint_begin(b);
  }
  void on_checkpoint_root(const CheckpointRoot& r) override { model_->on_checkpoint_root(r); }
  void on_checkpoint_node(const CheckpointNode& n) override { model_->on_checkpoint_node(n); }
  void on_checkpoint_edge(const CheckpointEdge& e) override { model_->on_checkpoint_edge(e); }
  void on_checkpoint_ephemeron(const CheckpointEphemeron& e) override {
    model_->on_checkpoint_ephemeron(e);
  }
  void on_checkpoint_end(const CheckpointEnd& e) override { model_->on_checkpoint_end(e); }

  std::map<ThreadId, Reconstruction> models;

 private:
  Reconstruction* model_ = &models[0];
};

TEST(SharedRecordingTest, HeapsOfSeveralThreadsGoIntoOneFile) {
  const unsigned seed = first_seed();
  SCOPED_TRACE("seed " + std::to_string(seed));
  const TemporaryFile file;
  SharedRecording recording(file.path());
  recording.info("program", "two threads");
  const auto work = [&](unsigned number) {
    HeapOptions options;
    options.initial_semi_space_bytes = options.max_semi_space_bytes = 256 * KiB;
    const std::unique_ptr<Heap> heap = gc::make_heap(options);
    RandomProgram program(*heap, seed + number);
    RecorderOptions recorded;
    recorded.shared = &recording;
    recorded.thread = "worker " + std::to_string(number);
    recorded.heap_name = "heap " + std::to_string(number);
    Recorder recorder(*heap, recorded);
    for (int i = 0; i < 15'000; ++i) program.step();
    recorder.finish();
  };
  std::thread first(work, 1), second(work, 2);
  first.join();
  second.join();
  recording.finish();
  EXPECT_EQ(recording.error(), "");

  RecordingReader reader(file.path());
  PerThread visitor;
  EXPECT_TRUE(reader.read(visitor).complete);
  ASSERT_EQ(reader.tables().threads.size(), 3u);
  for (const ThreadId thread : {1u, 2u}) {
    const Reconstruction& model = visitor.models[thread];
    EXPECT_EQ(model.errors, std::vector<std::string>());
    EXPECT_GT(model.checkpoints, 2u);
    EXPECT_GT(model.writes, 500u);
  }
  EXPECT_EQ(visitor.models[0].writes, 0u);
}

INSTANTIATE_TEST_SUITE_P(
    AllPlans, RandomRecording,
    ::testing::Combine(::testing::Values("generational", "semispace", "marksweep"),
                       ::testing::Values(1u, 4096u), ::testing::Values(0u, 17u)));

}  // namespace
}  // namespace heaplab::trace
