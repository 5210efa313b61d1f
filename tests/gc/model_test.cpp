// SPDX-License-Identifier: MIT
// A model-based property test: random mutators against a plain C++ shadow graph, on every plan.
// Usage: test_gc_model [--operations=N] [--seed=S]; without a seed, a fixed one per configuration.
#include <gtest/gtest.h>

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "shadow_graph.h"

namespace heaplab::test {
namespace {

std::uint64_t operations = 1'000'000;
std::uint64_t seed_override = 0;

struct Node : Object {
  std::int64_t id;
};
struct Pair : Node {
  Ref<> slots[2];
};
struct Cell : Node {  // the weak one
  Word weak_word;
  Ref<> weak_ref;
  std::uint32_t padding;
};

struct Config {
  const char* plan;
  std::uint64_t stress_gc = 0;
  std::uint64_t stress_move = 0;
  bool verify = false;
  std::uint64_t share = 1;  ///< of the operations: 1/share are done
};

// Plain values of words slots: not references, some looking a little like one.
std::uint64_t plain_bits(std::int64_t number) {
  return (std::uint64_t{0xfffe} << 48) | static_cast<std::uint32_t>(-number);
}

class Mutator {
 public:
  Mutator(Heap& heap, std::uint64_t seed) : heap_(heap), random_(seed) {
    const auto base = static_cast<std::uint32_t>(sizeof(Node));
    types_[0] = heap.register_type(
        {.name = "Pair", .fixed_bytes = sizeof(Pair), .runs = {{16, 2, SlotKind::ref}}});
    types_[1] =
        heap.register_type({.name = "Refs", .fixed_bytes = base, .elements = ElementKind::refs});
    types_[2] =
        heap.register_type({.name = "Words", .fixed_bytes = base, .elements = ElementKind::words});
    types_[3] =
        heap.register_type({.name = "Weak",
                            .fixed_bytes = sizeof(Cell),
                            .runs = {{16, 1, SlotKind::weak_word}, {24, 1, SlotKind::weak_ref}},
                            .notify_cleared = true});
    types_[4] = heap.register_type(
        {.name = "Table", .fixed_bytes = base, .elements = ElementKind::ephemeron_words});
    types_[5] = types_[1];
  }

  void run(std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i) {
      step();
      if (graveyard_->twice) mismatch("an object died twice");
    }
    full_check();
  }

 private:
  // Outlives the mutator: the heap runs the last finalizers when it is destroyed.
  struct Graveyard {
    std::unordered_set<std::int64_t> dead;
    bool twice = false;
  };
  struct Death {
    std::shared_ptr<Graveyard> graveyard;
    std::int64_t id;
  };

  std::uint64_t pick(std::uint64_t bound) { return random_() % bound; }

  // --- Roots: half of them Globals, half handles of one long scope ---

  Object* root(std::size_t index) { return globals_[index]->get(); }

  std::size_t random_root() { return static_cast<std::size_t>(pick(globals_.size())); }

  // A node some steps away from a random root, by the same walk in both graphs.
  struct Place {
    std::int64_t id = 0;
    Object* object = nullptr;
  };
  Place random_place() {
    if (globals_.empty()) return {};
    const std::size_t start = random_root();
    Place place{model_.roots[start], root(start)};
    if (place.id == 0) return {};
    for (std::uint64_t steps = pick(12); steps > 0; --steps) {
      const ModelNode& node = model_.nodes.at(place.id);
      if (node.shape == Shape::weak || node.shape == Shape::table || node.slots.empty()) break;
      const auto slot = static_cast<std::size_t>(pick(node.slots.size()));
      if (node.slots[slot] <= 0) break;
      place.object = read(place.object, node.shape, slot);
      place.id = node.slots[slot];
    }
    check_identity(place);
    return place;
  }

  void check_identity(const Place& place) {
    if (static_cast<Node*>(place.object)->id != place.id) {
      mismatch("an object's contents are not its own");
    }
  }

  // --- Slots of real objects ---

