// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "heaplab/heap/object.h"

// What the recorded program's thread (the producer) tells the encoder's thread (the consumer):
// 64-bit words in chunks, an entry never crosses chunks.
//
// The producer owns the chunk it writes and publishes how far it got with one store per entry. Full
// chunks go through a queue under a mutex, a thousand times less often. When the encoder is 8 MiB
// behind, the producer waits: more would only leave the caches, and has to be waited for later. So
// everything that was logged reaches the encoder, in order, and what it has of an unfilled chunk it
// may take at any time, up to an entry that is still open.

namespace heaplab::trace {

/// A word that starts an entry (zero: one that is not complete yet):
///
///   a store:        [63] 0  [62..32] slot offset / 4        [31..0] host
///                   [63..32] new value   [31..0] old value
///   anything else:  [63] 1  [62..56] kind  [55..32] number  [31..0] object
///
/// Objects are compressed references (RefBits).
enum class Entry : std::uint8_t {
  store,       ///< a slot and two values, as above
  wide_store,  ///< the same for a slot beyond 31 bits: the slot, then the values
  allocation,  ///< number: its stack; then its header
  object,      ///< an allocation; number: its stack; then its bytes, the header first
  contents,    ///< of an object that is known; then its bytes, the header first
  initial,     ///< number slots of a fresh object: pairs of slot and value
  move,        ///< then the new reference
  deaths,      ///< of one block, whose start is the object; number: which words of on_deaths
               ///< follow, [9..0] the first, [19..10] how many
  death,       ///< then its last use
  roots,       ///< [63..32] how many, [31..0] the first; so many roots; number 1: no more
  skipped,     ///< number of objects in the next word, bytes in the one after it
  call         ///< the next of the functions given to call()
};

inline std::uint64_t entry_word(Entry kind, std::uint64_t number, RefBits object) {
  return std::uint64_t{1} << 63 | static_cast<std::uint64_t>(kind) << 56 | number << 32 | object;
}
inline Entry kind_of(std::uint64_t word) {
  return word >> 63 ? static_cast<Entry>(word >> 56 & 0x7f) : Entry::store;
}
inline std::uint32_t number_of(std::uint64_t word) {
  return static_cast<std::uint32_t>(word >> 32) & 0xff'ffff;
}
inline RefBits object_of(std::uint64_t word) { return static_cast<RefBits>(word); }

class Encoder;

class EventLog {
 public:
  static constexpr std::size_t chunk_words = 32 * 1024;
  static constexpr std::size_t max_chunks = 32;
  /// The longest entry.
  static constexpr std::size_t max_entry_words = 8 * 1024;
  /// So many words of entries may follow an open one.
  static constexpr std::size_t words_behind_open = 1024;

  EventLog();
  ~EventLog();
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  /// \name The producer
  /// @{
  /// Room for an entry of so many words; it counts once it is committed.
  std::uint64_t* reserve(std::size_t words) {
    if (static_cast<std::size_t>(end_ - next_) < words) [[unlikely]] {
      next_chunk();
    }
    return next_;
  }
  void commit(std::size_t words) {
    next_ += words;
    current_->committed.store(next_, std::memory_order_release);
  }
  /// An entry that is completed later, by complete(): until then the consumer does not see it, nor
  /// what comes after it. \pre None is open.
  std::uint64_t* reserve_open(std::size_t words) {
    if (static_cast<std::size_t>(end_ - next_) < words + words_behind_open) [[unlikely]] {
      next_chunk();
    }
    *next_ = 0;
    soft_end_ = next_ + words + words_behind_open;
    return next_;
  }
  void complete(std::uint64_t* entry, std::uint64_t first_word) {
    soft_end_ = end_;
    std::atomic_ref(*entry).store(first_word, std::memory_order_release);
  }
  /// If not, an open entry has to be completed before so much is reserved.
  bool has_room(std::size_t words) const {
    return static_cast<std::size_t>(soft_end_ - next_) >= words;
  }
  /// The encoder will call this when it gets here.
  void call(std::function<void(Encoder&)> function);
  /// Waits until the consumer has taken everything and says so.
  void wait_until_taken();
  /// Nothing follows; take() returns what is there, then false.
  void close();
  /// @}

  /// \name The consumer
  /// @{
  struct Batch {
    const std::uint64_t* begin = nullptr;
    const std::uint64_t* end = nullptr;
  };
  /// The next entries, or an empty batch if there are none for so long. What is left in `batch` is
  /// handed out again. False: the log was closed and this is the end.
  bool take(Batch& batch, std::chrono::milliseconds patience);
  /// The first word of an entry in a batch; zero: it is open.
  static std::uint64_t first_word(const std::uint64_t* entry) {
    return std::atomic_ref(*const_cast<std::uint64_t*>(entry)).load(std::memory_order_acquire);
  }
  std::function<void(Encoder&)> next_call();
  /// The consumer makes no calls any more; they need not be kept.
  void stop_calls();
  /// @}

 private:
  struct Chunk {
    std::atomic<const std::uint64_t*> committed{nullptr};
    alignas(64) std::uint64_t words[chunk_words];
  };

  void next_chunk();
  bool all_taken() const;

  // The producer's: it writes this line all the time, so nobody else's data may be on it.
  alignas(64) std::uint64_t* next_ = nullptr;
  std::uint64_t* end_ = nullptr;
  std::uint64_t* soft_end_ = nullptr;  ///< while an entry is open: where it must be completed
  Chunk* current_ = nullptr;

  alignas(64) std::mutex mutex_;
  std::condition_variable for_consumer_, for_producer_;
  std::vector<std::unique_ptr<Chunk>> chunks_;
  std::vector<Chunk*> free_;
  std::deque<Chunk*> full_;
  std::deque<std::function<void(Encoder&)>> calls_;
  Chunk* open_ = nullptr;    ///< the producer's current one
  Chunk* taking_ = nullptr;  ///< the consumer's current one
  const std::uint64_t* taken_ = nullptr;
  bool nudged_ = false;
  bool keeps_calls_ = true;
  bool closed_ = false;
};

}  // namespace heaplab::trace
