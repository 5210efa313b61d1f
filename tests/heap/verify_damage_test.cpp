// SPDX-License-Identifier: MIT
// Breaks heaps on purpose, one kind of damage at a time, and shows that the verifier says so. Each
// test first shows that it finds nothing in the sound heap.
#include "heaplab/heap/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "test_heap.h"

namespace heaplab {
namespace {

using test::HeapTest;
using test::Node;
using test::WeakCell;
using testing::HasSubstr;

class Damaged : public HeapTest {
 protected:
  Damaged() : frame_(*heap_) {
    frame_[0] = heap_.make_node(1);
    Node* second = heap_.make_node(2);
    heap_->write(frame_[0], frame_.get<Node>(0)->next, second);
  }
  Node* first() { return frame_.get<Node>(0); }
  Node* second() { return first()->next.get(); }

  VerifyResult check(VerifyMoment moment = VerifyMoment::any) {
    return verify_heap(*heap_, moment);
  }
  void expect_sound() {
    for (const Finding& finding : check().findings) ADD_FAILURE() << finding.message;
  }
  /// The verifier finds this damage and says which object is concerned.
  void expect(Damage damage, VerifyMoment moment = VerifyMoment::any) {
    const VerifyResult result = check(moment);
    const bool found = std::any_of(result.findings.begin(), result.findings.end(),
                                   [&](const Finding& f) { return f.damage == damage; });
    EXPECT_TRUE(found) << "expected: " << to_string(damage)
                       << ", findings: " << result.findings.size()
                       << (result.findings.empty() ? "" : ", " + result.findings[0].message);
    for (const Finding& finding : result.findings) {
      EXPECT_THAT(finding.message, HasSubstr(to_string(finding.damage)));
    }
  }
  static RefBits* bits(Ref<Node>& ref) { return reinterpret_cast<RefBits*>(&ref); }

