// SPDX-License-Identifier: MIT
#include "name_table.h"

#include <random>
#include <stdexcept>

#include <xxhash.h>

namespace heaplab::inspector {
namespace {

constexpr std::size_t first_cells = std::size_t{1} << 12;

}  // namespace

// A seed of its own: a program cannot prepare names that collide.
NameTable::NameTable()
    : seed_(std::uint64_t{std::random_device{}()} << 32 | std::random_device{}()),
      cells_(first_cells) {}

NameTable::Hash NameTable::hash_of(std::string_view name) const {
  const XXH128_hash_t hash = XXH3_128bits_withSeed(name.data(), name.size(), seed_);
  return {hash.low64, static_cast<std::uint32_t>(hash.high64)};
}

std::uint32_t NameTable::add(std::string_view name, Origin origin) {
  const Hash hash = hash_of(name);
  const std::size_t mask = cells_.size() - 1;
  std::size_t cell = hash.low & mask;
  for (; cells_[cell] != 0; cell = (cell + 1) & mask) {
    const std::uint32_t known = cells_[cell] - 1;
    if (low_hashes_[known] == hash.low && high_hashes_[known] == hash.high) return known;
  }
  if (origin.value >> value_bits != 0) throw std::length_error("too many names in a heap snapshot");
  const std::uint32_t number = size();
  cells_[cell] = number + 1;
  low_hashes_.push_back(hash.low);
  high_hashes_.push_back(hash.high);
  origins_.push_back(static_cast<std::uint32_t>(origin.source) << value_bits | origin.value);
  if (number + 1 > cells_.size() / 4 * 3) grow();
  return number;
}

std::uint32_t NameTable::add_text(std::string_view name) {
  const auto value = static_cast<std::uint32_t>(texts_.size());
  const std::uint32_t before = size();
  const std::uint32_t number = add(name, {Source::text, value});
  if (number == before) texts_.emplace_back(name);
  return number;
}

void NameTable::grow() {
  BigArray<std::uint32_t> cells(cells_.size() * 2);
  const std::size_t mask = cells.size() - 1;
  for (std::uint32_t name = 0; name < size(); ++name) {
    std::size_t cell = low_hashes_[name] & mask;
    while (cells[cell] != 0) cell = (cell + 1) & mask;
    cells[cell] = name + 1;
  }
  cells_ = std::move(cells);
}

}  // namespace heaplab::inspector
