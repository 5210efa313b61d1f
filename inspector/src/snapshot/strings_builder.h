// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "heaplab/inspector/snapshot_strings.h"
#include "heaplab/support/byte_stream.h"
#include "snapshot/scanner.h"

namespace heaplab::inspector {

/// Where the raw text of strings can be read again.
struct SnapshotStrings::Source {
  virtual ~Source() = default;
  /// Reads up to `count` bytes at `offset`.
  virtual std::size_t read(std::uint64_t offset, char* out, std::size_t count) const = 0;
};

/// As pread, all of it unless the file ends.
std::size_t read_file_at(int descriptor, std::uint64_t offset, char* out, std::size_t count);

class Spill;

/// Reads the "strings" array and notes where each is. Calls `seen(index, raw)` for those of at most
/// `longest_seen` bytes.
class StringsBuilder {
 public:
  static constexpr std::size_t longest_seen = 4096;

  /// `stream` is what the scanner reads: its file is read again later if it is a plain one.
  StringsBuilder(Scanner& scanner, const ByteStream& stream) : scanner_(scanner), stream_(stream) {}

  template <typename Seen>
  SnapshotStrings read(Seen&& seen) {
    open();
    if (!scanner_.accept(']')) {
      do {
        if (scanner_.peek() != '"') scanner_.expect('"', "strings");
        note_start();
        const std::string_view raw = read_one();
        if (raw.data() != nullptr) seen(strings_.size() - 1, raw);
      } while (scanner_.accept(','));
      scanner_.expect(']', "strings");
    }
    close();
    return std::move(strings_);
  }

 private:
  void open();
  void note_start();
  std::string_view read_one();
  void close();
  std::uint64_t position() const;

  Scanner& scanner_;
  const ByteStream& stream_;
  SnapshotStrings strings_;
  std::shared_ptr<Spill> spill_;
};

}  // namespace heaplab::inspector
