// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/inspector/queries/view.h"
#include "snapshot_text.h"

namespace heaplab::inspector::test {

/// A small heap as V8 would write it, with one of everything the queries know:
///
///     globalThis.app.cache       a Map: "x" → first, an integer → second
///     globalThis.app.tags        a Set of "dup", "dup" (two strings)
///     globalThis.app.table       an object in dictionary mode
///     globalThis.handle          a function; its variables: sessions (the cache), big (an array)
///     first.data                 "payload", 1000 bytes
///     lost                       garbage
struct ShopHeap {
  SnapshotText text;
  std::size_t root = text.add("synthetic", "", 0);
  std::size_t roots = text.add("synthetic", "(GC roots)", 0);
  std::size_t global = text.add("object", "global", 40);
  std::size_t app = text.add("object", "App", 32);
  std::size_t cache = text.add("object", "Map", 32);
  std::size_t cache_table = text.add("array", "", 16 + 8 * (3 + 2 + 4 * 3));
  std::size_t key = text.add("string", "x", 24);
  std::size_t first = text.add("object", "Session", 56);
  std::size_t second = text.add("object", "Session", 56);
  std::size_t data = text.add("string", "payload", 1000);
  std::size_t tags = text.add("object", "Set", 32);
  std::size_t tags_table = text.add("array", "", 16 + 8 * (3 + 2 + 4 * 2));
  std::size_t dup1 = text.add("string", "dup", 32);
  std::size_t dup2 = text.add("string", "dup", 24);
  std::size_t table = text.add("object", "Object", 24);
  std::size_t properties = text.add("array", "(object properties)", 16 + 8 * (6 + 3 * 8));
  std::size_t handle = text.add("closure", "handle", 64);
  std::size_t context = text.add("object", "system / Context", 40);
  std::size_t big = text.add("object", "Array", 16);
  std::size_t big_elements = text.add("array", "(object elements)", 16 + 8 * 16);
  std::size_t shared = text.add("code", "handle", 56);
  std::size_t script = text.add("code", "/srv/app.js", 100);
  std::size_t lost = text.add("object", "Lost", 77);

  ShopHeap() {
    text.element(root, 1, roots);
    text.element(root, 2, global);
    text.edge(global, "property", "app", app);
    text.edge(global, "property", "handle", handle);
    text.edge(app, "property", "cache", cache);
    text.edge(app, "property", "tags", tags);
    text.edge(app, "property", "odd name", table);
    text.edge(cache, "internal", "table", cache_table);
    text.edge(cache_table, "internal", "5", key);
    text.edge(cache_table, "internal", "6", first);
    text.edge(cache_table, "internal", "9", second);
    text.edge(first, "property", "data", data);
    text.edge(first, "property", "<symbol kind>", key);
    text.edge(tags, "internal", "table", tags_table);
    text.edge(tags_table, "internal", "5", dup1);
    text.edge(tags_table, "internal", "7", dup2);
    text.edge(table, "property", "a", dup1);
    text.edge(table, "property", "b", key);
    text.edge(table, "internal", "properties", properties);
    text.edge(handle, "internal", "context", context);
    text.edge(handle, "internal", "shared", shared);
    text.edge(shared, "internal", "script", script);
    text.edge(context, "context", "sessions", cache);
    text.edge(context, "context", "big", big);
    text.edge(big, "internal", "elements", big_elements);
    text.element(big, 0, dup2);
    text.locations.push_back({handle, 7, 11, 4});
  }

  static std::string id(std::size_t node) { return std::to_string(2 * node + 1); }
  View view() const { return view_of(text); }

  static View view_of(const SnapshotText& text) {
    const TemporaryFile file(text.text());
    return open_view(file.path(), 1);
  }
};

/// Node numbers of a small heap are below 2^32.
inline NodeIndex node(std::size_t number) { return static_cast<NodeIndex>(number); }

}  // namespace heaplab::inspector::test
