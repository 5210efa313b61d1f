// SPDX-License-Identifier: MIT
#include "heaplab/interp/value.h"

#include <cmath>
#include <limits>
#include <random>

#include "test_runtime.h"

namespace heaplab::interp::test {
namespace {

TEST(Value, KindsExcludeEachOther) {
  const double infinity = std::numeric_limits<double>::infinity();
  const Value values[] = {Value::hole(),
                          Value::null(),
                          Value::undefined(),
                          Value::boolean(true),
                          Value::boolean(false),
                          Value::integer(0),
                          Value::integer(-1),
                          Value::integer(INT32_MIN),
                          Value::number(0.5),
                          Value::number(-infinity),
                          Value::number(infinity),
                          Value::number(-0.0),
                          Value::number(std::nan(""))};
  for (const Value v : values) {
    const int kinds = v.is_hole() + v.is_null() + v.is_undefined() + v.is_boolean() + v.is_int() +
                      v.is_double() + v.is_reference();
    EXPECT_EQ(kinds, 1) << std::hex << v.bits();
    EXPECT_FALSE(v.is_reference()) << std::hex << v.bits();
    EXPECT_EQ(v.is_number(), v.is_int() || v.is_double());
  }
}

TEST(Value, NumbersAreNormalised) {
  EXPECT_EQ(Value::number(3.0), Value::integer(3));
  EXPECT_EQ(Value::number(-2147483648.0), Value::integer(INT32_MIN));
  EXPECT_TRUE(Value::number(2147483648.0).is_double());
  EXPECT_TRUE(Value::number(-0.0).is_double());
  EXPECT_TRUE(std::signbit(Value::number(-0.0).as_double()));
  EXPECT_EQ(Value::number(4294967295u).as_number(), 4294967295.0);
}

TEST(Value, EveryNanIsOneNan) {
  const double negative = std::copysign(std::nan(""), -1.0);
  EXPECT_EQ(Value::number(std::nan("1234")), Value::number(negative));
  EXPECT_TRUE(Value::number(negative).is_double());
}

TEST(Value, DoublesSurviveBoxing) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int i = 0; i < 100'000; ++i) {
    const double d = std::bit_cast<double>(random());
    const Value v = Value::number(d);
    ASSERT_TRUE(v.is_number());
    ASSERT_FALSE(v.is_reference());
    if (d == d) {
      ASSERT_EQ(v.as_number(), d);
    } else {
      ASSERT_NE(v.as_number(), v.as_number());
    }
  }
}

}  // namespace
}  // namespace heaplab::interp::test
