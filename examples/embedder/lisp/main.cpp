// SPDX-License-Identifier: MIT
// A small Lisp whose data lives on a heaplab heap: lisp [--gc PLAN] [--stress] [FILE]
// Prints the value of each expression that has one, and on standard error what the collector did.
#include <heaplab/gc/make_heap.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

#include "evaluate.h"
#include "print.h"
#include "read.h"

namespace {

/// What the program was asked to do.
struct Arguments {
  heaplab::HeapOptions heap;
  std::string file;  ///< empty: standard input
};

Arguments parse(int count, char** values) {
  Arguments arguments;
  for (int i = 1; i < count; ++i) {
    const std::string_view argument = values[i];
    if (argument == "--gc" && i + 1 < count) {
      arguments.heap.plan = values[++i];
    } else if (argument == "--stress") {
      // Collects and moves at every allocation: a value that is not rooted is found at once.
      arguments.heap.stress_gc_interval = 1;
      arguments.heap.stress_move_interval = 1;
      arguments.heap.verify = true;
    } else if (!argument.starts_with("--") && arguments.file.empty()) {
      arguments.file = argument;
    } else {
      throw lisp::Error("usage: lisp [--gc PLAN] [--stress] [FILE]");
    }
  }
  return arguments;
}

std::string read_all(const std::string& file) {
  std::ifstream from_file;
  if (!file.empty()) {
    from_file.open(file);
    if (!from_file) throw lisp::Error("cannot open " + file);
  }
  std::istream& in = file.empty() ? std::cin : from_file;
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Counts collections as they end.
class Counter : public heaplab::HeapListener {
 public:
  void on_collection_end(const heaplab::Heap&, const heaplab::CollectionEvent& event) override {
    ++(event.kind == heaplab::CollectionKind::minor ? minor_ : major_);
  }
  int minor() const { return minor_; }
  int major() const { return major_; }

 private:
  int minor_ = 0;
  int major_ = 0;
};

void run(heaplab::Heap& heap, std::string_view program) {
  lisp::Values values(heap);
  lisp::Evaluator evaluator(values);
  lisp::Reader reader(values, program);
  while (!reader.at_end()) {
    const lisp::Word value = evaluator.evaluate(reader.read());
    if (!lisp::is_nil(value)) std::puts(lisp::to_text(values, value).c_str());
  }
}

}  // namespace

int main(int count, char** values) try {
  const Arguments arguments = parse(count, values);
  const std::string program = read_all(arguments.file);
  const auto heap = heaplab::gc::make_heap(arguments.heap);
  Counter collections;
  heap->add_listener(&collections);
  run(*heap, program);
  std::fprintf(stderr, "%d minor and %d major collections, %llu bytes allocated\n",
               collections.minor(), collections.major(),
               static_cast<unsigned long long>(heap->allocated_bytes()));
  heap->remove_listener(&collections);
} catch (const heaplab::OutOfMemory& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 3;
} catch (const std::exception& error) {
  std::fprintf(stderr, "lisp: %s\n", error.what());
  return 2;
}
