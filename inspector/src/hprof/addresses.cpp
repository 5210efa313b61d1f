// SPDX-License-Identifier: MIT
#include "hprof/addresses.h"

#include <algorithm>
#include <numeric>

namespace heaplab::inspector::hprof {
namespace {

/// Bits and counts may take so much for each object, and a little for small heaps.
constexpr std::uint64_t bytes_per_object = 24;
constexpr std::uint64_t bytes_anyway = 16 << 20;

}  // namespace

std::optional<AddressIndex> AddressIndex::make(const AddressList& addresses, NodeIndex& duplicate) {
  AddressIndex index;
  index.addresses_ = &addresses;
  if (index.mark(addresses)) {
    if (!index.number(addresses, duplicate)) return std::nullopt;
  } else {
    index.chunk_of_.release();
    index.words_.release();
    if (!index.sort(duplicate)) return std::nullopt;
  }
  return index;
}

/// Sets the bits; false if that would take too much memory, or some address is no multiple of 8.
bool AddressIndex::mark(const AddressList& addresses) {
  const std::size_t count = addresses.size();
  if (count == 0) return false;
  std::uint64_t least = ~std::uint64_t{0}, most = 0, all = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t address = addresses[i];
    least = std::min(least, address);
    most = std::max(most, address);
    all |= address;
  }
  if (all % granule_bytes != 0) return false;
  base_ = least;
  granules_ = (most - least) / granule_bytes + 1;
  const std::uint64_t directory = granules_ / chunk_granules + 1;
  std::uint64_t budget = count * bytes_per_object + bytes_anyway;
  if (directory > budget / sizeof(std::uint32_t)) return false;
  budget -= directory * sizeof(std::uint32_t);
  chunk_of_.assign(static_cast<std::size_t>(directory), no_chunk);
  constexpr std::uint64_t chunk_bytes = chunk_words * sizeof(Word);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t granule = (addresses[i] - base_) / granule_bytes;
    std::uint32_t& chunk = chunk_of_[granule / chunk_granules];
    if (chunk == no_chunk) {
      if (budget < chunk_bytes) return false;
      budget -= chunk_bytes;
      chunk = static_cast<std::uint32_t>(words_.size() / chunk_words);
      for (std::size_t word = 0; word < chunk_words; ++word) words_.push_back({});
    }
    words_[chunk * chunk_words + granule % chunk_granules / 64].bits |= std::uint64_t{1}
                                                                        << (granule % 64);
  }
  return true;
}

bool AddressIndex::number(const AddressList& addresses, NodeIndex& duplicate) {
  std::uint32_t sum = 0;
  for (const std::uint32_t chunk : chunk_of_) {
    if (chunk == no_chunk) continue;
    for (std::size_t word = chunk * chunk_words; word < (chunk + 1) * chunk_words; ++word) {
      words_[word].before = sum;
      sum += static_cast<std::uint32_t>(std::popcount(words_[word].bits));
    }
  }
  by_address_.assign(addresses.size(), no_node);
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    NodeIndex& place = by_address_[rank(word_of(addresses[i]), addresses[i])];
    duplicate = static_cast<NodeIndex>(i);
    if (place != no_node) return false;
    place = duplicate;
  }
  return true;
}

bool AddressIndex::sort(NodeIndex& duplicate) {
  const AddressList& addresses = *addresses_;
  by_address_.resize(addresses.size());
  std::iota(by_address_.begin(), by_address_.end(), NodeIndex{0});
  std::sort(by_address_.begin(), by_address_.end(),
            [&](NodeIndex a, NodeIndex b) { return addresses[a] < addresses[b]; });
  const NodeIndex* same =
      std::adjacent_find(by_address_.begin(), by_address_.end(),
                         [&](NodeIndex a, NodeIndex b) { return addresses[a] == addresses[b]; });
  if (same == by_address_.end()) return true;
  duplicate = *same;
  return false;
}

NodeIndex AddressIndex::search(std::uint64_t address) const {
  const AddressList& addresses = *addresses_;
  const NodeIndex* found = std::lower_bound(
      by_address_.begin(), by_address_.end(), address,
      [&](NodeIndex node, std::uint64_t wanted) { return addresses[node] < wanted; });
  return found != by_address_.end() && addresses[*found] == address ? *found : no_node;
}

}  // namespace heaplab::inspector::hprof