  static Ref<>* refs_of(Object* object, Shape shape) {
    if (shape == Shape::pair) return static_cast<Pair*>(object)->slots;
    return reinterpret_cast<Ref<>*>(static_cast<Node*>(object) + 1);
  }
  static Word* words_of(Object* object) {
    return reinterpret_cast<Word*>(static_cast<Node*>(object) + 1);
  }
  Object* read(Object* object, Shape shape, std::size_t slot) {
    if (shape == Shape::words) return words_of(object)[slot].object();
    return refs_of(object, shape)[slot].get();
  }

  // --- Operations ---

  void step() {
    const std::uint64_t choice = pick(1000);
    if (choice < 400) {
      allocate();
    } else if (choice < 700) {
      link();
    } else if (choice < 800) {
      unlink();
    } else if (choice < 860) {
      drop_root();
    } else if (choice < 900) {
      copy_root();
    } else if (choice < 980) {
      link_weak();
    } else if (choice < 995) {
      external();
    } else if (choice < 999) {
      heap_.collect(CollectionKind::minor);
    } else {
      heap_.collect(CollectionKind::major);
      full_check();
    }
  }

  void allocate() {
    Shape shape = static_cast<Shape>(pick(shape_count - 1));
    if (pick(4000) == 0) shape = Shape::large;
    std::uint32_t length = 0;
    if (shape == Shape::refs || shape == Shape::words) {
      length = static_cast<std::uint32_t>(pick(50) == 0 ? pick(3000) : pick(8));
    } else if (shape == Shape::table) {
      length = static_cast<std::uint32_t>(pick(6));
    } else if (shape == Shape::large) {
      length = static_cast<std::uint32_t>(33'000 + pick(60'000));
    }
    const TypeId type = types_[static_cast<std::size_t>(shape)];
    Object* object =
        pick(50) == 0 ? heap_.allocate_old(type, length) : heap_.allocate(type, length);
    const std::int64_t id = next_id_++;
    static_cast<Node*>(object)->id = id;
    ModelNode node{shape, {}};
    node.slots.resize(shape == Shape::pair || shape == Shape::weak ? 2
                      : shape == Shape::table                      ? 2 * length
                                                                   : length);
    model_.nodes.emplace(id, std::move(node));
    heap_.add_finalizer(
        object,
        [](void* data) {
          std::unique_ptr<Death> death(static_cast<Death*>(data));
          if (!death->graveyard->dead.insert(death->id).second) death->graveyard->twice = true;
        },
        new Death{graveyard_, id});
    add_root(id, object);
    if (globals_.size() > 300) drop_root();
  }

  void add_root(std::int64_t id, Object* object) {
    globals_.push_back(std::make_unique<Global<>>(heap_, object));
    model_.roots.push_back(id);
  }

  void drop_root() {
    if (globals_.empty()) return;
    const std::size_t index = random_root();
    globals_.erase(globals_.begin() + static_cast<std::ptrdiff_t>(index));
    model_.roots.erase(model_.roots.begin() + static_cast<std::ptrdiff_t>(index));
  }

  void copy_root() {
    const Place place = random_place();
    if (place.id) add_root(place.id, place.object);
  }

  void link() {
    const Place host = random_place();
    const Place target = random_place();
    if (!host.id) return;
    ModelNode& node = model_.nodes.at(host.id);
    if (node.shape == Shape::weak || node.shape == Shape::table || node.slots.empty()) return;
    const auto slot = static_cast<std::size_t>(pick(node.slots.size()));
    store(host, node, slot, target);
    if (node.shape == Shape::words && pick(10) == 0) shift_words(host, node);
  }

  void store(const Place& host, ModelNode& node, std::size_t slot, const Place& target) {
    if (node.shape == Shape::words) {
      std::int64_t value = target.id;
      Word word(target.object);
      if (pick(4) == 0) {
        value = -static_cast<std::int64_t>(1 + pick(1u << 31));
        word = Word(plain_bits(value));
      }
      heap_.write(host.object, words_of(host.object)[slot], word);
      node.slots[slot] = value;
    } else {
      heap_.write(host.object, refs_of(host.object, node.shape)[slot], target.object);
      node.slots[slot] = target.id;
    }
  }

  void shift_words(const Place& host, ModelNode& node) {
    const std::size_t count = node.slots.size();
    const auto from = static_cast<std::size_t>(pick(count));
    const auto to = static_cast<std::size_t>(pick(count));
    const auto moved = static_cast<std::size_t>(pick(count - std::max(from, to) + 1));
    Word* words = words_of(host.object);
    heap_.copy_words(host.object, words + to, words + from, moved);
    const std::vector<std::int64_t> before = node.slots;
    for (std::size_t i = 0; i < moved; ++i) node.slots[to + i] = before[from + i];
  }

