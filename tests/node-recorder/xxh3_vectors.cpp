// SPDX-License-Identifier: MIT
// Lengths and hashes of the first so many of some bytes, for xxh3.test.js, which makes the same
// ones.
#include <fmt/format.h>
#include <xxhash.h>

#include <cstdint>
#include <vector>

int main() {
  std::vector<std::uint8_t> bytes(300000);
  std::uint32_t state = 1;
  for (std::uint8_t& byte : bytes) {
    state = state * 1664525u + 1013904223u;
    byte = static_cast<std::uint8_t>(state >> 24);
  }
  auto print = [&](std::size_t length) {
    fmt::print("{} {:016x}\n", length, XXH3_64bits(bytes.data(), length));
  };
  for (std::size_t length = 0; length <= 2100; ++length) print(length);
  for (const std::size_t length : {4095u, 4096u, 65535u, 262144u, 262145u, 299999u}) print(length);
}
