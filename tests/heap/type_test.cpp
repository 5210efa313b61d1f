// SPDX-License-Identifier: MIT
// make_layout: which type descriptions are accepted, what is computed from them, and the one
// enumeration of slots that everything else rests on.
#include "heaplab/heap/type.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "heaplab/heap/block.h"
#include "heaplab/heap/visit.h"

namespace heaplab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string rejection(const TypeDescriptor& descriptor) {
  try {
    make_layout(descriptor);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(TypeLayout, AcceptsTheSmallestTypes) {
  EXPECT_EQ(make_layout({.name = "Pair", .fixed_bytes = 16}).object_bytes(0), 16u);
  const TypeLayout bytes =
      make_layout({.name = "Bytes", .fixed_bytes = 8, .elements = ElementKind::bytes});
  EXPECT_TRUE(bytes.is_variable());
  EXPECT_EQ(bytes.object_bytes(0), minimum_object_bytes);
}

TEST(TypeLayout, SizesRoundUpToGranules) {
  const TypeLayout bytes =
      make_layout({.name = "Bytes", .fixed_bytes = 16, .elements = ElementKind::bytes});
  EXPECT_EQ(bytes.object_bytes(0), 16u);
  EXPECT_EQ(bytes.object_bytes(1), 24u);
  EXPECT_EQ(bytes.object_bytes(8), 24u);
  EXPECT_EQ(bytes.object_bytes(9), 32u);
}

TEST(TypeLayout, ElementSizesAreWhatTheirKindsSay) {
  const auto bytes_of_ten = [](ElementKind kind) {
    return make_layout({.name = "T", .fixed_bytes = 8, .elements = kind}).object_bytes(10);
  };
  EXPECT_EQ(bytes_of_ten(ElementKind::bytes), 8 + 16u);
  EXPECT_EQ(bytes_of_ten(ElementKind::bytes2), 8 + 24u);
  EXPECT_EQ(bytes_of_ten(ElementKind::bytes4), 8 + 40u);
  EXPECT_EQ(bytes_of_ten(ElementKind::refs), 8 + 40u);
  EXPECT_EQ(bytes_of_ten(ElementKind::weak_refs), 8 + 40u);
  EXPECT_EQ(bytes_of_ten(ElementKind::bytes8), 8 + 80u);
  EXPECT_EQ(bytes_of_ten(ElementKind::words), 8 + 80u);
  EXPECT_EQ(bytes_of_ten(ElementKind::weak_words), 8 + 80u);
  EXPECT_EQ(bytes_of_ten(ElementKind::ephemeron_words), 8 + 160u);
}

TEST(TypeLayout, SizesDoNotOverflowAtTheLargestLength) {
  const TypeLayout table =
      make_layout({.name = "T", .fixed_bytes = 8, .elements = ElementKind::ephemeron_words});
  EXPECT_EQ(table.object_bytes(0xffff'ffff), 8 + (std::size_t{0xffff'ffff} << 4));
}

TEST(TypeLayout, WeakPartIsNoticedWhereverItIs) {
  const auto has_weak = [](std::vector<SlotRun> runs, ElementKind elements) {
    return make_layout({.name = "T", .fixed_bytes = 32, .runs = runs, .elements = elements})
        .has_weak;
  };
  EXPECT_FALSE(has_weak({{8, 2, SlotKind::ref}}, ElementKind::words));
  EXPECT_TRUE(has_weak({{8, 1, SlotKind::weak_ref}}, ElementKind::none));
  EXPECT_TRUE(has_weak({{8, 1, SlotKind::ref}, {16, 1, SlotKind::weak_word}}, ElementKind::none));
  EXPECT_TRUE(has_weak({}, ElementKind::weak_refs));
  EXPECT_TRUE(has_weak({}, ElementKind::weak_words));
  EXPECT_TRUE(has_weak({}, ElementKind::ephemeron_words));
}

TEST(TypeLayout, SortsRunsAndDropsEmptyOnes) {
  const TypeLayout layout = make_layout(
      {.name = "T",
       .fixed_bytes = 40,
       .runs = {{24, 2, SlotKind::word}, {16, 0, SlotKind::word}, {8, 3, SlotKind::ref}}});
  ASSERT_EQ(layout.run_count, 2);
  EXPECT_EQ(layout.runs[0].offset, 8);
  EXPECT_EQ(layout.runs[1].offset, 24);
}

TEST(TypeLayout, RejectionsNameTheTypeAndTheReason) {
  EXPECT_THAT(rejection({.name = "Odd", .fixed_bytes = 20}), HasSubstr("'Odd'"));
  EXPECT_THAT(rejection({.name = "T", .fixed_bytes = 20}), HasSubstr("multiple of 8"));
  EXPECT_THAT(rejection({.name = "T", .fixed_bytes = 8}), HasSubstr("too small"));
  EXPECT_THAT(rejection({.name = "T", .fixed_bytes = 0, .elements = ElementKind::bytes}),
              HasSubstr("too small"));
  EXPECT_THAT(rejection({.name = "T", .fixed_bytes = 65536}), HasSubstr("65535"));
  EXPECT_EQ(rejection({.name = "T", .fixed_bytes = 65528}), "");
}

TEST(TypeLayout, RejectsRunsThatCannotBe) {
  const auto reject = [](std::vector<SlotRun> runs) {
    return rejection({.name = "T", .fixed_bytes = 32, .runs = std::move(runs)});
  };
  EXPECT_THAT(reject({{10, 1, SlotKind::ref}}), HasSubstr("aligned"));
  EXPECT_THAT(reject({{12, 1, SlotKind::word}}), HasSubstr("aligned"));
  EXPECT_THAT(reject({{4, 1, SlotKind::ref}}), HasSubstr("header"));
  EXPECT_THAT(reject({{0, 1, SlotKind::word}}), HasSubstr("header"));
  EXPECT_THAT(reject({{28, 2, SlotKind::ref}}), HasSubstr("fixed_bytes"));
  EXPECT_THAT(reject({{8, 65535, SlotKind::word}}), HasSubstr("fixed_bytes"));
  EXPECT_THAT(reject({{8, 3, SlotKind::ref}, {16, 1, SlotKind::word}}), HasSubstr("overlap"));
  EXPECT_THAT(reject({{8, 1, SlotKind::word}, {8, 1, SlotKind::ref}}), HasSubstr("overlap"));
  EXPECT_THAT(reject({5, {8, 1, SlotKind::ref}}), HasSubstr("too many"));
  EXPECT_EQ(reject({{8, 6, SlotKind::ref}}), "") << "a run may fill the object";
}

// --- visit.h ------------------------------------------------------------------------------------

struct Collected {
  const std::byte* start;
  std::vector<std::ptrdiff_t> refs{}, words{}, weak_refs{}, weak_words{}, keys{}, values{};
  int weak_parts = 0;

