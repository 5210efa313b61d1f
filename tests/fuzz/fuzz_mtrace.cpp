// SPDX-License-Identifier: MIT
// Files of glibc's mtrace from strangers.
#include <cstdint>
#include <string>

#include "heaplab/leakcheck/analyse.h"
#include "heaplab/leakcheck/print.h"
#include "heaplab/support/error.h"
#include "memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace heaplab;
  std::string text = "= Start\n";
  text.append(reinterpret_cast<const char*>(data), size);
  const fuzz::MemoryFile file(text);
  try {
    leakcheck::to_json(leakcheck::analyse(file.path()));
  } catch (const InputError&) {
    // The one acceptable refusal.
  }
  return 0;
}