  void unlink() {
    const Place host = random_place();
    if (!host.id) return;
    ModelNode& node = model_.nodes.at(host.id);
    if (node.shape == Shape::weak || node.shape == Shape::table || node.slots.empty()) return;
    const auto slot = static_cast<std::size_t>(pick(node.slots.size()));
    node.slots[slot] = 0;
    if (node.shape == Shape::words) {
      heap_.write(host.object, words_of(host.object)[slot], Word());
    } else {
      heap_.write(host.object, refs_of(host.object, node.shape)[slot], nullptr);
    }
  }

  void link_weak() {
    const Place host = random_place();
    if (!host.id) return;
    ModelNode& node = model_.nodes.at(host.id);
    if (node.slots.empty()) return;
    const Place key = random_place();
    if (node.shape == Shape::weak) {
      auto* cell = static_cast<Cell*>(host.object);
      node.slots[0] = node.slots[1] = key.id;
      heap_.write_weak(cell, cell->weak_word, Word(key.object));
      heap_.write_weak_ref(cell, reinterpret_cast<RefBits*>(&cell->weak_ref), key.object);
    } else if (node.shape == Shape::table && key.id) {
      const Place value = random_place();
      const auto pair = static_cast<std::size_t>(pick(node.slots.size() / 2));
      node.slots[2 * pair] = key.id;
      node.slots[2 * pair + 1] = value.id;
      Word* words = words_of(host.object) + 2 * pair;
      heap_.write_weak(host.object, words[0], Word(key.object));
      heap_.write_weak(host.object, words[1], Word(value.object));
    }
  }

  void external() {
    const auto bytes = static_cast<std::int64_t>(pick(1u << 20));
    heap_.adjust_external(bytes);
    external_ += static_cast<std::uint64_t>(bytes);
    if (external_ > (1u << 26)) {
      heap_.adjust_external(-static_cast<std::int64_t>(external_));
      external_ = 0;
    }
    if (heap_.external_bytes() != external_) mismatch("external bytes are wrong");
  }

  // --- Checking: only after a full collection is the model's reachable set exactly what lives ---

  void full_check() {
    heap_.collect(CollectionKind::major);
    auto& dead = graveyard_->dead;
    const auto reachable = model_.reachable();
    for (const std::int64_t id : reachable) {
      if (dead.count(id)) mismatch("a reachable object was collected");
    }
    for (const auto& [id, node] : model_.nodes) {
      if (!reachable.count(id) && !dead.count(id)) mismatch("an unreachable object survived");
    }
    std::erase_if(model_.nodes, [&](const auto& entry) { return !reachable.count(entry.first); });
    dead.clear();
    clear_weak(reachable);
    compare();
  }

  void clear_weak(const std::unordered_set<std::int64_t>& reachable) {
    for (auto& [id, node] : model_.nodes) {
      if (node.shape == Shape::weak) {
        for (std::int64_t& slot : node.slots) slot = reachable.count(slot) ? slot : 0;
      } else if (node.shape == Shape::table) {
        for (std::size_t i = 0; i < node.slots.size(); i += 2) {
          if (!reachable.count(node.slots[i])) node.slots[i] = node.slots[i + 1] = 0;
        }
      }
    }
  }

  void compare() {
    std::unordered_map<Object*, std::int64_t> seen;
    std::vector<Object*> stack;
    const auto meet = [&](Object* object, std::int64_t id) {
      if ((object == nullptr) != (id == 0))
        mismatch("a null where an object should be, or reverse");
      if (!object) return;
      if (static_cast<Node*>(object)->id != id) mismatch("a slot refers to the wrong object");
      if (seen.emplace(object, id).second) stack.push_back(object);
    };
    for (std::size_t i = 0; i < globals_.size(); ++i) meet(root(i), model_.roots[i]);
    while (!stack.empty()) {
      Object* object = stack.back();
      stack.pop_back();
      compare_slots(object, model_.nodes.at(seen.at(object)), meet);
    }
    std::uint64_t live = 0;
    heap_.for_each_live([&](Object*) { ++live; });
    if (live != seen.size()) mismatch("for_each_live does not find what the roots reach");
  }

