// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <vector>

#include "heaplab/inspector/graph.h"
#include "heaplab/support/big_array.h"

namespace heaplab::inspector::hprof {

/// Addresses of objects, one after another. Four bytes each while all are multiples of 8 below
/// 32 GiB, as nearly all heaps have them; eight bytes each once one is not.
class AddressList {
 public:
  void push_back(std::uint64_t address) {
    const std::uint64_t small = std::rotr(address, 3);
    if (small > UINT32_MAX && !wide_) [[unlikely]]
      widen();
    if (wide_) [[unlikely]] {
      words_.push_back(static_cast<std::uint32_t>(address));
      words_.push_back(static_cast<std::uint32_t>(address >> 32));
    } else {
      words_.push_back(static_cast<std::uint32_t>(small));
    }
  }
  std::uint64_t operator[](std::size_t index) const {
    if (!wide_) return std::uint64_t{words_[index]} << 3;
    return words_[2 * index] | std::uint64_t{words_[2 * index + 1]} << 32;
  }
  std::size_t size() const { return wide_ ? words_.size() / 2 : words_.size(); }
  bool is_wide() const { return wide_; }
  static constexpr unsigned shift = 3;  ///< of narrow ones

  /// The memory, with `value(index, address)` in place of each address.
  template <typename Value>
  BigArray<std::uint32_t> replace(Value&& value) {
    const std::size_t count = size();
    for (std::size_t i = 0; i < count; ++i) words_[i] = value(i, (*this)[i]);
    words_.resize(count);
    words_.shrink_to_fit();
    return std::move(words_);
  }

 private:
  void widen() {
    const std::size_t count = words_.size();
    words_.resize(2 * count);
    for (std::size_t i = count; i-- > 0;) {
      const std::uint64_t address = std::uint64_t{words_[i]} << 3;
      words_[2 * i] = static_cast<std::uint32_t>(address);
      words_[2 * i + 1] = static_cast<std::uint32_t>(address >> 32);
    }
    wide_ = true;
  }

  BigArray<std::uint32_t> words_;
  bool wide_ = false;
};

/// Finds objects by their addresses. Where objects lie close together (as in every heap) a bit
/// marks each possible start, and the bits before it are counted: two cache lines for an answer, 2
/// bits for 8 bytes of heap and four bytes an object. Else, by binary search.
class AddressIndex {
 public:
  /// Of the objects that have these addresses. Nothing if two have the same: then `duplicate` is
  /// one of them.
  static std::optional<AddressIndex> make(const AddressList& addresses, NodeIndex& duplicate);

  /// no_node if there is none.
  NodeIndex find(std::uint64_t address) const {
    if (chunk_of_.empty()) return search(address);
    const std::size_t word = word_of(address);
    if ((address - base_) % granule_bytes != 0 || word == no_word) return no_node;
    const std::uint64_t bit = std::uint64_t{1} << ((address - base_) / granule_bytes % 64);
    return (words_[word].bits & bit) == 0 ? no_node : by_address_[rank(word, address)];
  }
  /// Two steps ahead of a `find`, and one: what it will look at is on its way to the cache.
  [[gnu::always_inline]] void expect(std::uint64_t address) const {
    if (const std::size_t word = word_of(address); word != no_word) {
      __builtin_prefetch(&words_[word]);
    }
  }
  [[gnu::always_inline]] void expect_soon(std::uint64_t address) const {
    if (const std::size_t word = word_of(address); word != no_word) {
      __builtin_prefetch(by_address_.data() + rank(word, address));
    }
  }
  /// All of them, in the order of their addresses.
  std::span<const NodeIndex> by_address() const { return by_address_; }

 private:
  static constexpr std::uint64_t granule_bytes = 8;
  static constexpr std::size_t chunk_words = 64;
  static constexpr std::size_t chunk_granules = chunk_words * 64;
  static constexpr std::uint32_t no_chunk = 0xffff'ffff;

  struct Word {
    std::uint64_t bits;
    std::uint32_t before;
  };
  static constexpr std::size_t no_word = ~std::size_t{0};

  std::size_t word_of(std::uint64_t address) const {
    const std::uint64_t granule = (address - base_) / granule_bytes;
    if (chunk_of_.empty() || granule >= granules_) return no_word;
    const std::uint32_t chunk = chunk_of_[granule / chunk_granules];
    return chunk == no_chunk ? no_word : chunk * chunk_words + granule % chunk_granules / 64;
  }
  /// How many come before the address.
  std::uint32_t rank(std::size_t word, std::uint64_t address) const {
    const std::uint64_t bit = std::uint64_t{1} << ((address - base_) / granule_bytes % 64);
    return words_[word].before +
           static_cast<std::uint32_t>(std::popcount(words_[word].bits & (bit - 1)));
  }
  bool mark(const AddressList& addresses);
  bool number(const AddressList& addresses, NodeIndex& duplicate);
  bool sort(NodeIndex& duplicate);
  NodeIndex search(std::uint64_t address) const;

  const AddressList* addresses_ = nullptr;
  std::uint64_t base_ = 0, granules_ = 0;
  BigArray<std::uint32_t> chunk_of_;  ///< empty: search
  BigArray<Word> words_;
  BigArray<NodeIndex> by_address_;
};

}  // namespace heaplab::inspector::hprof
