// SPDX-License-Identifier: MIT
#include "heaplab/interp/string.h"

#include <random>

#include "heaplab/interp/source.h"
#include "test_runtime.h"

namespace heaplab::interp::test {
namespace {

using StringTest = VmTest;

TEST_P(StringTest, RandomRopesAndSlicesMatchPlainStrings) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 engine(seed);
  const auto random = [&engine] { return static_cast<std::uint32_t>(engine()); };
  RootedValues strings(rt);
  std::vector<std::u16string> model;
  const auto add = [&](String* string, std::u16string text) {
    strings.push_back(Value(string));
    model.push_back(std::move(text));
  };
  add(rt.atoms().empty, u"");
  for (int step = 0; step < 400; ++step) {
    const std::size_t a = random() % model.size();
    const std::size_t b = random() % model.size();
    switch (random() % 4) {
      case 0: {
        std::u16string text;
        const bool wide = random() % 3 == 0;
        for (unsigned i = random() % 20; i > 0; --i) {
          text.push_back(static_cast<char16_t>(random() % (wide ? 0x3000 : 0x100)));
        }
        String* string = new_string(rt, text);
        add(string, text);
        break;
      }
      case 1: {
        if (model[a].size() + model[b].size() > 5000) break;
        String* string = concat(rt, strings[a].as_string(), strings[b].as_string());
        add(string, model[a] + model[b]);
        break;
      }
      case 2: {
        const auto length = static_cast<std::uint32_t>(model[a].size());
        const std::uint32_t start = random() % (length + 1);
        const std::uint32_t end = start + random() % (length - start + 1);
        String* string = substring(rt, strings[a].as_string(), start, end);
        add(string, model[a].substr(start, end - start));
        break;
      }
      default:
        flatten(rt, strings[a].as_string());
    }
    const std::size_t last = model.size() - 1;
    ASSERT_EQ(to_utf16(strings[last].as_string()), model[last]);
    ASSERT_EQ(equal(strings[a].as_string(), strings[b].as_string()), model[a] == model[b]);
    const int order = compare(strings[a].as_string(), strings[b].as_string());
    ASSERT_EQ(order < 0, model[a] < model[b]);
    ASSERT_EQ(order > 0, model[a] > model[b]);
    ASSERT_EQ(hash_of(strings[a].as_string()), hash_utf16(model[a]));
    if (!model[b].empty()) {
      const auto i = static_cast<std::uint32_t>(random() % model[b].size());
      ASSERT_EQ(char_at(strings[b].as_string(), i), model[b][i]);
    }
  }
}

TEST_P(StringTest, EqualStringsHaveOneAtom) {
  Rooted<String> left(rt, new_string(rt, u"some property "));
  Rooted<String> right(rt, new_string(rt, u"name"));
  Rooted<String> rope(rt, concat(rt, left.get(), right.get()));
  Rooted<String> first(rt, rt.atom_table().intern(rope.get()));
  String* second = rt.intern("some property name");
  EXPECT_EQ(first.get(), second);
  EXPECT_TRUE(first->is_atom());
  Rooted<String> whole(rt, new_string(rt, u"xx some property name xx"));
  String* slice = substring(rt, whole.get(), 3, 21);
  EXPECT_EQ(rt.atom_table().intern(slice), first.get());
}

TEST_P(StringTest, DeadAtomsLeaveTheTable) {
  rt.heap().collect();
  const std::size_t before = rt.atom_table().size();
  for (int i = 0; i < 100; ++i) rt.intern("temporary name " + std::to_string(i));
  Rooted<String> kept(rt, rt.intern("temporary name 7"));
  rt.heap().collect();
  EXPECT_EQ(rt.atom_table().size(), before + 1);
  EXPECT_EQ(rt.intern("temporary name 7"), kept.get());
}

TEST_P(StringTest, AVeryDeepRopeNeedsNoNativeStack) {
  if (GetParam().stress_gc || GetParam().stress_move) GTEST_SKIP() << "too many allocations";
  Rooted<String> rope(rt, new_string(rt, u"0123456789abcdef"));
  Rooted<String> piece(rt, new_string(rt, u"x"));
  for (int i = 0; i < 300'000; ++i) rope = concat(rt, rope.get(), piece.get());
  EXPECT_EQ(flatten(rt, rope.get())->length(), 300'016u);
}

TEST_P(StringTest, TooLongIsARangeError) {
  if (GetParam().stress_gc || GetParam().stress_move) GTEST_SKIP() << "large";
  Rooted<String> s(rt, new_string(rt, std::u16string(1 << 20, u'a')));
  EXPECT_THROW(
      {
        for (int i = 0; i < 30; ++i) s = concat(rt, s.get(), s.get());
      },
      ScriptException);
  rt.take_exception();
}

TEST_P(StringTest, Utf8RoundTrip) {
  for (const std::string text : {"", "plain", "Grüße", "日本語", "🙂 mixed ascii"}) {
    EXPECT_EQ(to_utf8(new_string_utf8(rt, text)), text);
  }
}

HEAPLAB_IN_ALL_MODES(StringTest);

}  // namespace
}  // namespace heaplab::interp::test
