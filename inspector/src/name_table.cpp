// SPDX-License-Identifier: MIT
#include "name_table.h"

#include <algorithm>
#include <random>
#include <stdexcept>

#include <xxhash.h>

namespace heaplab::inspector {
namespace {

constexpr std::size_t first_cells = std::size_t{1} << 12;
/// Numbers below this have an array of their own; those above are names like any other.
constexpr std::uint32_t end_of_numbers = std::uint32_t{1} << 28;

}  // namespace

// A seed of its own: a program cannot prepare names that collide.
NameTable::NameTable(Maker& maker)
    : maker_(maker),
      seed_(std::uint64_t{std::random_device{}()} << 32 | std::random_device{}()),
      cells_(first_cells) {}

std::uint32_t NameTable::append(Origin origin) {
  if (origin.value >> value_bits != 0) throw std::length_error("too many names in a heap snapshot");
  origins_.push_back(static_cast<std::uint32_t>(origin.source) << value_bits | origin.value);
  return size() - 1;
}

std::uint32_t NameTable::add(std::string_view name, Origin origin) {
  const auto hash =
      static_cast<std::uint32_t>(XXH3_64bits_withSeed(name.data(), name.size(), seed_));
  const std::size_t mask = cells_.size() - 1;
  std::size_t cell = hash & mask;
  for (; cells_[cell].name_above != 0; cell = (cell + 1) & mask) {
    const std::uint32_t known = cells_[cell].name_above - 1;
    if (cells_[cell].hash == hash && (*this)[known] == name) return known;
  }
  const std::uint32_t number = append(origin);
  cells_[cell] = {number + 1, hash};
  if (++used_ > cells_.size() / 4 * 3) grow();
  return number;
}

std::uint32_t NameTable::add_text(std::string_view name) {
  const std::uint32_t before = size();
  const std::uint32_t number = add(name, {Source::text, static_cast<std::uint32_t>(texts_.size())});
  if (number == before) texts_.emplace_back(name);
  return number;
}

std::uint32_t NameTable::add_number(std::uint32_t number) {
  if (number >= end_of_numbers) return add_text(std::to_string(number));
  if (number >= numbers_.size()) numbers_.resize(std::max<std::size_t>(number + 1, 1024));
  if (numbers_[number] == 0) numbers_[number] = append({Source::number, number}) + 1;
  return numbers_[number] - 1;
}

const std::string& NameTable::operator[](std::uint32_t name) {
  const Origin origin{static_cast<Source>(origins_[name] >> value_bits),
                      origins_[name] & ((1u << value_bits) - 1)};
  if (origin.source == Source::text) return texts_[origin.value];
  if (origin.source == Source::number) return made_ = std::to_string(origin.value);
  made_.clear();
  maker_.make_name(origin, made_);
  return made_;
}

void NameTable::grow() {
  BigArray<Cell> cells(cells_.size() * 2);
  const std::size_t mask = cells.size() - 1;
  for (const Cell& old : cells_) {
    if (old.name_above == 0) continue;
    std::size_t cell = old.hash & mask;
    while (cells[cell].name_above != 0) cell = (cell + 1) & mask;
    cells[cell] = old;
  }
  cells_ = std::move(cells);
}

}  // namespace heaplab::inspector