  RootFrame<2> frame_;
};
HEAPLAB_ALL_PLANS(Damaged);

TEST_P(Damaged, ASoundHeapHasNoFindings) {
  expect_sound();
  EXPECT_TRUE(heap_->verify().empty());
  const HeapDigest digest = check().digest;
  EXPECT_EQ(digest.objects, 2u);
  EXPECT_EQ(digest.bytes, 2 * sizeof(Node));
  heap_.major();
  expect_sound();
}

TEST_P(Damaged, MisalignedReferenceInAWord) {
  frame_[1] = heap_->allocate(heap_.words, 3);
  heap_->write(frame_[1], heap_.words_of(frame_[1])[1], Word(first()));
  expect_sound();
  heap_.words_of(frame_[1])[1] = Word(address_of(first()) + 4);
  expect(Damage::misaligned_reference);
}

TEST_P(Damaged, MisalignedRoot) {
  frame_[1] = reinterpret_cast<Object*>(address_of(first()) + 2);
  expect(Damage::misaligned_reference);
  frame_[1] = nullptr;
  expect_sound();
}

TEST_P(Damaged, WildReferences) {
  expect_sound();
  const HeapMemory& memory = heap_->collector().memory();
  const RefBits sound = second() ? *bits(first()->next) : 0;
  *bits(first()->next) = compress(reinterpret_cast<Object*>(memory.base() + memory.bytes()));
  expect(Damage::wild_reference);
  *bits(first()->next) = compress(reinterpret_cast<Object*>(memory.base() - 8));
  expect(Damage::wild_reference);
  EXPECT_FALSE(heap_->verify().empty());
  *bits(first()->next) = sound;
  expect_sound();
}

TEST_P(Damaged, AnotherHeapsObjectIsWild) {
  HeapOptions options = test::options_for(GetParam());
  test::TestHeap other(options);
  Node* foreign = other.make_node(3);
  *bits(first()->next) = compress(foreign);
  expect(Damage::wild_reference);
}

TEST_P(Damaged, ForwardedHeader) {
  expect_sound();
  const std::uint64_t header = second()->header();
  second()->forward_to(first());
  expect(Damage::forwarded_object);
  second()->set_header(header);
  expect_sound();
}

TEST_P(Damaged, ReferenceToFreedMemory) {
  // An object of a block that went back to the system reads as zero.
  frame_[1] = heap_->allocate(heap_.bytes, 200'000);
  Object* large = frame_[1];
  frame_[1] = nullptr;
  heap_.major();
  expect_sound();
  *bits(first()->next) = compress(large);
  expect(Damage::forwarded_object);
}

TEST_P(Damaged, UnknownType) {
  expect_sound();
  second()->set_header(Object::make_header(static_cast<TypeId>(heap_->type_count()), 0));
  expect(Damage::unknown_type);
  second()->set_header(Object::make_header(max_types - 1, 0));
  expect(Damage::unknown_type);
}

TEST_P(Damaged, LengthPastTheBlock) {
  frame_[1] = heap_->allocate(heap_.bytes, 100);
  expect_sound();
  frame_[1]->set_header(Object::make_header(heap_.bytes, block_bytes + 1));
  expect(Damage::bad_size);
  frame_[1]->set_header(Object::make_header(heap_.bytes, 0xffff'ffff));
  expect(Damage::bad_size);
}

TEST_P(Damaged, LengthPastTheHeapsEnd) {
  frame_[1] = heap_->allocate(heap_.bytes, 200'000);
  expect_sound();
  frame_[1]->set_header(Object::make_header(heap_.bytes, 0xffff'ffff));
  expect(Damage::bad_size);
}

TEST_P(Damaged, OverlapByALengthThatIsTooLong) {
  frame_[1] = heap_->allocate(heap_.bytes, 16);
  // Its neighbour by address, in every plan: two bump allocations in a row.
  Node* neighbour = heap_.make_node(5);
  heap_->write(first(), first()->next, neighbour);
  ASSERT_EQ(neighbour->bytes(), frame_[1]->bytes() + 24);
  expect_sound();
  frame_[1]->set_header(Object::make_header(heap_.bytes, 24));
  expect(Damage::overlap);
}

TEST_P(Damaged, OverlapByAReferenceIntoAnObject) {
  frame_[1] = heap_->allocate(heap_.words, 4);
  heap_.words_of(frame_[1])[1] = Word(Object::make_header(heap_.node, 0x7000'0000));
  expect_sound();
  *bits(first()->next) = compress(frame_[1]->bytes() + 16);
  expect(Damage::overlap);
}

TEST_P(Damaged, DanglingWeakSlots) {
  auto* cell = heap_->allocate<WeakCell>(heap_.cell);
  frame_[1] = cell;
  heap_->write_weak(cell, cell->word, Word(second()));
  heap_->write_weak_ref(cell, reinterpret_cast<RefBits*>(&cell->ref), second());
  expect_sound();
  cell->word = Word(address_of(second()) + 4);
  expect(Damage::dangling_weak);
  cell->word = Word(std::uint64_t{4096});
  expect(Damage::dangling_weak);
  cell->word = Word();
  expect_sound();
  cell->ref.set_bits(compress(second()->bytes() + 8));  // two null references: no header
  heap_->write(second(), second()->next, nullptr);
  expect(Damage::dangling_weak);
}

TEST_P(Damaged, DanglingEphemeronKey) {
  frame_[1] = heap_->allocate(heap_.table, 2);
  heap_.put(frame_[1], 0, first(), second());
  expect_sound();
  heap_.words_of(frame_[1])[0] = Word(std::uint64_t{8});
  expect(Damage::dangling_weak);
}

TEST_P(Damaged, EphemeronValuesAreCheckedOnceTheirKeyIsReached) {
  frame_[1] = heap_->allocate(heap_.table, 1);
  heap_.put(frame_[1], 0, Word(first()), Word(std::uint64_t{16}));
  expect(Damage::wild_reference);
}

TEST_P(Damaged, WeakSlotNotClearedAfterAMajor) {
  auto* cell = heap_->allocate<WeakCell>(heap_.cell);
  frame_[1] = cell;
  heap_.major();
  expect_sound();
  Node* unreachable = heap_.make_node(3);
  cell = frame_.get<WeakCell>(1);
  heap_->write_weak(cell, cell->word, Word(unreachable));
  expect_sound();
  expect(Damage::unmarked_weak, VerifyMoment::after_major);
}

TEST_P(Damaged, AtMostTwentyFindingsAreReported) {
  frame_[1] = heap_->allocate(heap_.words, 1000);
  for (int i = 0; i < 1000; ++i) heap_.words_of(frame_[1])[i] = Word(std::uint64_t{8});
  EXPECT_EQ(check().findings.size(), 20u);
}

// --- The remembered set: only plans with generations have one -----------------------------------

TEST(DamagedRemembered, StoreOfARefWithoutBarrier) {
  test::TestHeap heap{HeapOptions{}};
  RootFrame<1> frame(*heap);
  frame[0] = heap.make_node(1);
  heap.major();
  auto* old = frame.get<Node>(0);
  Node* young = heap.make_node(2);
  EXPECT_TRUE(heap->verify().empty());
  old->next.init(young);
  const VerifyResult result = verify_heap(*heap);
  ASSERT_EQ(result.findings.size(), 1u);
  EXPECT_EQ(result.findings[0].damage, Damage::missing_remembered);
  heap->write(old, old->next, young);
  EXPECT_TRUE(heap->verify().empty());
}

TEST(DamagedRemembered, StoreOfAWordWithoutBarrier) {
  test::TestHeap heap{HeapOptions{}};
  RootFrame<1> frame(*heap);
  frame[0] = heap->allocate(heap.words, 8);
  heap.major();
  Word* slot = heap.words_of(frame[0]) + 5;
  *slot = Word(heap.make_node(2));
  const VerifyResult result = verify_heap(*heap);
  ASSERT_EQ(result.findings.size(), 1u);
  EXPECT_EQ(result.findings[0].damage, Damage::missing_remembered);
  EXPECT_THAT(result.findings[0].message, HasSubstr("Words"));
}

TEST(DamagedRemembered, AWordIsNotRememberedByARefsBit) {
  test::TestHeap heap{HeapOptions{}};
  RootFrame<1> frame(*heap);
  frame[0] = heap->allocate(heap.words, 1);
  heap.major();
  Word* slot = heap.words_of(frame[0]);
  *slot = Word(heap.make_node(2));
  heap->remembered().insert_ref(reinterpret_cast<RefBits*>(slot));
  ASSERT_EQ(verify_heap(*heap).findings.size(), 1u);
  heap->remembered().insert_word(reinterpret_cast<std::uint64_t*>(slot));
  EXPECT_TRUE(heap->verify().empty());
}

// --- The digest: equal for equal graphs, different for every change ------------------------------

class Digest : public HeapTest {
 protected:
  HeapDigest digest() { return verify_heap(*heap_).digest; }
};
HEAPLAB_ALL_PLANS(Digest);

TEST_P(Digest, DoesNotDependOnAddresses) {
  RootFrame<2> frame(*heap_);
  heap_.make_node(0);
  frame[0] = heap_.make_node(1);
  frame[1] = heap_->allocate(heap_.words, 5);
  heap_->write(frame[1], heap_.words_of(frame[1])[3], Word(frame[0]));
  const HeapDigest before = digest();
  heap_.minor();
  EXPECT_EQ(digest(), before);
  heap_.major();
  EXPECT_EQ(digest(), before);
}

TEST_P(Digest, ChangesWithContentsShapeAndTypes) {
  RootFrame<3> frame(*heap_);
  frame[0] = heap_.make_node(1);
  frame[1] = heap_.make_node(2);
  frame[2] = heap_->allocate(heap_.bytes, 9);
  heap_->write(frame[0], frame.get<Node>(0)->next, frame.get<Node>(1));
  std::vector<std::uint64_t> hashes = {digest().hash};
  const auto note = [&] { hashes.push_back(digest().hash); };
  frame.get<Node>(1)->value = 3;
  note();
  heap_->write(frame[0], frame.get<Node>(0)->next, frame.get<Node>(0));
  note();
  heap_->write(frame[0], frame.get<Node>(0)->other, frame[1]);
  note();
  frame[2]->bytes()[8 + 8] = std::byte{1};  // the last element
  note();
  frame.get<Node>(0)->set_payload(5);
  note();
  std::swap(frame[0], frame[1]);
  note();
  std::sort(hashes.begin(), hashes.end());
  EXPECT_EQ(std::unique(hashes.begin(), hashes.end()), hashes.end());
}

TEST_P(Digest, CountsEphemeronValuesOnlyWithTheirKeys) {
  RootFrame<3> frame(*heap_);
  frame[0] = heap_->allocate(heap_.table, 2);
  frame[1] = heap_.make_node(1);
  frame[2] = heap_.make_node(2);
  heap_.put(frame[0], 0, frame[1], frame[2]);
  frame[2] = nullptr;
  EXPECT_EQ(digest().objects, 3u);
  frame[1] = nullptr;
  EXPECT_EQ(digest().objects, 1u);
}

TEST_P(Digest, AKeyThatIsNoReferenceKeepsItsValueLikeAPlainSlot) {
  RootFrame<1> frame(*heap_);
  frame[0] = heap_->allocate(heap_.table, 2);
  heap_.put(frame[0], 1, Word(std::uint64_t{0xfff9} << 48), Word(heap_.make_node(7)));
  EXPECT_EQ(digest().objects, 2u);
  EXPECT_EQ(heap_.live_count(), 2u);
  heap_.major();
  EXPECT_EQ(digest().objects, 2u);
  EXPECT_EQ(static_cast<Node*>(heap_.words_of(frame[0])[3].object())->value, 7);
}

TEST(DamageNames, AreDistinct) {
  std::vector<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Damage::content_changed); ++i) {
    names.push_back(to_string(static_cast<Damage>(i)));
    EXPECT_NE(names.back(), "unknown damage");
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::unique(names.begin(), names.end()), names.end());
}

}  // namespace
}  // namespace heaplab
