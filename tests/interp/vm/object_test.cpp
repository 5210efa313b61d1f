// SPDX-License-Identifier: MIT
#include "heaplab/interp/object.h"

#include <map>
#include <random>

#include "test_runtime.h"

namespace heaplab::interp::test {
namespace {

using ObjectTest = VmTest;

PropertyKey random_key(Runtime& rt, std::mt19937& random, std::string* name) {
  switch (random() % 4) {
    case 0:
      *name = std::to_string(random() % 40);
      break;
    case 1:
      *name = std::to_string(random() % 4'000'000'000u);
      break;
    default:
      *name = "key" + std::to_string(random() % 90);
  }
  return rt.key(*name);
}

TEST_P(ObjectTest, RandomOperationsMatchAMap) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  Rooted<JSObject> object(rt, new_object(rt));
  std::map<std::string, std::string> model;
  for (int step = 0; step < 1500; ++step) {
    std::string name;
    RootedValue key(rt, random_key(rt, random, &name).to_rootable());
    const auto now = [&] { return PropertyKey::from_value(key); };
    switch (random() % 5) {
      case 0:
        EXPECT_TRUE(delete_property(rt, object.get(), now()));
        model.erase(name);
        break;
      case 1: {
        RootedValue value(rt, Value(new_string_latin1(rt, "defined " + std::to_string(step))));
        define(rt, object.get(), now(), value);
        model[name] = "defined " + std::to_string(step);
        break;
      }
      default: {
        RootedValue value(rt, Value(new_string_latin1(rt, "set " + std::to_string(step))));
        set(rt, object.value(), now(), value);
        model[name] = "set " + std::to_string(step);
      }
    }
    const Value found = get(rt, object.value(), now());
    ASSERT_EQ(found.is_string(), model.count(name) > 0) << name;
    if (found.is_string()) {
      ASSERT_EQ(to_utf8(found.as_string()), model[name]);
    }
  }
  RootedValues keys(rt);
  own_keys(rt, object.get(), {}, &keys);
  ASSERT_EQ(keys.size(), model.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::string name = to_utf8(keys[i].as_string());
    const PropertyKey key = rt.key(name);
    ASSERT_EQ(to_utf8(get(rt, object.value(), key).as_string()), model.at(name));
  }
}

TEST_P(ObjectTest, KeysComeInTheLanguagesOrder) {
  Rooted<JSObject> object(rt, new_object(rt));
  for (const char* name : {"b", "10", "a", "2", "4000000000", "4294967295"}) {
    const PropertyKey key = rt.key(name);
    set(rt, object.value(), key, Value::integer(1));
  }
  RootedValues keys(rt);
  own_keys(rt, object.get(), {}, &keys);
  std::string all;
  for (std::size_t i = 0; i < keys.size(); ++i) all += to_utf8(keys[i].as_string()) + " ";
  EXPECT_EQ(all, "2 10 4000000000 b a 4294967295 ");
}

TEST_P(ObjectTest, ArraysGrowShrinkAndTurnSparse) {
  Rooted<JSArray> array(rt, new_array(rt));
  for (std::uint32_t i = 0; i < 300; ++i) array_push(rt, array.get(), Value::number(i));
  EXPECT_EQ(array->length_, 300u);
  EXPECT_TRUE(array->has_dense_elements());
  set_index(rt, array.value(), 3'000'000'000u, Value::integer(7));
  EXPECT_FALSE(array->has_dense_elements());
  EXPECT_EQ(array->length_, 3'000'000'001u);
  EXPECT_EQ(get_index(rt, array.value(), 299), Value::integer(299));
  EXPECT_TRUE(set_array_length(rt, array.get(), 10));
  EXPECT_TRUE(get_index(rt, array.value(), 10).is_undefined());
  EXPECT_EQ(get_index(rt, array.value(), 9), Value::integer(9));
  EXPECT_EQ(array->length_, 10u);
}

TEST_P(ObjectTest, FrozenMeansFrozen) {
  Rooted<JSArray> array(rt, new_array(rt));
  array_push(rt, array.get(), Value::integer(1));
  set_integrity(rt, array.get(), Integrity::frozen);
  EXPECT_TRUE(test_integrity(rt, array.get(), Integrity::frozen));
  EXPECT_THROW(set_index(rt, array.value(), 0, Value::integer(2)), ScriptException);
  EXPECT_THROW(set_index(rt, array.value(), 1, Value::integer(2)), ScriptException);
  EXPECT_THROW(set_named(rt, array.value(), rt.atoms().length, Value::integer(0)), ScriptException);
  rt.take_exception();
  EXPECT_EQ(get_index(rt, array.value(), 0), Value::integer(1));
}

TEST_P(ObjectTest, DescriptorsFollowTheStandard) {
  Rooted<JSObject> object(rt, new_object(rt));
  PropertyDescriptor fixed;
  fixed.value = Value::integer(1);
  EXPECT_TRUE(define_own_property(rt, object.get(), rt.key("x"), fixed));
  PropertyDescriptor other;
  other.value = Value::integer(2);
  EXPECT_FALSE(define_own_property(rt, object.get(), rt.key("x"), other));
  EXPECT_TRUE(define_own_property(rt, object.get(), rt.key("x"), fixed)) << "no change";
  PropertyDescriptor writable;
  writable.writable = true;
  EXPECT_FALSE(define_own_property(rt, object.get(), rt.key("x"), writable));
  OwnProperty property;
  ASSERT_TRUE(own_property(rt, object.get(), rt.key("x"), &property));
  EXPECT_EQ(property.flags, kNone);
}

HEAPLAB_IN_ALL_MODES(ObjectTest);

}  // namespace
}  // namespace heaplab::interp::test