  std::ptrdiff_t offset(const void* slot) const {
    return static_cast<const std::byte*>(slot) - start;
  }
  void ref(RefBits* slot) { refs.push_back(offset(slot)); }
  void word(std::uint64_t* slot) { words.push_back(offset(slot)); }
  void weak_part(Object*) { ++weak_parts; }
  void weak_ref(RefBits* slot) { weak_refs.push_back(offset(slot)); }
  void weak_word(std::uint64_t* slot) { weak_words.push_back(offset(slot)); }
  void ephemeron(std::uint64_t* key, std::uint64_t* value) {
    keys.push_back(offset(key));
    values.push_back(offset(value));
  }
};

Collected visit_all(const TypeDescriptor& descriptor, std::uint32_t length) {
  const TypeLayout layout = make_layout(descriptor);
  std::vector<std::uint64_t> memory(layout.object_bytes(length) / 8);
  auto* object = reinterpret_cast<Object*>(memory.data());
  object->set_header(Object::make_header(0, length));
  Collected seen{object->bytes()};
  visit_slots(object, layout, seen);
  visit_weak_slots(object, layout, seen);
  return seen;
}

TEST(VisitSlots, FindsEachKindOfRunOnce) {
  const Collected seen = visit_all({.name = "T",
                                    .fixed_bytes = 56,
                                    .runs = {{8, 3, SlotKind::ref},
                                             {24, 1, SlotKind::word},
                                             {32, 1, SlotKind::weak_ref},
                                             {40, 2, SlotKind::weak_word}}},
                                   99);  // a payload, not a length
  EXPECT_THAT(seen.refs, ElementsAre(8, 12, 16));
  EXPECT_THAT(seen.words, ElementsAre(24));
  EXPECT_THAT(seen.weak_refs, ElementsAre(32));
  EXPECT_THAT(seen.weak_words, ElementsAre(40, 48));
  EXPECT_EQ(seen.weak_parts, 1);
}

TEST(VisitSlots, FindsElementsBehindTheFixedPart) {
  const auto with = [](ElementKind kind) {
    return visit_all({.name = "T", .fixed_bytes = 16, .elements = kind}, 3);
  };
  EXPECT_THAT(with(ElementKind::refs).refs, ElementsAre(16, 20, 24));
  EXPECT_THAT(with(ElementKind::words).words, ElementsAre(16, 24, 32));
  EXPECT_THAT(with(ElementKind::weak_refs).weak_refs, ElementsAre(16, 20, 24));
  EXPECT_THAT(with(ElementKind::weak_words).weak_words, ElementsAre(16, 24, 32));
  EXPECT_THAT(with(ElementKind::ephemeron_words).keys, ElementsAre(16, 32, 48));
  EXPECT_THAT(with(ElementKind::ephemeron_words).values, ElementsAre(24, 40, 56));
}

TEST(VisitSlots, RawDataHasNoSlots) {
  for (const auto kind : {ElementKind::bytes, ElementKind::bytes2, ElementKind::bytes4,
                          ElementKind::bytes8, ElementKind::none}) {
    const Collected seen = visit_all({.name = "T", .fixed_bytes = 16, .elements = kind}, 5);
    EXPECT_THAT(seen.refs, IsEmpty());
    EXPECT_THAT(seen.words, IsEmpty());
    EXPECT_EQ(seen.weak_parts, 0);
  }
}

}  // namespace
}  // namespace heaplab