  template <class Meet>
  void compare_slots(Object* object, const ModelNode& node, Meet& meet) {
    const auto strong = [](Word word) { return word.is_reference() ? word.object() : nullptr; };
    switch (node.shape) {
      case Shape::pair:
      case Shape::refs:
      case Shape::large:
        for (std::size_t i = 0; i < node.slots.size(); ++i) {
          meet(refs_of(object, node.shape)[i].get(), node.slots[i]);
        }
        break;
      case Shape::words:
        for (std::size_t i = 0; i < node.slots.size(); ++i) {
          const Word word = words_of(object)[i];
          if (node.slots[i] >= 0) {
            meet(strong(word), node.slots[i]);
          } else if (word.bits() != plain_bits(node.slots[i])) {
            mismatch("a plain value changed");
          }
        }
        break;
      case Shape::weak:
        meet(strong(static_cast<Cell*>(object)->weak_word), node.slots[0]);
        meet(static_cast<Cell*>(object)->weak_ref.get(), node.slots[1]);
        break;
      case Shape::table:
        for (std::size_t i = 0; i < node.slots.size(); ++i) {
          meet(strong(words_of(object)[i]), node.slots[i]);
        }
        break;
    }
  }

  Heap& heap_;
  std::mt19937_64 random_;
  TypeId types_[shape_count] = {};
  ShadowGraph model_;
  std::vector<std::unique_ptr<Global<>>> globals_;
  std::shared_ptr<Graveyard> graveyard_ = std::make_shared<Graveyard>();
  std::int64_t next_id_ = 1;
  std::uint64_t external_ = 0;
};

class Model : public testing::TestWithParam<Config> {};

TEST_P(Model, ExactlyTheReachableSurviveWithTheirContents) {
  const Config config = GetParam();
  const std::uint64_t seed = seed_override ? seed_override : 0x9E3779B9u + config.stress_gc;
  std::printf("seed %" PRIu64 ", %" PRIu64 " operations\n", seed, operations / config.share);
  HeapOptions options;
  options.plan = config.plan;
  options.stress_gc_interval = config.stress_gc;
  options.stress_move_interval = config.stress_move;
  options.verify = config.verify;
  options.poison = true;
  options.max_old_space_bytes = 1 * GiB;
  options.initial_semi_space_bytes = 256 * KiB;
  options.max_semi_space_bytes = 2 * MiB;
  const auto heap = gc::make_heap(options);
  auto mutator = std::make_unique<Mutator>(*heap, seed);
  ASSERT_NO_THROW(mutator->run(operations / config.share));
  mutator.reset();
}

INSTANTIATE_TEST_SUITE_P(
    Plans, Model,
    testing::Values(Config{"generational"}, Config{"semispace"}, Config{"marksweep"},
                    Config{"generational", 0, 0, true, 4}, Config{"semispace", 0, 0, true, 4},
                    Config{"marksweep", 0, 0, true, 4}, Config{"generational", 7, 0, true, 30},
                    Config{"generational", 0, 3, true, 30}, Config{"generational", 1, 0, false, 30},
                    Config{"semispace", 1, 0, true, 100}, Config{"marksweep", 3, 0, true, 100}),
    [](const auto& parameters) {
      const Config& c = parameters.param;
      return std::string(c.plan) + "_gc" + std::to_string(c.stress_gc) + "_move" +
             std::to_string(c.stress_move) + (c.verify ? "_verify" : "");
    });

}  // namespace
}  // namespace heaplab::test

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i < argc; ++i) {
    if (std::strncmp(argv[i], "--operations=", 13) == 0) {
      heaplab::test::operations = std::strtoull(argv[i] + 13, nullptr, 10);
    } else if (std::strncmp(argv[i], "--seed=", 7) == 0) {
      heaplab::test::seed_override = std::strtoull(argv[i] + 7, nullptr, 10);
    } else {
      std::fprintf(stderr, "usage: %s [--operations=N] [--seed=S] [gtest flags]\n", argv[0]);
      return 2;
    }
  }
  return RUN_ALL_TESTS();
}
