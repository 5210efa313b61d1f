// SPDX-License-Identifier: MIT
#include "hprof_file.h"

namespace heaplab::inspector::test {

HprofFile shop_dump(unsigned id_bytes, std::uint64_t base, bool instances_first) {
  using F = HprofFile;
  F file(id_bytes);
  const char* texts[] = {"java/lang/Object",
                         "java/lang/String",
                         "java/lang/Thread",
                         "java/lang/ref/Reference",
                         "java/lang/ref/WeakReference",
                         "com/acme/Shop",
                         "com/acme/Link",
                         "[Lcom/acme/Link;",
                         "value",
                         "coder",
                         "name",
                         "referent",
                         "queue",
                         "links",
                         "next",
                         "weight",
                         "weak",
                         "run",
                         "Shop.java",
                         "<resolved_references>",
                         "java/lang/Class"};
  for (std::uint64_t i = 0; i < std::size(texts); ++i) file.text(i + 1, texts[i]);
  const auto text = [&](std::string_view wanted) {
    for (std::uint64_t i = 0; i < std::size(texts); ++i) {
      if (texts[i] == wanted) return i + 1;
    }
    return std::uint64_t{0};
  };
  const auto at = [&](std::uint64_t number) { return base + 64 * number; };
  // Classes are 1 … 9, in the order of their names; Class is 9.
  for (std::uint32_t i = 1; i <= 8; ++i) file.load_class(i, at(i), i);
  file.load_class(9, at(9), text("java/lang/Class"));
  file.frame(900, text("run"), text("Shop.java"), 6, 42);
  file.trace(7, {900});
  const auto classes = [&] {
    file.class_dump(at(1), 0, 0, {}, {});
    file.class_dump(at(2), at(1), 0, {}, {{text("value"), F::object}, {text("coder"), F::byte}});
    file.class_dump(at(3), at(1), 0, {}, {{text("name"), F::object}});
    file.class_dump(at(4), at(1), 0, {},
                    {{text("referent"), F::object}, {text("queue"), F::object}});
    file.class_dump(at(5), at(4), 0, {}, {});
    file.class_dump(at(6), at(1), at(20),
                    {{text("links"), F::object, at(30)},
                     {text("weak"), F::object, at(31)},
                     {text("weight"), F::integer, 7},
                     {text("<resolved_references>"), F::object, at(30)}},
                    {});
    file.class_dump(
        at(7), at(1), at(20), {},
        {{text("next"), F::object}, {text("name"), F::object}, {text("weight"), F::twice}});
    file.class_dump(at(8), at(1), at(20), {}, {});
    file.class_dump(at(9), at(1), 0, {}, {});
  };
  const auto objects = [&] {
    file.instance(at(20), at(1), {});  // the loader
    file.object_array(at(30), at(8), {at(40), 0, at(42)});
    file.instance(at(31), at(5), {{F::object, at(43)}, {F::object, at(30)}});
    const auto link = [&](int n, int next, int name) {
      file.instance(at(static_cast<std::uint64_t>(n)), at(7),
                    {{F::object, next == 0 ? 0 : at(static_cast<std::uint64_t>(next))},
                     {F::object, name == 0 ? 0 : at(static_cast<std::uint64_t>(name))},
                     {F::twice, 0}});
    };
    link(40, 41, 50);
    link(41, 40, 51);
    link(42, 77, 52);  // refers to what is not in the file
    link(43, 0, 0);    // weakly held
    link(44, 0, 0);    // a local
    link(45, 0, 0);    // of JNI
    const auto string = [&](std::uint64_t n, std::uint64_t value, std::uint64_t coder) {
      file.instance(at(n), at(2), {{F::object, at(value)}, {F::byte, coder}});
    };
    string(50, 60, 0);
    string(51, 61, 1);
    string(52, 62, 1);
    string(53, 63, 0);
    string(54, 60, 0);
    file.bytes(at(60), "caf\xE9 \"x\"");
    file.bytes(at(61), std::string_view("\x16\x4e\x3d\xd8\x00\xde", 6));  // 世 and 😀, little-endian
    file.primitive_array(at(62), F::character, 2, std::string_view("\0h\0i", 4));
    file.bytes(at(63), "main");
    file.instance(at(70), at(3), {{F::object, at(53)}});
  };
  if (instances_first) {
    objects();
    file.segment();
    classes();
  } else {
    classes();
    objects();
  }
  file.root(0x08, at(70), {1, 7});
  file.root(0x03, at(44), {1, 0});
  file.root(0x02, at(45), {1, 0xffff'ffff});
  file.root(0x05, at(6));
  file.root(0x07, at(54));
  file.jni_global(at(6));
  file.segment();
  file.record(0x2C, "");
  return file;
}

}  // namespace heaplab::inspector::test
