// SPDX-License-Identifier: MIT
#include "heaplab/interp/shape.h"

#include "test_runtime.h"

namespace heaplab::interp::test {
namespace {

using ShapeTest = VmTest;

JSObject* with_keys(Runtime& rt, std::initializer_list<const char*> names) {
  Rooted<JSObject> object(rt, new_object(rt));
  std::int32_t value = 0;
  for (const char* name : names) {
    const PropertyKey key = rt.key(name);
    set(rt, object.value(), key, Value::integer(value++));
  }
  return object.get();
}

TEST_P(ShapeTest, SameKeysInTheSameOrderGiveTheSameShape) {
  Rooted<JSObject> a(rt, with_keys(rt, {"x", "y", "z"}));
  Rooted<JSObject> b(rt, with_keys(rt, {"x", "y", "z"}));
  Rooted<JSObject> c(rt, with_keys(rt, {"x", "z", "y"}));
  EXPECT_EQ(a->shape(), b->shape());
  EXPECT_NE(a->shape(), c->shape());
  EXPECT_EQ(a->shape()->parent_.get()->property_count_, 2u);
}

TEST_P(ShapeTest, ADescendantsPropertyIsNotTheAncestors) {
  Rooted<JSObject> ancestor(rt, with_keys(rt, {"x"}));
  Rooted<JSObject> descendant(rt, with_keys(rt, {"x", "y"}));
  ASSERT_EQ(ancestor->shape()->table_.get(), descendant->shape()->table_.get())
      << "one line of descent shares a table";
  const PropertyKey y = rt.key("y");
  ShapeEntry entry;
  EXPECT_FALSE(shape_lookup(ancestor->shape(), y, &entry));
  EXPECT_TRUE(shape_lookup(descendant->shape(), y, &entry));
  EXPECT_EQ(entry.slot, 1u);
}

TEST_P(ShapeTest, DeletingMakesADictionaryAndReusesSlots) {
  Rooted<JSObject> object(rt, with_keys(rt, {"a", "b", "c"}));
  EXPECT_FALSE(object->shape()->is_dictionary());
  EXPECT_TRUE(delete_property(rt, object.get(), rt.key("b")));
  EXPECT_TRUE(object->shape()->is_dictionary());
  for (int i = 0; i < 200; ++i) {
    const PropertyKey key = rt.key("k" + std::to_string(i));
    set(rt, object.value(), key, Value::integer(i));
    const PropertyKey same = rt.key("k" + std::to_string(i));
    EXPECT_TRUE(delete_property(rt, object.get(), same));
  }
  EXPECT_LE(object->shape()->slot_count_, 4u);
  const PropertyKey c = rt.key("c");
  EXPECT_EQ(get(rt, object.value(), c), Value::integer(2));
}

TEST_P(ShapeTest, ChildShapesDieWithTheirObjects) {
  const auto shapes = [&] {
    std::uint64_t count = 0;
    for (const TypeCensus& census : rt.heap().census()) {
      if (census.type == type_id(HeapType::Shape)) count = census.count;
    }
    return count;
  };
  const std::uint64_t before = shapes();
  {
    RootedValues objects(rt);
    for (int i = 0; i < 50; ++i) {
      const std::string name = "only here " + std::to_string(i);
      objects.push_back(Value(with_keys(rt, {name.c_str()})));
    }
    EXPECT_GE(shapes(), before + 50);
  }
  rt.heap().collect();
  rt.heap().collect();
  EXPECT_LE(shapes(), before + 2);
}

TEST_P(ShapeTest, SettingThePrototypeKeepsShapesShared) {
  Rooted<JSObject> prototype(rt, new_object(rt));
  Rooted<JSObject> a(rt, with_keys(rt, {"x", "y"}));
  Rooted<JSObject> b(rt, with_keys(rt, {"x", "y"}));
  EXPECT_TRUE(set_prototype(rt, a.get(), prototype.get()));
  EXPECT_TRUE(set_prototype(rt, b.get(), prototype.get()));
  EXPECT_EQ(a->shape(), b->shape());
  EXPECT_EQ(a->prototype(), prototype.get());
  EXPECT_FALSE(set_prototype(rt, prototype.get(), a.get())) << "a cycle";
}

HEAPLAB_IN_ALL_MODES(ShapeTest);

}  // namespace
}  // namespace heaplab::interp::test
