// SPDX-License-Identifier: MIT
// A bare runner for people who work on the interpreter; users have `heaplab run`.
//
//   heaplab_js [--gc=PLAN] [--stress-gc=N] [--stress-move=N] [--verify] file.js [arguments]

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "heaplab/gc/make_heap.h"
#include "heaplab/interp/runtime.h"

namespace {

using heaplab::HeapOptions;

/// The text behind "name=" if the argument has that form.
const char* value_of(std::string_view argument, std::string_view name) {
  if (argument.substr(0, name.size()) != name) return nullptr;
  return argument.data() + name.size();
}

bool parse_option(const char* argument, HeapOptions* heap) {
  if (const char* plan = value_of(argument, "--gc=")) {
    heap->plan = plan;
  } else if (const char* n = value_of(argument, "--stress-gc=")) {
    heap->stress_gc_interval = std::strtoull(n, nullptr, 10);
  } else if (const char* m = value_of(argument, "--stress-move=")) {
    heap->stress_move_interval = std::strtoull(m, nullptr, 10);
  } else if (std::string_view(argument) == "--verify") {
    heap->verify = true;
  } else {
    return false;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  HeapOptions heap_options;
  int i = 1;
  while (i < argc && parse_option(argv[i], &heap_options)) ++i;
  if (i >= argc || argv[i][0] == '-') {
    std::fprintf(stderr,
                 "usage: heaplab_js [--gc=PLAN] [--stress-gc=N] [--stress-move=N] [--verify] "
                 "file.js [arguments]\n");
    return 2;
  }
  try {
    const auto heap = heaplab::gc::make_heap(heap_options);
    heaplab::interp::RuntimeOptions options;
    options.executable_path = argv[0];
    options.script_path = argv[i];
    options.expose_gc = true;
    options.argv.assign(argv + i + 1, argv + argc);
    heaplab::interp::Runtime runtime(*heap, options);
    heaplab::interp::install_builtins(runtime);
    return heaplab::interp::run_file(runtime, argv[i]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "heaplab_js: %s\n", error.what());
    return 3;
  }
}
