// SPDX-License-Identifier: MIT
// Headers, flags, and the two encodings of a reference.
#include "heaplab/heap/object.h"

#include <gtest/gtest.h>

#include <limits>

namespace heaplab {
namespace {

Object with_header(std::uint64_t header) {
  Object object{};
  object.set_header(header);
  return object;
}

TEST(Header, HoldsTypeAndLengthAtTheirExtremes) {
  for (const TypeId type : {TypeId{0}, TypeId{1}, max_types - 1}) {
    for (const std::uint32_t length : {0u, 1u, std::numeric_limits<std::uint32_t>::max()}) {
      const Object object = with_header(Object::make_header(type, length));
      EXPECT_EQ(object.type_id(), type);
      EXPECT_EQ(object.length(), length);
      EXPECT_EQ(object.payload(), length);
      EXPECT_FALSE(object.is_forwarded());
      for (unsigned flag = 0; flag < 8; ++flag) EXPECT_FALSE(object.flag(flag));
    }
  }
}

TEST(Header, FlagsAreIndependentOfEachOtherAndOfTheRest) {
  Object object = with_header(Object::make_header(max_types - 1, 0xdeadbeef));
  for (unsigned flag = 0; flag < 8; ++flag) {
    object.set_flag(flag, true);
    for (unsigned other = 0; other < 8; ++other) EXPECT_EQ(object.flag(other), other == flag);
    EXPECT_EQ(object.type_id(), max_types - 1);
    EXPECT_EQ(object.length(), 0xdeadbeef);
    EXPECT_EQ(object.header() & Object::weak_remembered_flag, 0u);
    object.set_flag(flag, false);
  }
  EXPECT_EQ(object.header(), Object::make_header(max_types - 1, 0xdeadbeef));
}

TEST(Header, PayloadCanChangeWithoutTouchingTypeAndFlags) {
  Object object = with_header(Object::make_header(77, 1));
  object.set_flag(3, true);
  object.set_payload(0xffff'ffff);
  EXPECT_EQ(object.payload(), 0xffff'ffff);
  EXPECT_EQ(object.type_id(), 77u);
  EXPECT_TRUE(object.flag(3));
  object.set_payload(0);
  EXPECT_EQ(object.payload(), 0u);
  EXPECT_TRUE(object.flag(3));
}

TEST(Header, ForwardingKeepsTheAddress) {
  Object object = with_header(Object::make_header(5, 5));
  auto* target = reinterpret_cast<Object*>(cage_base + (std::uintptr_t{7} << 32) + 8);
  object.forward_to(target);
  EXPECT_TRUE(object.is_forwarded());
  EXPECT_EQ(object.forwarding_address(), target);
}

TEST(RefEncoding, RoundTripsOverTheWholeCage) {
  EXPECT_EQ(compress(nullptr), 0u);
  EXPECT_EQ(decompress(0), nullptr);
  for (const std::uintptr_t offset :
       {std::uintptr_t{8}, std::uintptr_t{1} << 32, cage_bytes / 2, cage_bytes - 8}) {
    auto* address = reinterpret_cast<Object*>(cage_base + offset);
    EXPECT_NE(compress(address), 0u);
    EXPECT_EQ(decompress(compress(address)), address);
  }
}

TEST(RefEncoding, OrderOfReferencesIsOrderOfAddresses) {
  const auto at = [](std::uintptr_t offset) {
    return reinterpret_cast<Object*>(cage_base + offset);
  };
  EXPECT_LT(compress(at(8)), compress(at(16)));
  EXPECT_LT(compress(at(std::uintptr_t{1} << 31)), compress(at(cage_bytes - 8)));
}

TEST(RefEncoding, RefIsFalseExactlyWhenNull) {
  Ref<> ref;
  EXPECT_FALSE(ref);
  EXPECT_EQ(ref.get(), nullptr);
  ref.init(reinterpret_cast<Object*>(cage_base + 4096));
  EXPECT_TRUE(ref);
  EXPECT_EQ(address_of(ref.get()), cage_base + 4096);
}

TEST(WordEncoding, AReferenceIsNonZeroWithUpperSixteenBitsZero) {
  EXPECT_FALSE(Word::is_reference(0));
  EXPECT_TRUE(Word::is_reference(8));
  EXPECT_TRUE(Word::is_reference((std::uint64_t{1} << 48) - 1));
  EXPECT_FALSE(Word::is_reference(std::uint64_t{1} << 48));
  EXPECT_FALSE(Word::is_reference(~std::uint64_t{0}));
  EXPECT_FALSE(Word::is_reference(std::uint64_t{0xfff8} << 48));  // a NaN
}

TEST(WordEncoding, ClearedIsNeitherEmptyNorAReference) {
  EXPECT_FALSE(Word::cleared().is_reference());
  EXPECT_FALSE(Word::cleared() == Word());
}

TEST(WordEncoding, EveryAddressOfTheCageIsAReference) {
  auto* object = reinterpret_cast<Object*>(cage_base + cage_bytes - 8);
  EXPECT_TRUE(Word(object).is_reference());
  EXPECT_EQ(Word(object).object(), object);
  EXPECT_FALSE(Word(static_cast<Object*>(nullptr)).is_reference());
}

}  // namespace
}  // namespace heaplab
