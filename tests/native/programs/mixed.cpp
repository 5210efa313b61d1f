// SPDX-License-Identifier: MIT
// A bit of everything that ends up in heaptrack's files: operator new and malloc, inlined
// functions, templates, realloc, two threads, temporary strings, leaks, and leaks that are excused.
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

extern "C" const char* __lsan_default_suppressions() {
  return "leak:excused_leak\n# a comment\nleak:^nowhere$\n";
}

namespace {

std::vector<void*> kept;

__attribute__((noinline)) void excused_leak(std::size_t bytes) {
  kept.push_back(std::malloc(bytes));
}

inline char* copy_of(const char* text) { return ::strdup(text); }

__attribute__((noinline)) void leak_names(int count) {
  for (int i = 0; i < count; ++i) kept.push_back(copy_of("a name that is never freed"));
}

template <class T>
__attribute__((noinline)) std::size_t fill(int count) {
  std::map<int, std::vector<T>> table;
  for (int i = 0; i < count; ++i) table[i % 97].push_back(T(i));
  return table.size();
}

__attribute__((noinline)) std::size_t temporaries(int count) {
  std::size_t length = 0;
  for (int i = 0; i < count; ++i)
    length += std::string(40 + static_cast<std::size_t>(i % 60), 'x').size();
  return length;
}

__attribute__((noinline)) void regrow() {
  char* buffer = nullptr;
  for (std::size_t size = 16; size < 200'000; size = size * 5 / 3) {
    buffer = static_cast<char*>(std::realloc(buffer, size));
    buffer[0] = 1;
  }
  std::free(buffer);
  std::free(std::calloc(100, 30));
}

}  // namespace

int main() {
  std::size_t sum = 0;
  std::thread other([&] { sum += fill<double>(3'000); });
  other.join();
  sum += fill<int>(5'000) + temporaries(4'000);
  leak_names(300);
  excused_leak(5'000);
  for (int i = 0; i < 20; ++i) regrow();
  auto shared = std::make_shared<std::string>(1'000, 'y');
  return sum + shared->size() > 0 ? 0 : 1;
}
